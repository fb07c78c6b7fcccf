"""The figures of the dashboard, counted by the worker: no page reads six million rents to show thirty numbers.

Rents sent are counted by day from the receipts: those of the days before the last count stay as they are. Where each office
stands is the sum of what the writes keep for each landlord.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from parvis.declarations.models import OPEN_STATES, CampaignFigure, RentCampaign
from parvis.declarations.rules import DELAY_LIMITS
from parvis.declarations.services.counts import COUNTED
from parvis.kit.clock import day_in_paris

COUNTED_EVERY = timedelta(minutes=10)
YEARS_SHOWN = 2
"""A campaign and the one it is compared with."""
_TURN = "campaign figures"

_SINCE = """
SELECT COALESCE((SELECT max(sent_on) - 1 FROM declarations_campaignday WHERE year = %(year)s),
  (SELECT min(opens_on) FROM declarations_rentcampaign WHERE year = %(year)s))
"""
_DAYS_ANEW = "DELETE FROM declarations_campaignday WHERE year = %(year)s AND sent_on >= %(since)s"
_CLASSES = ", ".join(f"count(*) FILTER (WHERE class = {number})" for number in range(len(DELAY_LIMITS) + 1))
_DAYS = f"""
INSERT INTO declarations_campaignday (year, caf_code, sent_on, way, sent, confirmed, corrected, delays)
SELECT %(year)s, office_id, sent_on, way, count(*) FILTER (WHERE corrects_id IS NULL), count(*) FILTER (WHERE is_confirmed),
       count(corrects_id), ARRAY[{_CLASSES}]
FROM (
  SELECT r.office_id, (r.at AT TIME ZONE 'Europe/Paris')::date AS sent_on, d.corrects_id, d.confirmed <> '[]' AS is_confirmed,
         CASE WHEN d.channel <> 'page' THEN d.channel WHEN d.printed IS NULL THEN 'grid' ELSE 'sheet' END AS way,
         width_bucket(extract(epoch FROM d.submitted_at - d.saved_at)::float8, ARRAY[{", ".join(map(str, DELAY_LIMITS))}]::float8[])
           AS class
  FROM declarations_receipt r JOIN declarations_declaration d ON d.receipt_id = r.id
  WHERE r.at >= %(since)s::timestamp AT TIME ZONE 'Europe/Paris' AND d.kind = 'july_rent' AND d.year = %(year)s
) s GROUP BY office_id, sent_on, way
"""
_LEFT = " + ".join(f"c.{state}" for state in OPEN_STATES)
_SUMS = ", ".join(f"sum(c.{state})" for state in COUNTED)
_FIGURES = f"""
INSERT INTO declarations_campaignfigure
  (year, caf_code, {", ".join(COUNTED)}, landlords, owing, owing_by_post, never_signed_in, counted_at)
SELECT c.year, c.caf_code, {_SUMS}, count(*), count(*) FILTER (WHERE {_LEFT} > 0),
       count(*) FILTER (WHERE {_LEFT} > 0 AND NOT COALESCE(p.has_mail, false)),
       count(*) FILTER (WHERE {_LEFT} > 0 AND NOT COALESCE(p.came, false)), %(at)s
FROM declarations_campaignofficecount c
LEFT JOIN (
  SELECT a.partner_id, bool_or(a.opened_at IS NOT NULL) AS came,
         bool_or(a.opened_at IS NOT NULL AND a.state = 'active' AND k.email IS NOT NULL
           AND k.email_refused_at IS NULL) AS has_mail
  FROM identity_account a JOIN identity_credential k ON k.id = a.credential_id GROUP BY a.partner_id
) p ON p.partner_id = c.landlord_id
WHERE c.year = %(year)s GROUP BY c.year, c.caf_code
"""


def count_due(*, at: datetime) -> int:
    """Count again the campaigns that are shown, unless it was done a little while ago; says how many were."""
    newest = CampaignFigure.objects.order_by("-counted_at").values_list("counted_at", flat=True).first()
    return 0 if newest is not None and newest > at - COUNTED_EVERY else count(at=at)


@transaction.atomic
def count(*, at: datetime) -> int:
    """Count them now; of two workers, one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [_TURN])
        if not cursor.fetchone()[0]:
            return 0
        opened = RentCampaign.objects.filter(opens_on__lte=day_in_paris(at))
        years = list(opened.order_by("-year").values_list("year", flat=True).distinct()[:YEARS_SHOWN])
        for year in years:
            values: dict[str, Any] = {"year": year, "at": at}
            cursor.execute(_SINCE, values)
            values["since"] = cursor.fetchone()[0]
            for statement in (_DAYS_ANEW, _DAYS):
                cursor.execute(statement, values)
            CampaignFigure.objects.filter(year=year).delete()
            cursor.execute(_FIGURES, values)
    return len(years)
