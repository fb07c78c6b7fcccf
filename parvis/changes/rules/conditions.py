"""What direct payment needs of a tenancy, as far as it is known (CCH L.842-1, D.832-1, D.832-2): met, to look at, missing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from parvis.parameters.law import legal


class Standing(StrEnum):
    """Where a condition stands, as the page names it."""

    MET = "Rempli"
    TO_CHECK = "À vérifier"
    MISSING = "Il manque"
    TOLD = "À savoir"


class Condition(NamedTuple):
    """One condition of one tenancy, in words that follow those of its standing."""

    standing: Standing
    words: str


@dataclass(frozen=True, slots=True)
class TenancyFacts:
    """What is known of a tenancy. ``is_decent`` is None where nobody said.

    ``july`` is the year of the July rent that counts, None where the tenancy began later.
    """

    is_decent: bool | None
    area_m2: int | None
    is_agreed: bool
    july: int | None
    july_is_declared: bool
    rent_is_known: bool
    arrears_are_told: bool = False


def conditions_of(facts: TenancyFacts, *, on: date) -> list[Condition]:
    """Each condition once, in the order of the law: the dwelling, the rent, then what the office takes into account."""
    return [*_of_the_dwelling(facts, on), _of_the_rent(facts), *_besides(facts)]


def _of_the_dwelling(facts: TenancyFacts, on: date) -> Iterator[Condition]:
    if facts.is_decent:
        yield Condition(Standing.MET, "logement décent")
    elif facts.is_decent is False:
        yield Condition(Standing.MISSING, "un logement décent")
    else:
        yield Condition(Standing.TO_CHECK, "la décence, que votre caisse ne connaît pas")
    least = legal("min_surface_one_person", on=on)
    if not facts.area_m2:
        yield Condition(Standing.TO_CHECK, "la superficie, que votre caisse ne connaît pas")
    elif least is not None and facts.area_m2 < least:
        yield Condition(Standing.MISSING, f"{least:f}\u00a0m² au moins (connue\u00a0: {facts.area_m2}\u00a0m²)")
    else:
        yield Condition(Standing.MET, f"{facts.area_m2}\u00a0m²")


def _of_the_rent(facts: TenancyFacts) -> Condition:
    if facts.july is not None:
        rent = f"loyer hors charges de juillet\u00a0{facts.july}"
        return Condition(
            *((Standing.MET, f"{rent} déclaré") if facts.july_is_declared else (Standing.MISSING, f"le {rent}"))
        )
    if facts.rent_is_known:
        return Condition(Standing.MET, "loyer hors charges connu")
    return Condition(Standing.TO_CHECK, "le loyer hors charges, que votre caisse ne connaît pas")


def _besides(facts: TenancyFacts) -> Iterator[Condition]:
    if facts.is_agreed:
        yield Condition(Standing.TOLD, "logement conventionné, l’Apl se verse en principe au bailleur")
    if facts.arrears_are_told:
        yield Condition(Standing.TOLD, "un impayé est signalé, votre caisse en tient compte")


def in_words(conditions: list[Condition]) -> str:
    """``Rempli : logement décent, 43 m². À vérifier : …``, one sentence a standing."""
    said = []
    for standing in Standing:
        found = [condition.words for condition in conditions if condition.standing is standing]
        if found:
            said.append(f"{standing}\u00a0: {', '.join(found)}.")
    return " ".join(said)
