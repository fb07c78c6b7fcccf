from __future__ import annotations

from django.db import migrations, models

# What was taken in before its day has been waiting for nothing: it takes effect with the next daily work.
_WAITING = """
UPDATE declarations_declaration SET effect_on = (details ->> 'on')::date
WHERE kind = 'end_of_management' AND state = 'integrated'
  AND (details ->> 'on')::date > (decided_at AT TIME ZONE 'Europe/Paris')::date
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0018_blocks_of_lines")]
    operations = [
        migrations.AddField(model_name="declaration", name="effect_on", field=models.DateField(null=True)),
        migrations.RunSQL(_WAITING, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="declaration",
            index=models.Index(
                condition=models.Q(effect_on__isnull=False),
                fields=["effect_on"],
                name="declaration_to_take_effect",
            ),
        ),
    ]
