"""Waves are named by their rank, no more by their day; a campaign knows since when its office has its own."""

from django.db import migrations, models

# Each dated name gets the rank of its day among those of the same year, office, kind and way.
_RANKED = r"""
WITH dated AS (
  SELECT DISTINCT year, wave, COALESCE(substring(wave FROM '^([^:]+:)(?:late|remaining):'), '') AS office,
    substring(wave FROM '(late|remaining):[0-9-]{10}') AS kind, substring(wave FROM '[0-9]{4}-[0-9]{2}-[0-9]{2}') AS day,
    COALESCE(substring(wave FROM ':post$'), '') AS way
  FROM TABLE_NAME WHERE wave ~ '(late|remaining):[0-9]{4}-[0-9]{2}-[0-9]{2}'),
ranked AS (
  SELECT dated.*, dense_rank() OVER (PARTITION BY year, office, kind, way ORDER BY day)
    + CASE kind WHEN 'remaining' THEN 1 ELSE 0 END AS rank FROM dated)
UPDATE TABLE_NAME t SET wave = r.office || r.kind || CASE WHEN r.rank > 1 THEN ':' || r.rank ELSE '' END || r.way
FROM ranked r WHERE t.year = r.year AND t.wave = r.wave
"""
_TABLES = ("declarations_campaignreminder", "declarations_campaignwave")


class Migration(migrations.Migration):
    dependencies = [("declarations", "0027_counted_by_office_and_day")]

    operations = [
        migrations.AddField(model_name="rentcampaign", name="own_since", field=models.DateTimeField(null=True)),
        *(migrations.RunSQL(_RANKED.replace("TABLE_NAME", table), migrations.RunSQL.noop) for table in _TABLES),
    ]
