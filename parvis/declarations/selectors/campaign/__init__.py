"""The campaign of the day, for one landlord; and those of former years whose missing rents suspend an aid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from parvis.declarations.rules import OPEN_ENTRY
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.db import one_row
from parvis.tenancies.selectors.scope import seen_by, within


class OfficeDates(NamedTuple):
    """The campaign at one office of the landlord, and how many of its rents are not with the office yet."""

    code: str
    name: str
    opens_on: date
    deadline_on: date
    suspension_on: date
    remaining: int


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """The campaign of the day for one landlord, with its counts.

    Its dates are the earliest among the offices where something is left. ``offices`` holds those of each office where they are
    not the same everywhere, of those too where all is sent (corrected until their own day), and is empty otherwise
    (product.md §3.3: a campaign per year, with its dates, per office).
    """

    year: int
    opens_on: date
    deadline_on: date
    suspension_on: date
    to_declare: int
    drafted: int
    to_confirm: int
    submitted: int
    integrated: int
    rejected: int
    to_correct: int = 0
    offices: tuple[OfficeDates, ...] = ()

    @property
    def remaining(self) -> int:
        """Entries not with the office yet."""
        return self.to_declare + self.drafted + self.to_confirm + self.to_correct + self.rejected

    @property
    def typed(self) -> int:
        """Entries typed and not sent: ready, or once they are confirmed. What could not be read is no rent yet."""
        return self.drafted + self.to_confirm

    @property
    def done(self) -> int:
        """Entries sent, integrated or not."""
        return self.submitted + self.integrated

    @property
    def total(self) -> int:
        """All entries of the campaign."""
        return self.remaining + self.done

    def deadline_of(self, code: str) -> date:
        """The last day at one office."""
        return next((office.deadline_on for office in self.offices if office.code == code), self.deadline_on)

    def is_suspended(self, today: date, code: str = "") -> bool:
        """Whether the aids of the rents still missing are suspended by now, at an office or at the first of them."""
        of_office = (office.suspension_on for office in self.offices if office.code == code)
        return today >= next(of_office, self.suspension_on)

    def suspended_offices(self, today: date, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of these offices where the aids of the rents still missing are suspended by now."""
        return tuple(code for code in codes if self.is_suspended(today, code))

    def suspended(self, today: date) -> int:
        """How many rents still missing suspend an aid by now."""
        return self._left(today >= dates.suspension_on for dates in self._dates)

    def late(self, today: date) -> int:
        """How many rents are missing although their last day is over."""
        return self._left(today > dates.deadline_on for dates in self._dates)

    def next_deadline(self, today: date) -> date | None:
        """The first day that is still to come where something is left; None if all are over."""
        return min((dates.deadline_on for dates in self._owing if dates.deadline_on >= today), default=None)

    def next_suspension(self, today: date) -> date | None:
        """The first day, still to come, on which rents already late suspend an aid; None if there is none."""
        late = (dates.suspension_on for dates in self._owing if dates.deadline_on < today)
        return min((on for on in late if on > today), default=None)

    @property
    def owing_offices(self) -> tuple[OfficeDates, ...]:
        """Each office where something is left, where there are several and their dates are not the same."""
        owing = tuple(office for office in self.offices if office.remaining)
        return owing if len({office[2:5] for office in owing}) > 1 else ()

    @property
    def _owing(self) -> Sequence[CampaignCard | OfficeDates]:
        return [dates for dates in self._dates if dates.remaining]

    @property
    def _dates(self) -> Sequence[CampaignCard | OfficeDates]:
        return self.offices or (self,)

    def _left(self, chosen: Iterable[bool]) -> int:
        return sum(dates.remaining for dates, is_chosen in zip(self._dates, chosen, strict=True) if is_chosen)


