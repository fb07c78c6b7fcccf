from django.db import migrations

# Erasing what is past its retention names the day it erases up to; anything else is refused as before, and the chain betrays
# whoever would name another day.
ALLOW_PURGE = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' AND current_setting('parvis.purges_before', true) <> '' THEN
    IF OLD.at < current_setting('parvis.purges_before')::timestamptz THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'The journal is append-only: % refused', TG_OP;
END $$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The journal is append-only: % refused', TG_OP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_chain")]
    operations = [migrations.RunSQL(ALLOW_PURGE, AS_BEFORE)]
