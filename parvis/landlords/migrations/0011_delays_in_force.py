"""The measure that counts for each topic of an office, for those who ask by SQL: the order of ``selectors/offices.py``."""

from __future__ import annotations

from django.db import migrations

VIEW = """
CREATE VIEW landlords_delay AS
SELECT DISTINCT ON (office_id, topic) office_id, topic, min_weeks, max_weeks, measured_on
FROM landlords_processingtime ORDER BY office_id, topic, measured_on DESC, changed_at DESC NULLS LAST, id DESC
"""


class Migration(migrations.Migration):
    """A view: nothing is kept twice."""

    dependencies = [("landlords", "0010_measures")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW landlords_delay")]
