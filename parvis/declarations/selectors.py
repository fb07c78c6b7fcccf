"""Questions about declarations and campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from parvis.kit.actors import Actor


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


def campaign_card(actor: Actor, *, at: datetime) -> CampaignCard | None:
    """The newest campaign opened at ``at``, with the landlord's counts; None before the first one."""
    raise NotImplementedError
