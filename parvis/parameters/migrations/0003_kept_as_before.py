"""How long traces are kept went from 1 096 days to 365: an instance with older ones keeps its duration until an agent shortens it."""

from django.db import migrations

KEEP = """
WITH kept AS (
  INSERT INTO parameters_parametervalue (name, value, changed_at, changed_by, reason)
  SELECT n.name, 1096, now(), 'mise à jour', 'Durée d’avant la mise à jour. À ramener à 365\u00a0jours, sauf décision écrite du délégué.'
  FROM (VALUES ('keep_journal'), ('keep_looks')) n (name)
  WHERE EXISTS (SELECT 1 FROM audit_entry WHERE at < now() - interval '365 days')
    AND NOT EXISTS (SELECT 1 FROM parameters_parametervalue p WHERE p.name = n.name)
  RETURNING name, value, changed_at, changed_by, reason)
INSERT INTO audit_entry (at, event, actor_kind, actor_label, subject, details)
SELECT changed_at, 'parameters.changed', 'system', changed_by, name,
  jsonb_build_object('before', 365, 'after', value, 'reason', reason) FROM kept
"""


class Migration(migrations.Migration):
    """Nothing for an instance that set a value, or has no trace as old."""

    dependencies = [("parameters", "0002_texts_and_banners"), ("audit", "0003_by_day_and_agent")]
    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]
