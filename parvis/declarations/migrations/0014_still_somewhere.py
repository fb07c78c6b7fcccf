from django.db import migrations, models
from django.db.models import Q

# The other half of « a declaration belongs somewhere »: what it is about cannot be taken away under it, by any statement.
KEEP = """
CREATE FUNCTION declarations_keep_their_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  dangling boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM removed r JOIN declarations_declaration d ON d.%I = r.%I)', TG_ARGV[0], TG_ARGV[1])
    INTO dangling;
  IF dangling THEN
    RAISE EXCEPTION 'a declaration stands there'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'declarations_keep_their_place';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER declarations_keep_their_place AFTER DELETE ON tenancies_tenancy
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION declarations_keep_their_place('tenancy_id', 'id');
CREATE TRIGGER declarations_keep_their_place AFTER DELETE ON landlords_landlord
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION declarations_keep_their_place('landlord_id', 'partner_id');
CREATE TRIGGER declarations_keep_their_place AFTER DELETE ON identity_account
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION declarations_keep_their_place('account_id', 'id');
"""
NO_KEEP = """
DROP TRIGGER declarations_keep_their_place ON tenancies_tenancy;
DROP TRIGGER declarations_keep_their_place ON landlords_landlord;
DROP TRIGGER declarations_keep_their_place ON identity_account;
DROP FUNCTION declarations_keep_their_place();
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0013_fewer_indexes")]
    operations = [
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RemoveIndex("declaration", "declaration_by_receipt"),
        migrations.AddIndex(
            "declaration",
            models.Index(condition=Q(receipt__isnull=False), fields=["receipt", "id"], name="declaration_in_receipt"),
        ),
    ]