# Each office of theirs with its own campaign of a year, or else the national one. When none has opened yet, the next one is
# announced. The dates that count are those of the offices where rents are left; else where there are any; else of all.
_DATED = """
SELECT o.office_id, c.year, c.opens_on, c.deadline_on, c.suspension_on
FROM (SELECT office_id FROM theirs UNION ALL SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM theirs)) o
JOIN declarations_rentcampaign c ON (c.office_id = o.office_id OR (c.office_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM declarations_rentcampaign own WHERE own.office_id = o.office_id AND own.year = c.year)))
"""
_CARD = f"""
WITH theirs AS (
  SELECT DISTINCT own.office_id FROM landlords_thirdpartynumber own WHERE own.landlord_id = %(landlord)s{{within}}),
dated AS ({_DATED}{{of_year}}),
chosen AS (
  SELECT year FROM dated ORDER BY opens_on <= %(today)s DESC,
    CASE WHEN opens_on <= %(today)s THEN -year ELSE year END, opens_on LIMIT 1),
share AS (
  SELECT d.*, COALESCE({{left}}, 0) AS remaining, CASE WHEN {{left}} > 0 THEN 0 WHEN n.year IS NOT NULL THEN 1 ELSE 2 END AS rank
  FROM dated d JOIN chosen USING (year)
  LEFT JOIN declarations_campaignofficecount n
    ON n.landlord_id = %(landlord)s AND n.year = d.year AND n.caf_code = d.office_id)
SELECT c.year, c.opens_on, c.deadline_on, c.suspension_on,
       COALESCE(n.to_declare, 0), COALESCE(n.drafted, 0), COALESCE(n.to_confirm, 0), COALESCE(n.submitted, 0),
       COALESCE(n.integrated, 0), COALESCE(n.rejected, 0), COALESCE(n.to_correct, 0), c.offices
FROM (
  SELECT s.year, min(s.opens_on) FILTER (WHERE s.counts) AS opens_on, min(s.deadline_on) FILTER (WHERE s.counts) AS deadline_on,
         min(s.suspension_on) FILTER (WHERE s.counts) AS suspension_on,
         CASE WHEN count(DISTINCT (s.opens_on, s.deadline_on, s.suspension_on)) > 1 THEN json_agg(json_build_array(
           s.office_id, f.name, s.opens_on, s.deadline_on, s.suspension_on, s.remaining) ORDER BY s.deadline_on, f.name)::text
         END AS offices
  FROM (SELECT *, rank = min(rank) OVER () AS counts, rank < 2 OR min(rank) OVER () = 2 AS is_told FROM share) s
  LEFT JOIN landlords_office f ON f.caf_code = s.office_id WHERE s.is_told GROUP BY s.year) c
LEFT JOIN {{counts}} ON true
"""
_WHOLE = "LATERAL (SELECT * FROM declarations_campaigncount x WHERE x.landlord_id = %(landlord)s AND x.year = c.year) n"
_STATES = ("to_declare", "drafted", "to_confirm", "submitted", "integrated", "rejected", "to_correct")
_SHARES = f"""LATERAL (
  SELECT {", ".join(f"sum(x.{state})::int AS {state}" for state in _STATES)} FROM declarations_campaignofficecount x
  WHERE x.landlord_id = %(landlord)s AND x.year = c.year AND x.caf_code = ANY(%(offices)s)) n"""


_LEFT = "n.to_declare + n.drafted + n.to_confirm + n.to_correct + n.rejected"
_OF_YEAR = " AND c.year = %(year)s AND c.opens_on <= %(today)s"


def card_query(actor: Actor, *, of_year: bool = False) -> str:
    """The statement behind :func:`campaign_card`, for those who ask for more at once; values: the actor's, ``today``, ``year``."""
    return _CARD.format(
        counts=_SHARES if actor.offices else _WHOLE,
        within=within(actor, "own.office_id"),
        of_year=_OF_YEAR if of_year else "",
        left=_LEFT,
    )


