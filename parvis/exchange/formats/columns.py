"""What a column of a delivered file may hold: its test in SQL, and the sentence when it does not pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MONTH_PATTERN = "(19|20)[0-9]{2}-(0[1-9]|1[0-2])"
DAY_PATTERN = MONTH_PATTERN + "-(0[1-9]|[12][0-9]|3[01])"
_HOUR = "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
_WORD = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_PATTERN = f"(?=[^@]{{1,64}}@){_WORD}([.]{_WORD})*@({_LABEL}[.])+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
"""What identity's ``read_email`` takes, and no more: an address that goes in can be written to."""


class Family(StrEnum):
    """How a column is tested; columns of one family are tested together where a file is big."""

    DIGITS = "digits"
    WHOLE = "whole"
    CHOICE = "choice"
    DAY = "day"
    MONTH = "month"
    MOMENT = "moment"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``pattern`` is the whole value, as a regular expression of PostgreSQL and Python; empty: any text.

    ``limit`` counts characters. ``expected`` completes « … » n’est pas : it says what to write. A ``secret`` value is never
    repeated in a sentence, nor stored in clear; one that is ``hushed`` only the former: where columns are shifted, it may
    be the secret.
    """

    name: str
    family: Family
    required: bool
    limit: int
    pattern: str = ""
    expected: str = ""
    choices: tuple[str, ...] = ()
    secret: bool = False
    hushed: bool = False


def digits(name: str, count: int, what: str, *, required: bool = True) -> Column:
    """Exactly ``count`` digits; leading zeros matter."""
    expected = f"n’est pas {what} : écrivez {count} chiffres, sans lettre ni blanc."
    return Column(name, Family.DIGITS, required, count, f"[0-9]{{{count}}}", expected)


def whole(name: str, low: int, high: int, what: str, *, required: bool = False) -> Column:
    """A whole number from ``low`` (0 or 1) to ``high`` (all nines)."""
    size = len(str(high))
    pattern = f"[1-9][0-9]{{0,{size - 1}}}" if low else f"[0-9]{{1,{size}}}"
    expected = f"n’est pas {what} : écrivez un nombre entier de {low} à {high}."
    return Column(name, Family.WHOLE, required, size, pattern, expected)


def cents(name: str, *, required: bool = False, signed: bool = False) -> Column:
    """An amount in cents: up to 99 999,99 €, or ten times that where amounts may be negative."""
    size = 8 if signed else 7
    expected = (
        "n’est pas un montant en centimes : écrivez un nombre entier, par exemple 52500 pour 525,00\u00a0€ "
        f"({size} chiffres au plus)."
    )
    sign = "-?" if signed else ""
    return Column(name, Family.WHOLE, required, size + signed, f"{sign}[0-9]{{1,{size}}}", expected)


def choice(name: str, *options: str, required: bool = True) -> Column:
    """One of a few words."""
    *first, last = options
    expected = f"n’est pas admis : écrivez {', '.join(first)} ou {last}."
    return Column(
        name, Family.CHOICE, required, max(map(len, options)), f"(?:{'|'.join(options)})", expected, choices=options
    )


def flag(name: str) -> Column:
    """``1`` or ``0``."""
    expected = "n’est pas admis : écrivez 1 pour oui ou 0 pour non."
    return Column(name, Family.CHOICE, True, 1, "[01]", expected, choices=("0", "1"))


def day(name: str, *, required: bool = False) -> Column:
    """A day that exists, from 1900 to 2099."""
    expected = "n’est pas une date : écrivez AAAA-MM-JJ, par exemple 2026-07-21."
    return Column(name, Family.DAY, required, 10, DAY_PATTERN, expected)


def month(name: str, *, required: bool = True) -> Column:
    """A month of a year."""
    expected = "n’est pas un mois : écrivez AAAA-MM, par exemple 2026-07."
    return Column(name, Family.MONTH, required, 7, MONTH_PATTERN, expected)


def moment(name: str, *, required: bool = True) -> Column:
    """A moment with its offset."""
    expected = "n’est pas un moment : écrivez par exemple 2026-07-21T10:26:03+02:00."
    return Column(name, Family.MOMENT, required, 40, DAY_PATTERN + _HOUR + _OFFSET, expected)


def text(
    name: str,
    limit: int,
    *,
    required: bool = False,
    pattern: str = "",
    expected: str = "",
    secret: bool = False,
    hushed: bool = False,
) -> Column:
    """Words, without invisible characters nor formulas."""
    return Column(name, Family.TEXT, required, limit, pattern, expected, secret=secret, hushed=hushed)


def email(name: str) -> Column:
    """An e-mail address, as far as its writing tells."""
    expected = "n’est pas une adresse mail : écrivez par exemple nom@domaine.fr."
    return text(name, 254, pattern=EMAIL_PATTERN, expected=expected)
