"""Rules of « Consulter dossier »: why one looks, how a number is read, how long a look is readable, what of the aid is told."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from parvis.tenancies.refusals import WrongClaimantNumber
from parvis.tenancies.rules import CLAIMANT_NUMBER_LENGTH

READABLE_FOR = timedelta(minutes=15)
"""How long the file stays readable after the look."""
SAME_LOOK = timedelta(seconds=30)
"""The same question asked again within this time is a double click, not another look."""
LONGEST_NOTE = 200
MONTHS_BEHIND = 2
"""Aid is paid in the month after its own: two months behind is still paid, three is not."""
_SEPARATORS = ".-/·_"


class LookReason(StrEnum):
    """Why somebody looks at a file."""

    LEASE = "lease"
    DWELLING = "dwelling"
    ARREARS = "arrears"
    MOVE = "move"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The reason as the screens name it."""
        return REASON_LABELS[self]


REASON_LABELS = {
    LookReason.LEASE: "Suivi d’un bail en cours",
    LookReason.DWELLING: "Préparation d’un dossier de logement",
    LookReason.ARREARS: "Impayé de loyer",
    LookReason.MOVE: "Changement de logement",
    LookReason.OTHER: "Autre",
}


def reason_label(code: str) -> str:
    """The label of a reason that was kept; the code itself for one that is no longer proposed."""
    return LookReason(code).label if code in set(LookReason) else code


class ReadNumber(NamedTuple):
    """A claimant number as read; ``letters_read`` tells that a letter O was taken for a zero."""

    digits: str
    letters_read: bool


def read_claimant_number(written: str) -> ReadNumber:
    """Seven digits, whatever blanks, dots or hyphens stand between them; a letter O is a zero."""
    kept = "".join(sign for sign in written if not sign.isspace() and sign not in _SEPARATORS)
    digits = kept.replace("O", "0").replace("o", "0")
    if not (digits.isascii() and digits.isdigit()):
        raise WrongClaimantNumber("Un n° allocataire s’écrit seulement avec des chiffres. Vérifiez-le.")
    if len(digits) != CLAIMANT_NUMBER_LENGTH:
        raise WrongClaimantNumber(f"Un n° allocataire a 7 chiffres. Vous en avez tapé {len(digits)}.")
    return ReadNumber(digits, digits != kept)


class AidState(StrEnum):
    """Whether the aid of a tenancy is paid, as far as the portal can tell: it follows payments to landlords alone."""

    PAID = "paid"
    SUSPENDED = "suspended"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"
    ENDED = "ended"


def aid_state(*, ended: bool, direct_payment: bool, last_paid_month: date | None, today: date) -> AidState:
    """Read from the last month paid: never from an amount."""
    if ended:
        return AidState.ENDED
    if not direct_payment:
        return AidState.UNKNOWN
    if last_paid_month is None:
        return AidState.NOT_YET
    return AidState.PAID if is_recent(last_paid_month, today) else AidState.SUSPENDED


def is_recent(month: date, today: date) -> bool:
    """Whether an aid of that month of right is the last one, and not one that stopped since."""
    return (today.year - month.year) * 12 + today.month - month.month <= MONTHS_BEHIND
