from django.db import migrations

# True at every moment, whatever the order and the concurrency of events (product.md §2.4): a credential that serves
# several accounts has a proved mailbox, and serves corporate accounts only, or accounts of one known person only.
RULE = """
CREATE FUNCTION identity_check_shared_credential() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  accounts integer; corporate integer; persons integer; unknown integer; proved boolean;
BEGIN
  PERFORM 1 FROM identity_credential WHERE id = NEW.credential_id FOR UPDATE;
  SELECT count(*), count(*) FILTER (WHERE p.nature = 'corporate'),
         count(DISTINCT p.person_index) FILTER (WHERE p.nature = 'individual'),
         count(*) FILTER (WHERE p.nature = 'individual' AND p.person_index IS NULL)
    INTO accounts, corporate, persons, unknown
    FROM identity_account a JOIN identity_partner p ON p.id = a.partner_id
   WHERE a.credential_id = NEW.credential_id;
  IF accounts > 1 THEN
    SELECT email IS NOT NULL INTO proved FROM identity_credential WHERE id = NEW.credential_id;
    IF NOT proved THEN
      RAISE EXCEPTION 'credential % is shared without a proved mailbox', NEW.credential_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_shared_is_proved';
    END IF;
    IF corporate <> accounts AND (corporate > 0 OR persons <> 1 OR unknown > 0) THEN
      RAISE EXCEPTION 'credential % mixes persons or natures', NEW.credential_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_one_nature_one_person';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER identity_shared_credential
  AFTER INSERT OR UPDATE OF credential_id, partner_id ON identity_account
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION identity_check_shared_credential();
"""
NO_RULE = """
DROP TRIGGER identity_shared_credential ON identity_account;
DROP FUNCTION identity_check_shared_credential();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [migrations.RunSQL(RULE, NO_RULE)]
