"""Amounts: read kindly, kept in cents, written the French way."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from parvis.kit.refusals import Refusal

NBSP = "\u00a0"
_CURRENCY = re.compile(r"(?i)\s*(?:€|eur|euros?)\s*$|^\s*€\s*")
_SEPARATORS = re.compile(r"[\s'’]")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[\s'’]\d{3})+(?:[.,]\d*)?")
_PLAIN = re.compile(r"(\d{1,7})(?:([.,])(\d{1,2}))?", re.ASCII)
_BLANK_FOR_COMMA = re.compile(r"(\d{2,3})\s(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as understood. ``changed`` says that the writing differed enough to be shown back."""

    cents: int
    changed: bool


class NotAnAmount(Refusal):
    """What was typed cannot be read as one amount."""


class TwoReadings(NotAnAmount):
    """``1.050`` is 1 050,00 € or 1,05 €, ``45 30`` is 45,30 € or 4 530,00 €: the person must say."""

    def __init__(self, written: str, readings: tuple[int, int]) -> None:
        first, second = (euros(cents) for cents in readings)
        super().__init__(
            f"« {written} » peut se lire {first} ou {second}. Écrivez-le avec une virgule, par exemple {first[:-2]}."
        )
        self.readings = readings


def plain_cents(written: str) -> int | None:
    """The cents of what nobody can misread (``525``, ``525,5``, ``525.50``); None leaves it to :func:`read_amount`."""
    plain = _PLAIN.fullmatch(written)
    if plain is None:
        return None
    whole, _, decimals = plain.groups("")
    return int(whole) * 100 + (int(decimals) * (10 if len(decimals) == 1 else 1) if decimals else 0)


def read_amount(written: str) -> Amount:
    """Read ``525``, ``525,5``, ``525.50``, ``1 234,56 €``, ``1.234,56`` or ``713.00 euros``.

    Blanks and apostrophes stand between groups of three digits only: ``1 0 5 0`` is no amount.
    Refuses in words what has several readings (``1,234.56``, ``1.050``, ``45 30``), no reading, a sign, or more than two decimals
    (product.md §3.3, domain.md §3.2).
    """
    text = unicodedata.normalize("NFKC", written).strip()
    number = _CURRENCY.sub("", text).strip()
    bare = _SEPARATORS.sub("", number)
    if not bare:
        raise NotAnAmount("Écrivez un montant, par exemple 525,00.")
    if re.fullmatch(r"[-−–]\d[\d.,]*", bare):
        raise NotAnAmount("Un loyer ne peut pas être négatif.")
    if not re.fullmatch(r"[\d.,]+", bare) or not bare.isascii() or not re.search(r"\d", bare):
        raise NotAnAmount(f"« {_shown(written)} » n’est pas un montant. Écrivez par exemple 525,00.")
    _refuse_strange_groups(number, written)
    if len(re.sub(r"\D", "", bare)) > 11:
        raise NotAnAmount("Ce montant est trop grand. Écrivez par exemple 525,00.")
    cents = _cents(bare, written)
    plain = bare.replace(".", ",")
    return Amount(cents, changed=text != plain and text not in (euros(cents), euros(cents).replace(NBSP, " ")))


def _refuse_strange_groups(number: str, written: str) -> None:
    """Digits set apart otherwise than by thousands may be two numbers, or a comma that was missed."""
    halves = _BLANK_FOR_COMMA.fullmatch(number)
    if halves:
        whole, rest = halves.groups()
        raise TwoReadings(_shown(written), (int(whole + rest), int(whole + rest) * 100))
    if _SEPARATORS.search(number) and not _GROUPED.fullmatch(number):
        raise NotAnAmount(f"« {_shown(written)} » n’est pas un montant. Écrivez par exemple 525,00.")


def _cents(bare: str, written: str) -> int:
    points, commas = bare.count("."), bare.count(",")
    if commas == 1 and points >= 1 and bare.rindex(",") > bare.rindex("."):
        whole, decimals = bare.split(",")
        if re.fullmatch(r"\d{1,3}(\.\d{3})+", whole):
            return _join(whole.replace(".", ""), decimals, written)
    if commas and points:
        raise NotAnAmount(
            f"« {_shown(written)} » peut se lire de plusieurs façons. Écrivez-le avec une virgule, par exemple 1234,56."
        )
    if commas + points > 1:
        if commas == 0 and re.fullmatch(r"\d{1,3}(\.\d{3})+", bare):
            return _join(bare.replace(".", ""), "", written)
        raise NotAnAmount(f"« {_shown(written)} » n’est pas un montant. Écrivez par exemple 525,00.")
    if points == 1 and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", bare):
        thousands, decimals = bare.split(".")
        raise TwoReadings(_shown(written), (int(thousands + decimals) * 100, round(float(bare) * 100)))
    whole, _, decimals = bare.replace(",", ".").partition(".")
    return _join(whole, decimals, written)


def _join(whole: str, decimals: str, written: str) -> int:
    if len(decimals) > 2:
        raise NotAnAmount("Deux chiffres après la virgule au maximum.")
    if not whole and not decimals:
        raise NotAnAmount(f"« {_shown(written)} » n’est pas un montant. Écrivez par exemple 525,00.")
    return int(whole or "0") * 100 + int(decimals.ljust(2, "0") or "0")


def _shown(written: str) -> str:
    clean = " ".join(written.split())
    return clean if len(clean) <= 30 else clean[:29] + "…"


def decimal(cents: int) -> str:
    """``52550`` → ``525,50``, with no-break spaces between thousands: what stands in an input."""
    sign = "−" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,}".replace(",", NBSP) + f",{rest:02d}"


def euros(cents: int) -> str:
    """``123456`` → ``1 234,56 €`` with no-break spaces."""
    return f"{decimal(cents)}{NBSP}€"


def signed_euros(cents: int) -> str:
    """A difference: ``+112,00 €`` or ``−44,00 €``."""
    return f"+{euros(cents)}" if cents > 0 else euros(cents)
