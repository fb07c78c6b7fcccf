"""One file a kind of declaration: its checks, its sentences, its details. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.death import DEATH
from parvis.declarations.kinds.end_of_management import END_OF_MANAGEMENT
from parvis.declarations.kinds.kind import DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.declarations.kinds.lease_holders import LEASE_HOLDERS
from parvis.declarations.kinds.move_out import MOVE_OUT
from parvis.declarations.kinds.pairs import Clash as Clash
from parvis.declarations.kinds.pairs import clashes as clashes
from parvis.declarations.kinds.pairs import possible_clashes as possible_clashes
from parvis.declarations.kinds.revision import read_revision
from parvis.declarations.kinds.withdrawal import is_alone, is_withdrawn, withdrawal


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

KINDS: dict[str, DeclarationKind] = {
    kind.code: kind for kind in (JULY_RENT, ARREARS, LEASE_HOLDERS, MOVE_OUT, DEATH, END_OF_MANAGEMENT)
}
"""Every kind by its code, in the order of a sending of several."""


def kind_of(code: str) -> DeclarationKind:
    """The kind of that code."""
    return KINDS[code]


def read(code: str, answers: Mapping[str, str], facts: TenancyFacts, *, revises: bool = False) -> Reading:
    """What the answers of a declaration of that kind say today; ``revises``: it corrects what the office took in."""
    reading = _read(code, answers, facts)
    return read_revision(reading, answers) if revises else reading


def _read(code: str, answers: Mapping[str, str], facts: TenancyFacts) -> Reading:
    if is_withdrawn(answers):
        return withdrawal(facts.siblings, alone=is_alone(answers))
    return kind_of(code).read(answers, facts)
