from django.db import migrations

LET_GO = """
CREATE FUNCTION declarations_let_paper_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE changes_awaitedpaper SET state = 'closed' WHERE subject = NEW.reference AND state = 'awaited';
  RETURN NULL;
END $$;
CREATE TRIGGER declarations_decided_awaits_no_paper AFTER UPDATE OF state ON declarations_declaration
  FOR EACH ROW WHEN (OLD.state = 'manual' AND NEW.state <> 'manual') EXECUTE FUNCTION declarations_let_paper_go();
"""
KEEP = """
DROP TRIGGER declarations_decided_awaits_no_paper ON declarations_declaration;
DROP FUNCTION declarations_let_paper_go();
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0021_what_follows_a_debt"), ("changes", "0005_awaited_papers")]
    operations = [migrations.RunSQL(LET_GO, KEEP)]
