from __future__ import annotations

from django.db import migrations

# Each draft goes to the line of the campaign it stands in. One without a line, or whose line is out or another landlord's, was shown
# nowhere and could not be sent: it goes too.
MOVE = """
WITH gone AS (DELETE FROM declarations_declaration WHERE kind = 'july_rent' AND state = 'draft' RETURNING *)
UPDATE declarations_campaignentry e SET draft_typed = d.typed, draft_cents = (d.details ->> 'rent_cents')::int,
  draft_furnished = (d.details ->> 'furnished')::boolean, draft_lease_holders = (d.details ->> 'lease_holders')::smallint,
  draft_warnings = d.warnings, draft_confirmed = d.confirmed, draft_reason = d.confirmed_reason, draft_channel = d.channel,
  draft_account_id = d.account_id, draft_saved_at = d.saved_at
FROM gone d WHERE e.year = d.year AND e.tenancy_id = d.tenancy_id AND e.landlord_id = d.landlord_id
  AND e.state IN ('to_declare', 'drafted', 'to_confirm', 'to_correct', 'rejected')
"""
# A process of the former release that ran on after the move left drafts there: of two of one rent the newer stays, so that back and
# forth again takes these too (docs/operations.md).
BACK = """
INSERT INTO declarations_declaration (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed,
  confirmed_reason, channel, rule, saved_at, reason_code, state)
SELECT 'july_rent', e.tenancy_id, e.landlord_id, e.draft_account_id, e.year,
  CASE WHEN e.draft_cents IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('year', e.year, 'rent_cents', e.draft_cents,
    'charges_cents', NULL, 'furnished', COALESCE(e.draft_furnished, t.furnished),
    'lease_holders', COALESCE(e.draft_lease_holders, t.lease_holders),
    'amount_is', CASE WHEN COALESCE(e.draft_lease_holders, t.lease_holders) > 1 THEN 'share' ELSE 'whole' END) END,
  e.draft_typed, e.draft_warnings, e.draft_confirmed, e.draft_reason, e.draft_channel, '', e.draft_saved_at, '', 'draft'
FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id WHERE e.draft_saved_at IS NOT NULL
  AND e.state IN ('to_declare', 'drafted', 'to_confirm', 'to_correct', 'rejected')
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))
DO UPDATE SET landlord_id = EXCLUDED.landlord_id, account_id = EXCLUDED.account_id, details = EXCLUDED.details,
  typed = EXCLUDED.typed, warnings = EXCLUDED.warnings, confirmed = EXCLUDED.confirmed,
  confirmed_reason = EXCLUDED.confirmed_reason, channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.saved_at < EXCLUDED.saved_at
"""
EMPTY = """
UPDATE declarations_campaignentry SET draft_typed = NULL, draft_cents = NULL, draft_furnished = NULL, draft_lease_holders = NULL,
  draft_warnings = NULL, draft_confirmed = NULL, draft_reason = NULL, draft_channel = NULL, draft_account_id = NULL,
  draft_saved_at = NULL
WHERE draft_saved_at IS NOT NULL
"""


class Migration(migrations.Migration):
    """What is typed and not sent moves into the campaign (decision 0021)."""

    dependencies = [("declarations", "0029_drafts_of_entries")]
    operations = [migrations.RunSQL(MOVE, [BACK, EMPTY])]
