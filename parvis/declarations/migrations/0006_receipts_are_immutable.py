from django.db import migrations

# What a receipt states, as one hash: at the sealing and at every reading, by this one definition.
CONTENT = """
CREATE FUNCTION declarations_receipt_content(receipt bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(
    jsonb_build_array(r.number, extract(epoch FROM r.at), r.landlord_id, r.office_id, r.account_id, r.person, r.count,
                      r.stated)::text
    || COALESCE((SELECT string_agg(E'\\n' || jsonb_build_array(d.reference, d.kind, d.tenancy_id, d.year, d.details,
                   d.confirmed, d.stated, extract(epoch FROM d.submitted_at))::text, '' ORDER BY d.reference COLLATE "C")
                 FROM declarations_declaration d WHERE d.receipt_id = r.id), ''), 'UTF8'))
  FROM declarations_receipt r WHERE r.id = receipt
$$;
"""
NO_CONTENT = "DROP FUNCTION declarations_receipt_content(bigint);"

# Receipts given before what they print was kept: sealed with what is known on the day of the migration.
SEAL_OLDER = """
UPDATE declarations_declaration d SET stated = jsonb_build_object('sort_name', t.sort_name, 'first_name', t.first_name,
  'last_name', t.last_name, 'claimant_number', t.claimant_number, 'last_july_cents', e.last_july_cents,
  'previous_cents', (b.details ->> 'rent_cents')::int)
FROM declarations_declaration own
JOIN tenancies_tenancy t ON t.id = own.tenancy_id
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = own.tenancy_id AND e.year = own.year
LEFT JOIN declarations_declaration b ON b.receipt_id = own.receipt_id AND b.tenancy_id = own.tenancy_id
  AND b.kind = 'previous_july_rent' AND own.kind = 'july_rent'
WHERE own.receipt_id IS NOT NULL AND d.id = own.id;
UPDATE declarations_receipt r SET stated = jsonb_build_object('login_id', a.login_id,
  'landlord', COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
  'user_number', COALESCE((SELECT n.user_number FROM landlords_thirdpartynumber n
    WHERE n.landlord_id = r.landlord_id AND n.office_id = r.office_id ORDER BY n.absent_since NULLS FIRST, n.id LIMIT 1
  ), a.user_number),
  'office', o.name, 'office_phone', o.phone, 'office_email', COALESCE(NULLIF(o.landlord_email, ''), o.email),
  'office_address', to_jsonb(array_remove(
    ARRAY[o.address_1, o.address_2, btrim(o.postcode || ' ' || o.city)]::text[], '')))
FROM landlords_landlord l, landlords_office o, identity_account a
WHERE l.partner_id = r.landlord_id AND o.caf_code = r.office_id AND a.id = r.account_id;
UPDATE declarations_receipt SET content_hash = declarations_receipt_content(id);
"""

RULES = """
CREATE FUNCTION declarations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is sealed', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_is_immutable';
END $$;
CREATE TRIGGER declarations_sent_is_kept
  BEFORE UPDATE OF details, stated, reference, submitted_at, receipt_id, kind, tenancy_id ON declarations_declaration
  FOR EACH ROW WHEN (OLD.reference IS NOT NULL AND (
    OLD.details IS DISTINCT FROM NEW.details OR (OLD.stated IS NOT NULL AND OLD.stated IS DISTINCT FROM NEW.stated)
    OR OLD.reference IS DISTINCT FROM NEW.reference OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at
    OR OLD.receipt_id IS DISTINCT FROM NEW.receipt_id OR OLD.kind IS DISTINCT FROM NEW.kind
    OR OLD.tenancy_id IS DISTINCT FROM NEW.tenancy_id))
  EXECUTE FUNCTION declarations_refuse_change();
CREATE TRIGGER declarations_sent_is_not_deleted BEFORE DELETE ON declarations_declaration
  FOR EACH ROW WHEN (OLD.reference IS NOT NULL) EXECUTE FUNCTION declarations_refuse_change();
CREATE TRIGGER declarations_receipt_is_kept BEFORE UPDATE OR DELETE ON declarations_receipt
  FOR EACH ROW WHEN (OLD.content_hash <> ''::bytea) EXECUTE FUNCTION declarations_refuse_change();
"""
NO_RULES = """
DROP TRIGGER declarations_receipt_is_kept ON declarations_receipt;
DROP TRIGGER declarations_sent_is_not_deleted ON declarations_declaration;
DROP TRIGGER declarations_sent_is_kept ON declarations_declaration;
DROP FUNCTION declarations_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0005_stated_as_printed")]
    operations = [
        migrations.RunSQL(CONTENT, NO_CONTENT),
        migrations.RunSQL(SEAL_OLDER, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, NO_RULES),
    ]
