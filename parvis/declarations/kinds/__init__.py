"""One file a kind of declaration: its checks, its sentences, its details. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from parvis.declarations.kinds.kind import DeclarationKind, Group, Question, Reading, TenancyFacts


def _in_the_grid(facts: TenancyFacts) -> tuple[Question, ...]:
    return ()


def _read_in_the_grid(answers: Mapping[str, str], facts: TenancyFacts) -> Reading:
    return Reading()


JULY_RENT = DeclarationKind(
    code="july_rent",
    title="Déclaration de loyer",
    card="Montant hors charges du mois de juillet.",
    lead="",
    group=Group.RENT,
    order=1,
    questions=_in_the_grid,
    read=_read_in_the_grid,
)

KINDS: dict[str, DeclarationKind] = {kind.code: kind for kind in (JULY_RENT,)}
"""Every kind by its code, in the order of a sending of several."""


def kind_of(code: str) -> DeclarationKind:
    """The kind of that code."""
    return KINDS[code]


def clashes(codes: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Pairs of which one says it all: (code, code, sentence, the code to take out)."""
    return []
