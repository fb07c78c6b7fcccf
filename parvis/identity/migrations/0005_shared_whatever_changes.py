from django.db import migrations

# The rule of 0002 looked at accounts only: a mailbox that is taken away, a partner that becomes another person or of
# another nature break it just as well. One definition, asked from the three tables.
RULE = """
CREATE OR REPLACE FUNCTION identity_check_credential(credential bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  accounts integer; corporate integer; persons integer; unknown integer; proved boolean;
BEGIN
  PERFORM 1 FROM identity_credential WHERE id = credential FOR UPDATE;
  SELECT count(*), count(*) FILTER (WHERE p.nature = 'corporate'),
         count(DISTINCT p.person_index) FILTER (WHERE p.nature = 'individual'),
         count(*) FILTER (WHERE p.nature = 'individual' AND p.person_index IS NULL)
    INTO accounts, corporate, persons, unknown
    FROM identity_account a JOIN identity_partner p ON p.id = a.partner_id
   WHERE a.credential_id = credential;
  IF accounts > 1 THEN
    SELECT email IS NOT NULL INTO proved FROM identity_credential WHERE id = credential;
    IF NOT proved THEN
      RAISE EXCEPTION 'credential % is shared without a proved mailbox', credential
        USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_shared_is_proved';
    END IF;
    IF corporate <> accounts AND (corporate > 0 OR persons <> 1 OR unknown > 0) THEN
      RAISE EXCEPTION 'credential % mixes persons or natures', credential
        USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_one_nature_one_person';
    END IF;
  END IF;
END $$;
CREATE FUNCTION identity_check_changed_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM identity_check_credential(NEW.id);
  RETURN NULL;
END $$;
CREATE FUNCTION identity_check_changed_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM identity_check_credential(own.credential_id) FROM (
    SELECT DISTINCT a.credential_id FROM identity_account a WHERE a.partner_id = NEW.id ORDER BY a.credential_id) own;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION identity_check_shared_credential() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM identity_check_credential(NEW.credential_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER identity_shared_credential_email AFTER UPDATE OF email ON identity_credential
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email)
  EXECUTE FUNCTION identity_check_changed_credential();
CREATE CONSTRAINT TRIGGER identity_shared_credential_partner AFTER UPDATE OF nature, person_index ON identity_partner
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.nature IS DISTINCT FROM NEW.nature OR OLD.person_index IS DISTINCT FROM NEW.person_index)
  EXECUTE FUNCTION identity_check_changed_partner();
"""
# The one definition stays: the trigger of 0002 asks it from now on.
NO_RULE = """
DROP TRIGGER identity_shared_credential_partner ON identity_partner;
DROP TRIGGER identity_shared_credential_email ON identity_credential;
DROP FUNCTION identity_check_changed_partner();
DROP FUNCTION identity_check_changed_credential();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_first_texts")]
    operations = [migrations.RunSQL(RULE, NO_RULE)]
