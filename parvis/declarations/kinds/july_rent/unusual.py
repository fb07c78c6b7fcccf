"""What looks unusual about a July rent, the likeliest explanation first, each with its one-click mend (ux.md B13.2). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from parvis.declarations.kinds.july_rent.facts import (
    NEAR_CENTS,
    SHARE_ONLY,
    Facts,
    is_near_whole,
    is_share_asked,
    is_usual,
)
from parvis.kit.money import NBSP, euros

PREVIOUS_UNKNOWN = "previous_july_unknown"
SHARE_OR_WHOLE = "share_or_whole"


class Level(StrEnum):
    """How a warning looks: to be confirmed, like an error that may be confirmed, or a field to fill."""

    CONFIRM = "confirm"
    LIKE_ERROR = "like_error"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One click that mends: the words of the button, the amount it writes."""

    label: str
    cents: int


@dataclass(frozen=True, slots=True)
class RentWarning:
    """Something unusual: ``title`` is bold, ``sentence`` says more, ``confirm`` are the words of the button that keeps it."""

    code: str
    level: Level
    title: str
    sentence: str
    confirm: str
    remedy: Remedy | None = None


def warnings_of(cents: int, facts: Facts, *, has_previous: bool, known: Facts | None = None) -> tuple[RentWarning, ...]:
    """What looks unusual, the likeliest explanation alone; whose rent it is and the missing July of the year before come besides.

    ``known`` is what a slip is looked for beside, where the July before in ``facts`` is typed too.
    """
    known = known or facts
    if known is facts and not has_previous and is_usual(cents, facts):
        return ()
    # What was typed for both Julys makes no amount a known one.
    office = facts._replace(last_july_cents=None) if has_previous and known is facts else known
    found: list[RentWarning] = []
    for check in _EXPLANATIONS:
        warning = check(cents, known if check in _SLIPS else office if check in _EXTREMES else facts)
        if warning is not None:
            found.append(warning)
            break
    if not any(warning.code == "whole_rent" for warning in found) and is_share_asked(cents, facts):
        found.append(_share_or_whole(cents, facts))
    if facts.asks_previous and not has_previous:
        found.append(_previous_unknown(facts))
    return tuple(found)


def _zero(cents: int, facts: Facts) -> RentWarning | None:
    if cents:
        return None
    title = f"Loyer à 0{NBSP}€{NBSP}: logement gratuit ce mois-ci{NBSP}?"
    return RentWarning("zero", Level.CONFIRM, title, "", f"Oui, 0{NBSP}€")


def slip_of(cents: int, facts: Facts) -> RentWarning | None:
    """What an amount too high or too low to be sent may come from: a comma, a year for a month; None when nothing explains it."""
    return _comma(cents, facts) or _twelve(cents, facts)


def _comma(cents: int, facts: Facts) -> RentWarning | None:
    """Ten or a hundred times more or less (a comma left out: « 52550 »); up to an ordinary change of rent around it."""
    usual = facts.usual_cents
    if not usual:
        return None
    if 800 * usual <= 100 * cents <= 1140 * usual:
        times, remedy, word, code = 10, _round(cents / 10), "haut", "ten_times_more"
    elif 8_000 * usual <= 100 * cents <= 12_500 * usual:
        times, remedy, word, code = 100, _round(cents / 100), "haut", "hundred_times_more"
    elif 80 * usual <= 1000 * cents <= 125 * usual:
        times, remedy, word, code = 10, cents * 10, "bas", "ten_times_less"
    elif 80 * usual <= 10_000 * cents <= 125 * usual:
        times, remedy, word, code = 100, cents * 100, "bas", "hundred_times_less"
    else:
        return None
    title = f"{euros(cents)} est {times}{NBSP}fois plus {word} que {_usual_words(facts)}."
    sentence = "La virgule est peut-être mal placée."
    return RentWarning(code, Level.LIKE_ERROR, title, sentence, f"Confirmer {euros(cents)}", _replace(remedy))


def _twelve(cents: int, facts: Facts) -> RentWarning | None:
    usual = facts.usual_cents
    if not usual or not 1140 * usual < 100 * cents <= 1320 * usual:
        return None
    title = f"C’est 12{NBSP}fois le loyer habituel{NBSP}: est-ce un montant annuel{NBSP}?"
    return RentWarning(
        "twelve_times", Level.CONFIRM, title, "", f"Confirmer {euros(cents)}", _replace(_round(cents / 12))
    )


def _aid_deducted(cents: int, facts: Facts) -> RentWarning | None:
    for rent in _rents(facts) if facts.aid_cents else ():
        if abs(cents - (rent - (facts.aid_cents or 0))) <= NEAR_CENTS:
            title = f"Ce montant ressemble au loyer moins l’aide ({euros(rent - (facts.aid_cents or 0))})."
            return RentWarning(
                "aid_deducted",
                Level.CONFIRM,
                title,
                "Déclarez le loyer complet.",
                f"Confirmer {euros(cents)}",
                _replace(rent),
            )
    return None


def _charges_included(cents: int, facts: Facts) -> RentWarning | None:
    for rent in _rents(facts) if (facts.charges_cents or 0) > 2 * NEAR_CENTS else ():
        if abs(cents - (rent + (facts.charges_cents or 0))) <= NEAR_CENTS:
            title = f"Ce montant semble comprendre les charges ({euros(facts.charges_cents or 0)})."
            sentence = "Déclarez le loyer hors charges."
            return RentWarning(
                "charges_included", Level.CONFIRM, title, sentence, f"Confirmer {euros(cents)}", _replace(rent)
            )
    return None


