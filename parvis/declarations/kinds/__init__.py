"""One file a kind of declaration: its checks, its sentences, its details. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.death import DEATH
from parvis.declarations.kinds.end_of_management import END_OF_MANAGEMENT
from parvis.declarations.kinds.kind import DeclarationKind, Group, Question, Reading, TenancyFacts
from parvis.declarations.kinds.lease_holders import LEASE_HOLDERS
from parvis.declarations.kinds.move_out import MOVE_OUT
from parvis.declarations.kinds.withdrawal import is_withdrawn, withdrawal
from parvis.kit.money import NBSP


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

_CLASHES = (
    ("death", "move_out", f"Le décès suffit{NBSP}: inutile de déclarer aussi un départ.", "move_out"),
    (
        "end_of_management",
        "lease_holders",
        f"Vous ne gérez plus ce logement{NBSP}: la colocation est à déclarer par le nouveau gestionnaire.",
        "lease_holders",
    ),
    (
        "move_out",
        "lease_holders",
        f"Le locataire part{NBSP}: la colocation de ceux qui restent se déclare sur leur propre fiche.",
        "lease_holders",
    ),
    (
        "move_out",
        "end_of_management",
        f"Le départ suffit{NBSP}: sans locataire, plus aucune aide n’est versée pour ce logement.",
        "end_of_management",
    ),
)


def kind_of(code: str) -> DeclarationKind:
    """The kind of that code."""
    return KINDS[code]


def read(code: str, answers: Mapping[str, str], facts: TenancyFacts) -> Reading:
    """What the answers of a declaration of that kind say today."""
    return withdrawal(facts.siblings) if is_withdrawn(answers) else kind_of(code).read(answers, facts)


def clashes(codes: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Pairs of which one says it all (ux.md B13.1): (code, code, sentence, the code to take out)."""
    return [clash for clash in _CLASHES if clash[0] in codes and clash[1] in codes]
