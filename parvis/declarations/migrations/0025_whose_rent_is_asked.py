from django.db import migrations

# Rents typed before it was asked whose rent it is, where several hold the lease: they would leave without an answer. Those that would
# be asked today, by the rule of this day (about what is known, of which nobody said which), wait to be confirmed, as any other.
ASK = """
WITH asked AS (
  SELECT d.id, e.tenancy_id, e.year, e.landlord_id, t.caf_code
  FROM declarations_campaignentry e
  JOIN tenancies_tenancy t ON t.id = e.tenancy_id
  JOIN declarations_declaration d ON d.tenancy_id = e.tenancy_id AND d.kind = 'july_rent' AND d.year = e.year
    AND d.landlord_id = e.landlord_id AND d.state = 'draft'
  CROSS JOIN LATERAL (SELECT (d.details ->> 'rent_cents')::bigint AS cents, t.lease_holders::bigint AS holders) c
  CROSS JOIN LATERAL (
    SELECT count(*) AS many, bool_or(100 * abs(k - c.cents * c.holders) <= 10 * c.cents * c.holders) AS is_of_all,
      bool_or(100 * abs(c.cents - k) <= 10 * k) AS is_about
    FROM unnest(ARRAY[e.last_july_cents, t.rent_cents]::bigint[]) k WHERE k > 0) known
  WHERE e.state = 'drafted' AND c.holders > 1 AND c.cents > 0 AND NOT (d.details ? 'amount_is')
    AND NOT (d.confirmed ?| ARRAY['share_or_whole', 'whole_rent'])
    AND (known.many = 0 OR known.is_about AND NOT known.is_of_all)
    AND NOT EXISTS (SELECT FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent'
      AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) AND x.submitted_at IS NOT NULL AND x.details ? 'amount_is')
), drafts AS (
  UPDATE declarations_declaration d SET warnings = d.warnings || '["share_or_whole"]'::jsonb FROM asked WHERE d.id = asked.id
), entries AS (
  UPDATE declarations_campaignentry e SET state = 'to_confirm' FROM asked
  WHERE e.tenancy_id = asked.tenancy_id AND e.year = asked.year
), offices AS (
  UPDATE declarations_campaignofficecount c SET drafted = c.drafted - n.many, to_confirm = c.to_confirm + n.many
  FROM (SELECT landlord_id, year, caf_code, count(*) AS many FROM asked GROUP BY 1, 2, 3) n
  WHERE c.landlord_id = n.landlord_id AND c.year = n.year AND c.caf_code = n.caf_code
)
UPDATE declarations_campaigncount c SET drafted = c.drafted - n.many, to_confirm = c.to_confirm + n.many
FROM (SELECT landlord_id, year, count(*) AS many FROM asked GROUP BY 1, 2) n
WHERE c.landlord_id = n.landlord_id AND c.year = n.year
"""


class Migration(migrations.Migration):
    dependencies = [("declarations", "0024_campaign_running")]
    operations = [migrations.RunSQL(ASK, migrations.RunSQL.noop)]
