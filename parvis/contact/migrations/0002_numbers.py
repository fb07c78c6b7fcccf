from django.db import migrations

# What was written stays as it was written: a thread moves on, its messages never change.
RULES = """
CREATE SEQUENCE contact_number;
CREATE FUNCTION contact_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is kept as it is', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'message_is_kept';
END $$;
CREATE TRIGGER contact_message_is_kept BEFORE UPDATE ON contact_conversationmessage
  FOR EACH ROW WHEN (
    (OLD.opaque, OLD.conversation_id, OLD.side, OLD.person, OLD.by, OLD.at, OLD.submission_key)
    IS DISTINCT FROM
    (NEW.opaque, NEW.conversation_id, NEW.side, NEW.person, NEW.by, NEW.at, NEW.submission_key))
  EXECUTE FUNCTION contact_refuse_change();
"""
NO_RULES = """
DROP TRIGGER contact_message_is_kept ON contact_conversationmessage;
DROP FUNCTION contact_refuse_change();
DROP SEQUENCE contact_number;
"""


class Migration(migrations.Migration):
    dependencies = [("contact", "0001_initial")]
    operations = [migrations.RunSQL(RULES, NO_RULES)]
