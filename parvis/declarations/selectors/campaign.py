"""The campaign of the day, for one landlord; and those of former years whose missing rents suspend an aid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.tenancies.selectors.scope import seen_by, within


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """The campaign of the day for one landlord, with its counts."""

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

    def is_suspended(self, today: date) -> bool:
        """Whether the aids of the rents still missing are suspended by now."""
        return today >= self.suspension_on


# An office's own campaign stands before the national one. When none has opened yet, the next one is announced.
_CARD = """
SELECT c.year, c.opens_on, c.deadline_on, c.suspension_on,
       COALESCE(n.to_declare, 0), COALESCE(n.drafted, 0), COALESCE(n.to_confirm, 0), COALESCE(n.submitted, 0),
       COALESCE(n.integrated, 0), COALESCE(n.rejected, 0), COALESCE(n.to_correct, 0)
FROM declarations_rentcampaign c
LEFT JOIN {counts} ON true
WHERE (c.office_id IS NULL OR c.office_id IN (
  SELECT own.office_id FROM landlords_thirdpartynumber own WHERE own.landlord_id = %(landlord)s{within})){of_year}
ORDER BY c.opens_on <= %(today)s DESC, CASE WHEN c.opens_on <= %(today)s THEN -c.year ELSE c.year END,
         c.office_id IS NULL, c.opens_on, c.id
LIMIT 1
"""
_WHOLE = "LATERAL (SELECT * FROM declarations_campaigncount x WHERE x.landlord_id = %(landlord)s AND x.year = c.year) n"
_STATES = ("to_declare", "drafted", "to_confirm", "submitted", "integrated", "rejected", "to_correct")
_SHARES = f"""LATERAL (
  SELECT {", ".join(f"sum(x.{state})::int AS {state}" for state in _STATES)} FROM declarations_campaignofficecount x
  WHERE x.landlord_id = %(landlord)s AND x.year = c.year AND x.caf_code = ANY(%(offices)s)) n"""


_OF_YEAR = " AND c.year = %(year)s AND c.opens_on <= %(today)s"


def card_query(actor: Actor, *, of_year: bool = False) -> str:
    """The statement behind :func:`campaign_card`, for those who ask for more at once; values: the actor's, ``today``, ``year``."""
    return _CARD.format(
        counts=_SHARES if actor.offices else _WHOLE,
        within=within(actor, "own.office_id"),
        of_year=_OF_YEAR if of_year else "",
    )


def campaign_card(actor: Actor, *, at: datetime, year: int | None = None) -> CampaignCard | None:
    """The newest campaign opened at ``at``, or else the next one, with the landlord's counts; None when there is none.

    With a ``year``: that year's campaign, if it has opened.
    """
    query = card_query(actor, of_year=year is not None)
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "today": day_in_paris(at), "year": year})
        row = cursor.fetchone()
    return CampaignCard(*row) if row else None


class Suspended(NamedTuple):
    """A campaign beyond its day of suspension, with the rents it still misses."""

    year: int
    remaining: int


_OPEN = "n.to_declare + n.drafted + n.to_confirm + n.to_correct + n.rejected"
_SUSPENDED = """
SELECT n.year, sum({open})::int FROM {counts} n
WHERE n.landlord_id = %(landlord)s{within} AND {open} > 0 AND n.year IN (
  SELECT c.year FROM declarations_rentcampaign c GROUP BY c.year HAVING max(c.suspension_on) <= %(today)s)
GROUP BY n.year ORDER BY n.year DESC LIMIT 2
"""


def suspended_campaigns(actor: Actor, *, at: datetime) -> list[Suspended]:
    """The years whose missing July rents suspend the aid of their tenants (domain.md §4), the newest first."""
    table = "declarations_campaignofficecount" if actor.offices else "declarations_campaigncount"
    query = _SUSPENDED.format(counts=table, within=within(actor, "n.caf_code"), open=_OPEN)
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "today": day_in_paris(at)})
        return [Suspended(*row) for row in cursor.fetchall()]
