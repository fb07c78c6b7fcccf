from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from parvis.tenancies.models import RandomReference

PROTECT = django.db.models.deletion.PROTECT
_RAISE = "USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'declarations_belong_somewhere'"
# As 0013 for tenancy, landlord and account: that the receipt and the declaration corrected exist too is checked once a statement.
# A foreign key is looked at for each row even where it is empty, as it is in each of a file's hundred thousand drafts.
_PLACES = """
CREATE OR REPLACE FUNCTION declarations_belong_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM tenancies_tenancy t WHERE t.id = a.tenancy_id))
    OR EXISTS (SELECT FROM (SELECT DISTINCT landlord_id, account_id, receipt_id FROM added) a
               WHERE NOT EXISTS (SELECT FROM landlords_landlord l WHERE l.partner_id = a.landlord_id)
                 OR NOT EXISTS (SELECT FROM identity_account i WHERE i.id = a.account_id)
                 OR a.receipt_id IS NOT NULL AND NOT EXISTS (SELECT FROM declarations_receipt r WHERE r.id = a.receipt_id))
    OR EXISTS (SELECT FROM added a WHERE a.corrects_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM declarations_declaration d WHERE d.id = a.corrects_id))
"""
_END = f"""
  THEN
    RAISE EXCEPTION 'a declaration of nobody, or about nothing' {_RAISE};
  END IF;
  RETURN NULL;
END $$;
"""
# What changes afterwards is looked at row by row, and only where it did.
_MOVED = f"""
CREATE FUNCTION declarations_moved_somewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.receipt_id IS NOT NULL AND NOT EXISTS (SELECT FROM declarations_receipt r WHERE r.id = NEW.receipt_id)
    OR NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT FROM declarations_declaration d WHERE d.id = NEW.corrects_id)
  THEN
    RAISE EXCEPTION 'a declaration of nobody, or about nothing' {_RAISE};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER declarations_moved_somewhere AFTER UPDATE OF receipt_id, corrects_id ON declarations_declaration FOR EACH ROW
  WHEN (NEW.receipt_id IS DISTINCT FROM OLD.receipt_id OR NEW.corrects_id IS DISTINCT FROM OLD.corrects_id)
  EXECUTE FUNCTION declarations_moved_somewhere();
"""
_ENTRIES = f"""
CREATE FUNCTION declarations_entries_belong() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM tenancies_tenancy t WHERE t.id = a.tenancy_id))
    OR EXISTS (SELECT FROM (SELECT DISTINCT landlord_id FROM added) a
               WHERE NOT EXISTS (SELECT FROM landlords_landlord l WHERE l.partner_id = a.landlord_id))
  THEN
    RAISE EXCEPTION 'an entry of nobody, or about nothing' {_RAISE};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER declarations_entries_belong AFTER INSERT ON declarations_campaignentry
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION declarations_entries_belong();
CREATE FUNCTION declarations_entry_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM tenancies_tenancy t WHERE t.id = NEW.tenancy_id)
    OR NOT EXISTS (SELECT FROM landlords_landlord l WHERE l.partner_id = NEW.landlord_id)
  THEN
    RAISE EXCEPTION 'an entry of nobody, or about nothing' {_RAISE};
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER declarations_entry_moved AFTER UPDATE OF tenancy_id, landlord_id ON declarations_campaignentry FOR EACH ROW
  WHEN (NEW.tenancy_id IS DISTINCT FROM OLD.tenancy_id OR NEW.landlord_id IS DISTINCT FROM OLD.landlord_id)
  EXECUTE FUNCTION declarations_entry_moved();
"""
# The other half, as 0014: what they are about cannot be taken away under them.
_KEEP = """
CREATE FUNCTION declarations_keep_what_they_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  dangling boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM removed r JOIN %I d ON d.%I = r.%I)', TG_ARGV[0], TG_ARGV[1], TG_ARGV[2])
    INTO dangling;
  IF dangling THEN
    RAISE EXCEPTION 'a declaration stands there'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'declarations_keep_their_place';
  END IF;
  RETURN NULL;
END $$;
"""
_KEPT = (
    ("declarations_receipt", "declarations_declaration", "receipt_id", "id"),
    ("declarations_declaration", "declarations_declaration", "corrects_id", "id"),
    ("tenancies_tenancy", "declarations_campaignentry", "tenancy_id", "id"),
    ("landlords_landlord", "declarations_campaignentry", "landlord_id", "partner_id"),
)
_KEEPERS = "".join(
    f"CREATE TRIGGER {table}_kept_by_{column} AFTER DELETE ON {kept} REFERENCING OLD TABLE AS removed FOR EACH STATEMENT"
    f" EXECUTE FUNCTION declarations_keep_what_they_name('{table}', '{column}', '{key}');\n"
    for kept, table, column, key in _KEPT
)
_OLD_PLACES = _PLACES.partition("                 OR a.receipt_id")[0].replace(", receipt_id", "") + ")"
_BACK = (
    "".join(f"DROP TRIGGER {table}_kept_by_{column} ON {kept};\n" for kept, table, column, _ in _KEPT)
    + "DROP FUNCTION declarations_keep_what_they_name();\n"
    "DROP TRIGGER declarations_entry_moved ON declarations_campaignentry;\n"
    "DROP TRIGGER declarations_entries_belong ON declarations_campaignentry;\n"
    "DROP TRIGGER declarations_moved_somewhere ON declarations_declaration;\n"
    "DROP FUNCTION declarations_entry_moved(); DROP FUNCTION declarations_entries_belong();\n"
    "DROP FUNCTION declarations_moved_somewhere();\n" + _OLD_PLACES + _END
)


def _key(to: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(to, PROTECT, db_constraint=False, db_index=False, **options)


class Migration(migrations.Migration):
    """A draft is written with fewer checks and in fewer indexes: what nothing reads is not kept for it."""

    dependencies = [("declarations", "0022_decided_awaits_no_paper")]
    operations = [
        migrations.AlterField("declaration", "corrects", _key("declarations.declaration", null=True, related_name="corrections")),
        migrations.AlterField("declaration", "receipt", _key("declarations.receipt", null=True, related_name="declarations")),
        migrations.AlterField("campaignentry", "tenancy", _key("tenancies.tenancy", related_name="campaign_entries")),
        migrations.AlterField("campaignentry", "landlord", _key("landlords.landlord")),
        migrations.AlterField("declaration", "opaque", models.UUIDField(db_default=RandomReference())),
        migrations.AddConstraint(
            "declaration",
            models.UniqueConstraint(
                fields=["opaque"], name="declaration_opaque_once", condition=Q(submitted_at__isnull=False)
            ),
        ),
        migrations.RunSQL(_PLACES + _END + _MOVED + _ENTRIES + _KEEP + _KEEPERS, _BACK),
    ]
