"""Questions about declarations and campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris


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

    @property
    def remaining(self) -> int:
        """Entries not with the office yet."""
        return self.to_declare + self.drafted + self.to_confirm + self.rejected

    @property
    def done(self) -> int:
        """Entries sent, integrated or not."""
        return self.submitted + self.integrated

    @property
    def total(self) -> int:
        """All entries of the campaign."""
        return self.remaining + self.done


# An office's own campaign goes before the one of all offices.
_CARD = """
SELECT c.year, c.opens_on, c.deadline_on, c.suspension_on, COALESCE(n.to_declare, 0), COALESCE(n.drafted, 0),
       COALESCE(n.to_confirm, 0), COALESCE(n.submitted, 0), COALESCE(n.integrated, 0), COALESCE(n.rejected, 0)
FROM declarations_rentcampaign c
LEFT JOIN declarations_campaigncount n ON n.landlord_id = %(landlord)s AND n.year = c.year
WHERE c.opens_on <= %(today)s AND (c.office_id IS NULL OR c.office_id IN (
  SELECT t.office_id FROM landlords_thirdpartynumber t WHERE t.landlord_id = %(landlord)s))
ORDER BY c.year DESC, c.office_id IS NULL LIMIT 1
"""


def campaign_card(actor: Actor, *, at: datetime) -> CampaignCard | None:
    """The newest campaign opened at ``at``, with the landlord's counts; None before the first one."""
    with connection.cursor() as cursor:
        cursor.execute(_CARD, {"landlord": actor.partner_id, "today": day_in_paris(at)})
        row = cursor.fetchone()
    return CampaignCard(*row) if row else None