def card_of(row: Sequence[Any]) -> CampaignCard:
    """The card of a row of :func:`card_query`."""
    *told, offices = row
    return replace(CampaignCard(*told), offices=tuple(_office_dates(office) for office in json.loads(offices or "[]")))


def _office_dates(said: Sequence[Any]) -> OfficeDates:
    code, name, opens, deadline, suspension, remaining = said
    opens_on, deadline_on, suspension_on = map(date.fromisoformat, (opens, deadline, suspension))
    return OfficeDates(code, name, opens_on, deadline_on, suspension_on, remaining)


def campaign_card(actor: Actor, *, at: datetime, year: int | None = None) -> CampaignCard | None:
    """The newest campaign opened at ``at``, or else the next one, with the landlord's counts; None when there is none.

    With a ``year``: that year's campaign, if it has opened.
    """
    query = card_query(actor, of_year=year is not None)
    row = one_row(query, {**seen_by(actor), "today": day_in_paris(at), "year": year})
    return card_of(row) if row else None


class Suspended(NamedTuple):
    """A campaign beyond its day of suspension, with the rents it still misses of tenants who are there."""

    year: int
    remaining: int


READ_AT_MOST = 2_000
# What is suspended is told office by office: one with a later day keeps the aids of its own tenants only. Who has left since has
# no aid to be suspended. Few rents missing are read, with their tenancies; of many, those of tenants who left are taken off the
# kept count: an index tells who they are, and the key of the entries whether each is missing.
_SUSPENDED = """
SELECT late.year, here.count FROM (
  SELECT n.year, array_agg(n.caf_code) AS offices, sum({left})::int AS remaining FROM declarations_campaignofficecount n
  JOIN LATERAL (SELECT c.suspension_on FROM declarations_rentcampaign c
    WHERE c.year = n.year AND (c.office_id IS NULL OR c.office_id = n.caf_code) ORDER BY c.office_id IS NULL LIMIT 1) c
    ON c.suspension_on <= %(today)s
  WHERE n.landlord_id = %(landlord)s{within} AND {left} > 0
  GROUP BY n.year ORDER BY n.year DESC LIMIT 2) late
CROSS JOIN LATERAL (
  SELECT CASE WHEN late.remaining <= %(read)s THEN (
    SELECT count(*) FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
    WHERE e.landlord_id = %(landlord)s AND e.year = late.year AND {open} AND t.caf_code = ANY(late.offices)
      AND t.absent_since IS NULL AND (t.end_on IS NULL OR t.end_on >= %(today)s))
  ELSE late.remaining - (
    SELECT count(*) FROM tenancies_tenancy t
    WHERE t.landlord_id = %(landlord)s AND (t.end_on IS NOT NULL OR t.absent_since IS NOT NULL)
      AND (t.absent_since IS NOT NULL OR t.end_on < %(today)s) AND t.caf_code = ANY(late.offices)
      AND (SELECT e.landlord_id = %(landlord)s AND {open} FROM declarations_campaignentry e
           WHERE e.year = late.year AND e.tenancy_id = t.id))
  END::int AS count OFFSET 0) here
WHERE here.count > 0 ORDER BY late.year DESC
"""


def suspended_campaigns(actor: Actor, *, at: datetime) -> list[Suspended]:
    """The years whose missing July rents suspend the aid of tenants who are still there (domain.md §4), the newest first."""
    query = _SUSPENDED.format(within=within(actor, "n.caf_code"), left=_LEFT, open=OPEN_ENTRY)
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "today": day_in_paris(at), "read": READ_AT_MOST})
        return [Suspended(*row) for row in cursor.fetchall()]


def suspended_in(actor: Actor, card: CampaignCard, *, at: datetime) -> int:
    """How many tenants who are still there have their aid suspended for want of the July rent of that campaign."""
    if not card.suspended(day_in_paris(at)):
        return 0
    return next((line.remaining for line in suspended_campaigns(actor, at=at) if line.year == card.year), 0)
