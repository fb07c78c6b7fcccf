"""What the July rent of a tenancy is compared with, and the short way of saying that nothing is to be said of it. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from parvis.declarations.parameters import Norms
from parvis.declarations.rules import is_previous_july_due
from parvis.kit.money import NBSP, plain_cents

SHARE_ONLY = "déclarez la part de ce locataire seulement."
NEAR_CENTS = 50
"""Two amounts this near are taken for the same one."""
NEAR_WHOLE_PERCENT = 10
"""So is, for the rent of a whole lease, what an ordinary change makes of it."""


class Facts(NamedTuple):
    """What the office knows of one tenancy that the typed rent is compared with. Cents; None is « not known ».

    ``aid_cents`` is the last aid paid to this landlord, None when the tenant is paid. Where several hold the lease, each one's
    rent is the share of it (CCH D.842-3; ux.md B13.1). ``caf_code`` tells whose index holds; ``is_share_stated`` that a July rent
    was sent as such a share: else what is known may be the rent of all. ``norms`` are those of the campaign.
    """

    norms: Norms
    start_on: date
    last_july_cents: int | None = None
    known_rent_cents: int | None = None
    charges_cents: int | None = None
    aid_cents: int | None = None
    lease_holders: int = 1
    caf_code: str = ""
    is_share_stated: bool = False

    @property
    def year(self) -> int:
        """The campaign's."""
        return self.norms.year

    @property
    def is_share(self) -> bool:
        """Whether the rent to declare is a share of that of the lease."""
        return self.lease_holders > 1

    @property
    def share_words(self) -> str:
        """What to declare of a lease that several hold (ux.md B13.1); empty where there is one holder."""
        return f"Colocation, {self.lease_holders}{NBSP}titulaires du bail{NBSP}: {SHARE_ONLY}" if self.is_share else ""

    @property
    def asks_previous(self) -> bool:
        """Whether the July rent of the year before is to be given too."""
        return is_previous_july_due(self.year, start_on=self.start_on, last_july_cents=self.last_july_cents)

    @property
    def usual_cents(self) -> int | None:
        """The rent to compare with: that of last July, or else the one known today."""
        return self.last_july_cents or self.known_rent_cents


def ready_cents(facts: Facts, typed: str) -> int | None:
    """The cents of a line that ``july_rent.assess`` would say nothing about, told at once; None is « not told here », never « wrong ».

    A file has a hundred thousand lines and nearly all are such: this is what makes it quick, and it decides nothing by itself.
    """
    cents = plain_cents(typed)
    if cents is None or not is_usual(cents, facts):
        return None
    limits = facts.norms.thresholds
    return cents if limits.lowest_rent_cents <= cents <= limits.highest_rent_cents else None


def is_usual(cents: int, facts: Facts) -> bool:
    """Whether every explanation is surely silent: no less than last July, no more than an ordinary change, far from other sums.

    Weaker than asking them all, and much quicker; a test holds both together.
    """
    norms, _, last, known, charges, aid, holders, caf_code, is_stated = facts
    if not last or not last <= cents or 100 * (cents - last) > norms.most_increase(caf_code) * last:
        return False
    if holders > 1 and (not is_stated or (known and is_near_whole(cents, known, holders))):
        return False
    if charges and charges > 2 * NEAR_CENTS:
        for rent in (known, last):
            if rent and abs(cents - rent - charges) <= NEAR_CENTS:
                return False
    return not aid or not any(rent and abs(cents - rent + aid) <= NEAR_CENTS for rent in (known, last))


def is_share_asked(cents: int, facts: Facts) -> bool:
    """Whether an amount is as likely the rent of the lease as a share of it: about what is known, of which nobody said which.

    Where what is known is about the rent of all, for such a share, the share is plain.
    """
    if not facts.is_share or facts.is_share_stated or not cents:
        return False
    known = [rent for rent in (facts.last_july_cents, facts.known_rent_cents) if rent]
    if any(is_near_whole(rent, cents, facts.lease_holders) for rent in known):
        return False
    return not known or any(is_near_whole(cents, rent, 1) for rent in known)


def is_near_whole(cents: int, share: int, holders: int) -> bool:
    """Whether an amount is about the rent of all holders of a lease, each of whom pays that ``share``."""
    return 100 * abs(cents - share * holders) <= NEAR_WHOLE_PERCENT * share * holders
