"""An alert stays with those who control where it rang, whatever becomes of the posts of its agent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

_BY_NOW = """
UPDATE agents_alert a SET offices = ARRAY(
  SELECT DISTINCT p.office_code FROM agents_post p WHERE p.agent_id = a.agent_id ORDER BY 1)
"""


class Migration(migrations.Migration):
    dependencies = [("agents", "0004_alerts")]

    operations = [
        migrations.AddField(
            "alert",
            "offices",
            ArrayField(models.CharField(blank=True, max_length=3), db_default=[], default=list, size=None),
        ),
        migrations.RunSQL(_BY_NOW, migrations.RunSQL.noop),
    ]
