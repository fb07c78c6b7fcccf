"""The campaign of a year: opening it, and knowing which tenancies are in it. In sets: one pass for a million tenancies."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.models import RentCampaign
from parvis.declarations.rules import DRAFT, NO_DRAFT
from parvis.declarations.selectors.bundles.tenancy import CLAIMANT_DIED
from parvis.declarations.services import counts
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import Office

_TOUCHED = "campaign_touched"


@transaction.atomic
def open_campaign(
    year: int,
    *,
    opens_on: date,
    deadline_on: date,
    suspension_on: date,
    office: Office | None = None,
    by: Actor,
    at: datetime,
) -> RentCampaign:
    """Set the dates of a year's campaign, of one office or of all that have none of their own; again changes them.

    Entries come with :func:`refresh_entries`, once the opening day is there.
    """
    dates = {"opens_on": opens_on, "deadline_on": deadline_on, "suspension_on": suspension_on}
    campaign, _ = RentCampaign.objects.update_or_create(
        year=year, office=office, defaults=dates, create_defaults={**dates, "own_since": at if office else None}
    )
    subject = f"campaign:{year}" + (f":{office.pk}" if office else "")
    told = {name: day.isoformat() for name, day in dates.items()}
    record(events.CAMPAIGN_OPENED, subject=subject, by=by, at=at, **told)
    return campaign


# The newest campaign opened is the open one, office by office; landlords who declare by another channel are not in it.
_YEARS = """
CREATE TEMP TABLE campaign_office ON COMMIT DROP AS
SELECT DISTINCT ON (o.caf_code) o.caf_code, c.year FROM landlords_office o
JOIN LATERAL (SELECT x.year, x.opens_on FROM declarations_rentcampaign x WHERE x.office_id = o.caf_code OR (x.office_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM declarations_rentcampaign own WHERE own.office_id = o.caf_code AND own.year = x.year))) c ON true
WHERE c.opens_on <= %s ORDER BY o.caf_code, c.year DESC
"""
_FRESH = f"""
CREATE TEMP TABLE campaign_fresh ON COMMIT DROP AS
SELECT t.id AS tenancy_id, t.landlord_id, t.sort_name, before.rent_cents AS last_july_cents, known.id IS NOT NULL AS is_known
FROM tenancies_tenancy t
JOIN campaign_office c ON c.caf_code = t.caf_code AND c.year = %(year)s
JOIN landlords_thirdpartynumber n ON n.id = t.third_party_number_id AND n.channel <> 'exchange'
LEFT JOIN tenancies_julyrent before ON before.tenancy_id = t.id AND before.year = %(year)s - 1
LEFT JOIN tenancies_julyrent known ON known.tenancy_id = t.id AND known.year = %(year)s
WHERE t.start_on <= make_date(%(year)s, 7, 31) AND (t.end_on IS NULL OR t.end_on >= make_date(%(year)s, 7, 1))
  AND t.absent_since IS NULL
  AND NOT {CLAIMANT_DIED}
"""
_OPEN = "('to_declare', 'drafted', 'to_confirm', 'to_correct', 'rejected')"
_DIFFERS = """(e.landlord_id, e.sort_name, e.last_july_cents) IS DISTINCT FROM (f.landlord_id, f.sort_name, f.last_july_cents)
  OR e.state = 'out' OR (f.is_known AND e.state <> 'integrated')"""
_ADDED = f"""
CREATE TEMP TABLE campaign_changed ON COMMIT DROP AS
SELECT f.tenancy_id, f.landlord_id, e.landlord_id AS former_landlord_id FROM campaign_fresh f
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = f.tenancy_id AND e.year = %(year)s
WHERE e.tenancy_id IS NULL OR {_DIFFERS}
UNION ALL
SELECT e.tenancy_id, NULL, e.landlord_id FROM declarations_campaignentry e
WHERE e.year = %(year)s AND e.state IN {_OPEN} AND NOT EXISTS (SELECT 1 FROM campaign_fresh f WHERE f.tenancy_id = e.tenancy_id)
  AND EXISTS (SELECT 1 FROM tenancies_tenancy t JOIN campaign_office c ON c.caf_code = t.caf_code AND c.year = e.year
              WHERE t.id = e.tenancy_id)
"""
_INDEXED = "CREATE INDEX ON campaign_changed (tenancy_id); ANALYZE campaign_changed; ANALYZE campaign_fresh"
_TOUCH = f"""
CREATE TEMP TABLE {_TOUCHED} ON COMMIT DROP AS
SELECT landlord_id FROM campaign_changed WHERE landlord_id IS NOT NULL
UNION SELECT former_landlord_id FROM campaign_changed WHERE former_landlord_id IS NOT NULL
"""
_ENDED = f"""
UPDATE declarations_campaignentry e SET state = 'out', {NO_DRAFT} FROM campaign_changed c
WHERE c.tenancy_id = e.tenancy_id AND c.landlord_id IS NULL AND e.year = %(year)s AND e.state IN {_OPEN}
"""
# What nobody can send any more, or need not: of an ended tenancy, of a former landlord, of a rent the office now knows. The drafts
# of this July leave with the line (_ENDED, _MERGED).
_ABANDONED = """
WITH gone AS (UPDATE declarations_declaration d SET state = 'abandoned' FROM campaign_changed c
LEFT JOIN campaign_fresh f ON f.tenancy_id = c.tenancy_id
WHERE d.tenancy_id = c.tenancy_id AND d.state = 'draft'
  AND d.kind = 'previous_july_rent' AND d.year = %(year)s - 1
  AND (c.landlord_id IS NULL OR f.is_known OR d.landlord_id <> f.landlord_id)
  RETURNING d.id, d.landlord_id)