def _whole_rent(cents: int, facts: Facts) -> RentWarning | None:
    """The rent of the whole lease, where each holder declares a share."""
    for share in _rents(facts) if facts.is_share else ():
        if is_near_whole(cents, share, facts.lease_holders):
            holders = f"{facts.lease_holders}{NBSP}titulaires du bail"
            title = f"Ce montant semble le loyer de tout le logement ({holders})."
            remedy = _replace(_round(cents / facts.lease_holders))
            return RentWarning(
                "whole_rent", Level.CONFIRM, title, SHARE_ONLY.capitalize(), _is_the_share(cents), remedy
            )
    return None


def _share_or_whole(cents: int, facts: Facts) -> RentWarning:
    """Whose rent it is, where nobody ever said (domain.md §3.3): confirmed, it is the share that the details state."""
    title = f"{euros(cents)}{NBSP}: est-ce bien la part de ce locataire{NBSP}?"
    sentence = (
        f"Si c’est le loyer de tout le logement ({facts.lease_holders}{NBSP}titulaires du bail), déclarez sa part."
    )
    remedy = _replace(_round(cents / facts.lease_holders))
    return RentWarning(SHARE_OR_WHOLE, Level.CONFIRM, title, sentence, _is_the_share(cents), remedy)


def _is_the_share(cents: int) -> str:
    return f"{euros(cents)} est bien la part de ce locataire"


def _very_low(cents: int, facts: Facts) -> RentWarning | None:
    """Less than rents are, where none as low is known."""
    low, usual = facts.norms.thresholds.low_rent_cents, facts.usual_cents
    if cents >= low or (usual and usual < low):
        return None
    title = f"{euros(cents)} par mois{NBSP}: un loyer symbolique{NBSP}?"
    return RentWarning("very_low", Level.CONFIRM, title, "Confirmez. Sinon, corrigez.", f"Confirmer {euros(cents)}")


def _very_high(cents: int, facts: Facts) -> RentWarning | None:
    """More than rents are: an ordinary change of the one that is known says nothing, be it high itself.

    Of a last July as high, the increase says more.
    """
    high, usual = facts.norms.thresholds.high_rent_cents, facts.usual_cents
    if cents <= high or not _is_above_ordinary(cents, usual, facts) or (facts.last_july_cents or 0) > high:
        return None
    title = f"{euros(cents)} par mois{NBSP}: un loyer très élevé."
    sentence = f"Immeuble entier, résidence{NBSP}? Confirmez. Sinon, corrigez."
    return RentWarning("very_high", Level.CONFIRM, title, sentence, f"Confirmer {euros(cents)}")


def _is_above_ordinary(cents: int, before: int | None, facts: Facts) -> bool:
    """Whether it is more than an ordinary change makes of the rent before, or that is not known."""
    return not before or 100 * (cents - before) > facts.norms.most_increase(facts.caf_code) * before


def _increase(cents: int, facts: Facts) -> RentWarning | None:
    last, index = facts.last_july_cents, facts.norms.index_of(facts.caf_code)
    if not last or not _is_above_ordinary(cents, last, facts):
        return None
    title = f"{percent(cents, last)} par rapport à juillet{NBSP}{facts.year - 1}."
    law = (
        "" if index is None else f"L’indice des loyers autorise en général jusqu’à {_signed(index)}{NBSP}% sur un an. "
    )
    sentence = f"{law}Travaux, nouveau bail{NBSP}? Confirmez. Sinon, corrigez."
    return RentWarning("increase_above_index", Level.CONFIRM, title, sentence, f"Confirmer {euros(cents)}")


def _decrease(cents: int, facts: Facts) -> RentWarning | None:
    last = facts.last_july_cents
    if not last or _change(cents, last) >= -facts.norms.thresholds.decrease_percent:
        return None
    title = f"{percent(cents, last)} par rapport à juillet{NBSP}{facts.year - 1}."
    return RentWarning(
        "decrease", Level.CONFIRM, title, f"Baisse accordée, colocation{NBSP}?", f"Confirmer {euros(cents)}"
    )


_SLIPS = (_comma, _twelve)
_EXTREMES = (_very_low, _very_high)
_EXPLANATIONS: tuple[Callable[[int, Facts], RentWarning | None], ...] = (
    _zero, _comma, _twelve, _aid_deducted, _charges_included, _whole_rent, _very_low, _very_high, _increase, _decrease,
)  # fmt: skip


def _previous_unknown(facts: Facts) -> RentWarning:
    title = f"Le loyer de juillet{NBSP}{facts.year - 1} n’est pas connu."
    return RentWarning(PREVIOUS_UNKNOWN, Level.FIELD, title, "Indiquez-le aussi.", "Je ne le connais pas")


def _rents(facts: Facts) -> Iterator[int]:
    """The rents an amount may have been made from, today's first."""
    yield from dict.fromkeys(rent for rent in (facts.known_rent_cents, facts.last_july_cents) if rent)


def _usual_words(facts: Facts) -> str:
    return f"juillet{NBSP}{facts.year - 1}" if facts.last_july_cents else "le loyer connu"


def _replace(cents: int) -> Remedy:
    return Remedy(f"Remplacer par {euros(cents)}", cents)


def _round(cents: float) -> int:
    return int(cents + 0.5)


def _change(cents: int, last: int) -> Decimal:
    return Decimal(100 * (cents - last)) / last


def percent(cents: int, last: int) -> str:
    """``+15,1 %`` or ``−90,0 %``: the gap between two rents, to one decimal."""
    return _signed(_change(cents, last).quantize(Decimal("0.1"), ROUND_HALF_UP)) + f"{NBSP}%"


def _signed(value: Decimal) -> str:
    sign = "−" if value < 0 else "+"
    return sign + str(abs(value)).replace(".", ",")
