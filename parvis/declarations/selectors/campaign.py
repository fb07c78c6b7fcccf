"""The campaign of the day, for one landlord."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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
        """Entries typed and not sent, whether ready or not."""
        return self.drafted + self.to_confirm + self.to_correct

    @property
    def done(self) -> int:
        """Entries sent, integrated or not."""
        return self.submitted + self.integrated

    @property
    def total(self) -> int:
        """All entries of the campaign."""
        return self.remaining + self.done


# An office's own campaign stands before the national one. When none has opened yet, the next one is announced.
_CARD = """
SELECT c.year, c.opens_on, c.deadline_on, c.suspension_on,
       COALESCE(n.to_declare, 0), COALESCE(n.drafted, 0), COALESCE(n.to_confirm, 0), COALESCE(n.submitted, 0),
       COALESCE(n.integrated, 0), COALESCE(n.rejected, 0), COALESCE(n.to_correct, 0)
FROM declarations_rentcampaign c
LEFT JOIN {counts} ON true
WHERE c.office_id IS NULL OR c.office_id IN (
  SELECT own.office_id FROM landlords_thirdpartynumber own WHERE own.landlord_id = %(landlord)s{within})
ORDER BY c.opens_on <= %(today)s DESC, CASE WHEN c.opens_on <= %(today)s THEN -c.year ELSE c.year END,
         c.office_id IS NULL, c.opens_on, c.id
LIMIT 1
"""
_WHOLE = "LATERAL (SELECT * FROM declarations_campaigncount x WHERE x.landlord_id = %(landlord)s AND x.year = c.year) n"
_STATES = ("to_declare", "drafted", "to_confirm", "submitted", "integrated", "rejected", "to_correct")
_SHARES = f"""LATERAL (
  SELECT {", ".join(f"sum(x.{state})::int AS {state}" for state in _STATES)} FROM declarations_campaignofficecount x
  WHERE x.landlord_id = %(landlord)s AND x.year = c.year AND x.caf_code = ANY(%(offices)s)) n"""


def campaign_card(actor: Actor, *, at: datetime) -> CampaignCard | None:
    """The newest campaign opened at ``at``, or else the next one, with the landlord's counts; None when there is none."""
    query = _CARD.format(counts=_SHARES if actor.offices else _WHOLE, within=within(actor, "own.office_id"))
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "today": day_in_paris(at)})
        row = cursor.fetchone()
    return CampaignCard(*row) if row else None
