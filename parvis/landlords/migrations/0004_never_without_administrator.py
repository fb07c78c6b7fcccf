from django.db import migrations

# A landlord that is an organisation and has had an administrator keeps an active one (product.md §2.8), whatever the order
# of what happens: asked at the end of each transaction, one organisation at a time, so that of two who remove each other
# the second finds nobody left and is refused.
RULE = """
CREATE FUNCTION landlords_check_administrator(partner uuid) RETURNS void LANGUAGE plpgsql AS $$
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
CREATE FUNCTION landlords_check_habilitation_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM landlords_check_administrator(a.partner_id) FROM identity_account a WHERE a.id = OLD.account_id;
  RETURN NULL;
END $$;
CREATE FUNCTION landlords_check_account_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM landlords_habilitation h
             WHERE h.account_id = OLD.id AND h.right = 'administer' AND h.ended_at IS NULL) THEN
    PERFORM landlords_check_administrator(OLD.partner_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER landlords_administrator_stays AFTER UPDATE OF ended_at, "right", account_id
  ON landlords_habilitation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.right = 'administer' AND OLD.ended_at IS NULL) EXECUTE FUNCTION landlords_check_habilitation_ended();
CREATE CONSTRAINT TRIGGER landlords_administrator_kept AFTER DELETE
  ON landlords_habilitation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.right = 'administer' AND OLD.ended_at IS NULL) EXECUTE FUNCTION landlords_check_habilitation_ended();
CREATE CONSTRAINT TRIGGER landlords_administrator_active AFTER UPDATE OF state
  ON identity_account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION landlords_check_account_closed();
"""
NO_RULE = """
DROP TRIGGER landlords_administrator_active ON identity_account;
DROP TRIGGER landlords_administrator_kept ON landlords_habilitation;
DROP TRIGGER landlords_administrator_stays ON landlords_habilitation;
DROP FUNCTION landlords_check_account_closed();
DROP FUNCTION landlords_check_habilitation_ended();
DROP FUNCTION landlords_check_administrator(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("landlords", "0003_files_by_default"), ("identity", "0006_portal")]
    operations = [migrations.RunSQL(RULE, NO_RULE)]
