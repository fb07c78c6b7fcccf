"""Taking a declaration back: a correction that says it did not happen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parvis.declarations.kinds.kind import Reading

_NAME: Final = "withdrawn"
WITHDRAWN = {_NAME: "yes"}
"""Added to the answers of the declaration that is taken back."""
WITHDRAWN_ALONE = {_NAME: "alone"}
"""Added instead where what was declared of the other dwellings of the building stands."""

WITHDRAWAL = {_NAME: True}
"""The details it leaves with."""


def is_withdrawn(answers: Mapping[str, str]) -> bool:
    """Whether these answers take back what was declared."""
    return answers.get(_NAME) in (WITHDRAWN[_NAME], WITHDRAWN_ALONE[_NAME])


def is_alone(answers: Mapping[str, str]) -> bool:
    """Whether they do so of one dwelling, and of no other of its building."""
    return answers.get(_NAME) == WITHDRAWN_ALONE[_NAME]


def withdrawal(siblings: int = 0, *, alone: bool = False) -> Reading:
    """What leaves: that the declaration it corrects is void, and with it the ``siblings`` of the same building, unless it is
    taken back ``alone``."""
    what = "inchangé" if alone else "annulé aussi"
    told = f"{siblings}, {what.replace('é', 'és', 1)}" if siblings > 1 else f"1, {what}"
    building = (("Autres logements de l’immeuble", told),)
    return Reading(
        details=dict(WITHDRAWAL),
        lines=(
            ("Annulation", "Ce qui avait été déclaré n’a pas eu lieu, ou pas pour ce locataire."),
            *(building if siblings else ()),
        ),
        effect="Votre caisse ne tient plus compte de votre déclaration précédente.",
    )
