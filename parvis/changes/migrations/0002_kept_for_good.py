from django.db import migrations

# A change is asked once and never rewritten: its state moves on, its account may be wiped, nothing else changes. Steps stay.
RULES = """
CREATE SEQUENCE changes_number;
CREATE FUNCTION changes_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is kept as it is', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'change_is_kept';
END $$;
CREATE TRIGGER changes_request_is_kept BEFORE UPDATE ON changes_changerequest
  FOR EACH ROW WHEN (
    (OLD.opaque, OLD.number, OLD.kind, OLD.landlord_id, OLD.account_id, OLD.office_id, OLD.third_party_number_id,
     OLD.tenancy_id, OLD.person, OLD.details, OLD.former, OLD.iban_index, OLD.iban_last4, OLD.flags, OLD.asked_at)
    IS DISTINCT FROM
    (NEW.opaque, NEW.number, NEW.kind, NEW.landlord_id, NEW.account_id, NEW.office_id, NEW.third_party_number_id,
     NEW.tenancy_id, NEW.person, NEW.details, NEW.former, NEW.iban_index, NEW.iban_last4, NEW.flags, NEW.asked_at))
  EXECUTE FUNCTION changes_refuse_change();
CREATE TRIGGER changes_request_is_not_deleted BEFORE DELETE ON changes_changerequest
  FOR EACH ROW EXECUTE FUNCTION changes_refuse_change();
CREATE TRIGGER changes_step_is_kept BEFORE UPDATE OR DELETE ON changes_changestep
  FOR EACH ROW EXECUTE FUNCTION changes_refuse_change();
"""
NO_RULES = """
DROP TRIGGER changes_step_is_kept ON changes_changestep;
DROP TRIGGER changes_request_is_not_deleted ON changes_changerequest;
DROP TRIGGER changes_request_is_kept ON changes_changerequest;
DROP FUNCTION changes_refuse_change();
DROP SEQUENCE changes_number;
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial")]
    operations = [migrations.RunSQL(RULES, NO_RULES)]
