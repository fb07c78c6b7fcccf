from django.db import migrations

# The role offered to a colleague is an offer of somebody who may enter and administers, to somebody who may enter. Whatever
# takes this from one of them (an access closed, « Ce n’est pas moi », a right withdrawn) ends the offer for good: a thief who
# offered the role to an accomplice loses it with the session, and opening the access again does not bring the offer back.
RULE = """
CREATE FUNCTION landlords_end_offers_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE landlords_handover SET closed_at = COALESCE(NEW.disabled_at, now())
   WHERE closed_at IS NULL AND (giver_id = NEW.id OR taker_id = NEW.id);
  RETURN NULL;
END $$;
CREATE FUNCTION landlords_end_offers_of_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE landlords_handover o SET closed_at = NEW.frozen_at FROM identity_account a
   WHERE a.credential_id = NEW.id AND o.closed_at IS NULL AND (o.giver_id = a.id OR o.taker_id = a.id);
  RETURN NULL;
END $$;
CREATE FUNCTION landlords_end_offers_of_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE landlords_handover SET closed_at = NEW.ended_at WHERE closed_at IS NULL AND giver_id = NEW.account_id;
  RETURN NULL;
END $$;
CREATE TRIGGER landlords_offers_end_with_account AFTER UPDATE OF state ON identity_account FOR EACH ROW
  WHEN (OLD.state = 'active' AND NEW.state <> 'active') EXECUTE FUNCTION landlords_end_offers_of_account();
CREATE TRIGGER landlords_offers_end_with_credential AFTER UPDATE OF frozen_at ON identity_credential FOR EACH ROW
  WHEN (OLD.frozen_at IS NULL AND NEW.frozen_at IS NOT NULL) EXECUTE FUNCTION landlords_end_offers_of_credential();
CREATE TRIGGER landlords_offers_end_with_right AFTER UPDATE OF ended_at ON landlords_habilitation FOR EACH ROW
  WHEN (OLD.right = 'administer' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION landlords_end_offers_of_right();
"""
NO_RULE = """
DROP TRIGGER landlords_offers_end_with_right ON landlords_habilitation;
DROP TRIGGER landlords_offers_end_with_credential ON identity_credential;
DROP TRIGGER landlords_offers_end_with_account ON identity_account;
DROP FUNCTION landlords_end_offers_of_right();
DROP FUNCTION landlords_end_offers_of_credential();
DROP FUNCTION landlords_end_offers_of_account();
"""


class Migration(migrations.Migration):
    dependencies = [("landlords", "0005_sort_name"), ("identity", "0006_portal")]
    operations = [migrations.RunSQL(RULE, NO_RULE)]
