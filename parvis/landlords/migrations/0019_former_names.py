from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

# What was written before an office was renamed keeps the name it had: whoever writes the row, the former one stays known.
RULE = """
CREATE FUNCTION landlords_keep_office_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.former_names := OLD.former_names;
  IF NEW.name <> OLD.name THEN
    NEW.former_names := array_append(array_remove(array_remove(OLD.former_names, NEW.name), OLD.name), OLD.name);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER landlords_office_renamed BEFORE UPDATE ON landlords_office FOR EACH ROW
  EXECUTE FUNCTION landlords_keep_office_name();
"""
NO_RULE = """
DROP TRIGGER landlords_office_renamed ON landlords_office;
DROP FUNCTION landlords_keep_office_name();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("landlords", "0018_who_declares")]
    operations: ClassVar = [
        migrations.AddField(
            "office",
            "former_names",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=80), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.RunSQL(RULE, NO_RULE),
    ]