DELETE FROM changes_attachment a USING gone WHERE a.landlord_id = gone.landlord_id AND a.subject = 'draft ' || gone.id
"""
_KEPT = "EXCLUDED.state <> 'integrated' AND e.landlord_id = EXCLUDED.landlord_id"
_MERGED = f"""
INSERT INTO declarations_campaignentry AS e (year, tenancy_id, landlord_id, state, sort_name, last_july_cents)
SELECT %(year)s, f.tenancy_id, f.landlord_id, CASE WHEN f.is_known THEN 'integrated' ELSE 'to_declare' END, f.sort_name,
       f.last_july_cents
FROM campaign_fresh f WHERE EXISTS (SELECT 1 FROM campaign_changed c WHERE c.tenancy_id = f.tenancy_id)
ORDER BY f.landlord_id, f.sort_name
ON CONFLICT (year, tenancy_id) DO UPDATE SET landlord_id = EXCLUDED.landlord_id, sort_name = EXCLUDED.sort_name,
  last_july_cents = EXCLUDED.last_july_cents,
  {", ".join(f"{column} = CASE WHEN {_KEPT} THEN e.{column} END" for column in DRAFT)},
  state = CASE WHEN EXCLUDED.state = 'integrated' THEN 'integrated'
    WHEN e.state = 'out' OR e.landlord_id <> EXCLUDED.landlord_id THEN COALESCE((
      SELECT CASE d.state WHEN 'integrated' THEN 'integrated' ELSE 'submitted' END FROM declarations_declaration d
      WHERE d.tenancy_id = e.tenancy_id AND d.kind = 'july_rent' AND d.year = e.year
        AND NOT d.revises AND d.state IN ('submitted', 'sent', 'manual', 'integrated')), 'to_declare')
    ELSE e.state END
"""
_DROP = f"DROP TABLE IF EXISTS campaign_fresh, campaign_changed, {_TOUCHED}"


@transaction.atomic
def refresh_entries(*, by: Actor, at: datetime) -> int:
    """Bring the open campaigns in line with the tenancies; what landlords typed or sent stays. Says how many changed.

    In: the tenancy was active in July, its tenant is not declared dead, its landlord does not declare by computer exchange.
    A rent the office already knows counts as taken in; a tenancy that ended is out, and its draft is abandoned.
    """
    changed = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS campaign_office")
        cursor.execute(_YEARS, [day_in_paris(at)])
        cursor.execute("SELECT DISTINCT year FROM campaign_office ORDER BY year")
        for (year,) in cursor.fetchall():
            changed += _refresh(year)
    if changed:
        record(events.ENTRIES_REFRESHED, subject="campaigns", by=by, at=at, count=changed)
    return changed


def begin_due(*, by: Actor, at: datetime) -> int:
    """Give their lines to the campaigns that opened this week: entered ahead of time, they open by themselves.

    Called once a day and whenever a worker starts; a week makes up for one that was stopped.
    """
    today = day_in_paris(at)
    if not RentCampaign.objects.filter(opens_on__lte=today, opens_on__gt=today - timedelta(days=7)).exists():
        return 0
    return refresh_entries(by=by, at=at)


def _refresh(year: int) -> int:
    """One year: what differs is found first, so that only the landlords concerned wait, and only for the writing."""
    values = {"year": year}
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_FRESH, values)
        cursor.execute(_ADDED, values)
        cursor.execute("SELECT count(*) FROM campaign_changed")
        row = cursor.fetchone()
        if row is None or not row[0]:
            return 0
        cursor.execute(_INDEXED)
        cursor.execute(_TOUCH)
        counts.lock_many(_TOUCHED, year)
        for statement in (_ENDED, _ABANDONED, _MERGED):
            cursor.execute(statement, values)
        counts.recount(_TOUCHED, year)
    return int(row[0])


@transaction.atomic
def rebuild_counts(year: int, *, by: Actor, at: datetime) -> int:
    """Count every landlord's entries of a year again; says how many landlords. For repair, and after a restore."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_TOUCHED}")
        cursor.execute(
            f"CREATE TEMP TABLE {_TOUCHED} ON COMMIT DROP AS"
            " SELECT landlord_id FROM declarations_campaignentry WHERE year = %(year)s"
            " UNION SELECT landlord_id FROM declarations_campaigncount WHERE year = %(year)s",
            {"year": year},
        )
        counts.lock_many(_TOUCHED, year)
        counts.recount(_TOUCHED, year)
        cursor.execute(f"SELECT count(*) FROM {_TOUCHED}")
        row = cursor.fetchone()
    landlords = int(row[0]) if row else 0
    record(events.COUNTS_REBUILT, subject=f"campaign:{year}", by=by, at=at, landlords=landlords)
    return landlords
