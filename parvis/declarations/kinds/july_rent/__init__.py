"""The July rent: what was typed, read; what looks unusual, said; never a block, for the law has exceptions. Pure.

Words of ux.md B13.2. The office does not judge the rent: each sentence says what was seen and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.kinds.july_rent.unusual import (
    PREVIOUS_UNKNOWN,
    SHARE_OR_WHOLE,
    Level,
    Remedy,
    RentWarning,
    percent,
    slip_of,
    warnings_of,
)
from parvis.declarations.parameters import Thresholds
from parvis.declarations.refusals import RentOutOfBounds
from parvis.declarations.rules import check_rent
from parvis.kit.money import NBSP, TwoReadings, euros, read_amount
from parvis.kit.refusals import Refusal

__all__ = [
    "AGAIN", "PREVIOUS_UNKNOWN", "SHARE_OR_WHOLE", "USUAL", "USUAL_AGAIN",
    "Assessment", "Level", "Remedy", "RentWarning", "assess", "details", "percent",
    "previous_details", "warnings_of",
]  # fmt: skip

USUAL = "usual"
"""What is confirmed of a line that waited for a word and needs none any more: a threshold, or the index, moved since."""
USUAL_AGAIN = "Ce montant n’est plus inhabituel."
POSSIBLE_AGAIN = "Ce montant peut maintenant être transmis."
AGAIN = {"to_confirm": USUAL_AGAIN, "to_correct": POSSIBLE_AGAIN}
"""What is said of a line that stays in one of these states although nothing is wrong with it: thresholds or bounds moved since."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is to be thought of a line: ``state`` is that of the campaign entry."""

    state: str
    cents: int | None = None
    previous_cents: int | None = None
    fault: str = ""
    previous_fault: str = ""
    understood: str = ""
    remedies: tuple[Remedy, ...] = ()
    warnings: tuple[RentWarning, ...] = ()
    pending: tuple[RentWarning, ...] = ()


def assess(
    facts: Facts,
    *,
    typed: str,
    kept_cents: int | None = None,
    previous_typed: str = "",
    confirmed: tuple[str, ...] = (),
) -> Assessment:
    """Read and check one line. ``kept_cents`` is an amount nobody typed (taken over from what is known).

    Where the July rent of the year before was asked for and is given, it is what the rent is compared with; a slip is still looked
    for beside the rent the office knows, for both may have been typed with the same one.
    """
    limits = facts.norms.thresholds
    previous_cents, previous_fault, _, _ = (
        _read(previous_typed, limits, None) if facts.asks_previous else (None, "", "", ())
    )
    compared = facts if previous_cents is None else facts._replace(last_july_cents=previous_cents)
    known = facts if facts.usual_cents else compared
    if not typed.strip() and kept_cents is None:
        return Assessment("to_declare", previous_cents=previous_cents, previous_fault=previous_fault)
    cents, fault, understood, remedies = _read(typed, limits, known) if typed.strip() else (kept_cents, "", "", ())
    if cents is None:
        return Assessment("to_correct", None, previous_cents, fault, previous_fault, remedies=remedies)
    if not typed.strip() and (fault := _out_of_bounds(cents, limits)):
        return Assessment("to_correct", cents, previous_cents, fault, previous_fault)
    warnings = warnings_of(cents, compared, has_previous=previous_cents is not None, known=known)
    pending = tuple(warning for warning in warnings if warning.code not in confirmed)
    state = "drafted"
    if previous_fault or any(warning.level is Level.LIKE_ERROR for warning in pending):
        state = "to_correct"
    elif pending:
        state = "to_confirm"
    return Assessment(state, cents, previous_cents, "", previous_fault, understood, warnings=warnings, pending=pending)


def _read(typed: str, limits: Thresholds, facts: Facts | None) -> tuple[int | None, str, str, tuple[Remedy, ...]]:
    """The cents, or the fault and what may mend it; and what to show back when the writing was unusual.

    With the ``facts`` it is compared with, an amount that cannot be sent is explained as one that can.
    """
    if not typed.strip():
        return None, "", "", ()
    try:
        amount = read_amount(typed)
        check_rent(amount.cents, limits)
    except TwoReadings as refusal:
        return None, refusal.sentence, "", tuple(Remedy(euros(cents), cents) for cents in refusal.readings)
    except RentOutOfBounds as refusal:
        slip = slip_of(read_amount(typed).cents, facts) if facts is not None else None
        if slip is None or slip.remedy is None:
            return None, refusal.sentence, "", ()
        return None, f"{slip.title} {slip.sentence}".strip(), "", (slip.remedy,)
    except Refusal as refusal:
        return None, refusal.sentence, "", ()
    shown = " ".join(typed.split())
    understood = f"«{NBSP}{shown}{NBSP}» compris comme {euros(amount.cents)}." if amount.changed else ""
    return amount.cents, "", understood, ()


def _out_of_bounds(cents: int, limits: Thresholds) -> str:
    """What is wrong with an amount nobody typed, which the bounds may refuse since it was taken over; or nothing."""
    try:
        check_rent(cents, limits)
    except RentOutOfBounds as refusal:
        return refusal.sentence
    return ""


def details(facts: Facts, cents: int, *, furnished: bool, lease_holders: int) -> dict[str, Any]:
    """What leaves for the office's information system (exchange-formats.md). Charges are not asked: null.

    ``amount_is`` says whether the rent is that of the lease, or this tenant's share of it.
    """
    return {
        "year": facts.year,
        "rent_cents": cents,
        "charges_cents": None,
        "furnished": furnished,
        "lease_holders": lease_holders,
        "amount_is": "share" if lease_holders > 1 else "whole",
    }


def previous_details(facts: Facts, cents: int) -> dict[str, Any]:
    """The July rent of the year before, treated by an agent."""
    return {"year": facts.year - 1, "rent_cents": cents}
