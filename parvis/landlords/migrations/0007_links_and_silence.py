from django.db import migrations, models

# Nothing ever excused an organisation from having an administrator, and nothing shall: a lost one is replaced (services/role).
# The rule of 0004 without the exception.
RULE = """
CREATE OR REPLACE FUNCTION landlords_check_administrator(partner uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  corporate boolean;
BEGIN
  SELECT p.nature = 'corporate' INTO corporate
    FROM landlords_landlord l JOIN identity_partner p ON p.id = l.partner_id WHERE l.partner_id = partner FOR UPDATE OF l;
  IF NOT COALESCE(corporate, false) THEN
    RETURN;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM identity_account a JOIN landlords_habilitation h ON h.account_id = a.id
     WHERE a.partner_id = partner AND a.state = 'active' AND h.right = 'administer' AND h.ended_at IS NULL) THEN
    RAISE EXCEPTION 'landlord % would have no administrator', partner
      USING ERRCODE = 'check_violation', CONSTRAINT = 'landlord_keeps_an_administrator';
  END IF;
END $$;
"""
FORMER_RULE = """
CREATE OR REPLACE FUNCTION landlords_check_administrator(partner uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  excused timestamptz; corporate boolean;
BEGIN
  SELECT l.without_administrator_since, p.nature = 'corporate' INTO excused, corporate
    FROM landlords_landlord l JOIN identity_partner p ON p.id = l.partner_id WHERE l.partner_id = partner FOR UPDATE OF l;
  IF NOT COALESCE(corporate, false) OR excused IS NOT NULL THEN
    RETURN;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM identity_account a JOIN landlords_habilitation h ON h.account_id = a.id
     WHERE a.partner_id = partner AND a.state = 'active' AND h.right = 'administer' AND h.ended_at IS NULL) THEN
    RAISE EXCEPTION 'landlord % would have no administrator', partner
      USING ERRCODE = 'check_violation', CONSTRAINT = 'landlord_keeps_an_administrator';
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("landlords", "0006_offers_end_with_access")]
    operations = [
        migrations.RunSQL(RULE, FORMER_RULE),
        migrations.RemoveField("landlord", "without_administrator_since"),
        migrations.AddField("landlord", "silence_told_at", models.DateTimeField(null=True)),
        migrations.AddField("invitation", "link_hash", models.BinaryField(max_length=32, null=True, unique=True)),
    ]
