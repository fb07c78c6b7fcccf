"""Taking a declaration back: a correction that says it did not happen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from parvis.declarations.kinds.kind import Reading

_NAME: Final = "withdrawn"
WITHDRAWN = {_NAME: "yes"}
"""Added to the answers of the declaration that is taken back."""

WITHDRAWAL = {_NAME: True}
"""The details it leaves with."""


def is_withdrawn(answers: Mapping[str, str]) -> bool:
    """Whether these answers take back what was declared."""
    return answers.get(_NAME) == WITHDRAWN[_NAME]


def withdrawal(siblings: int = 0) -> Reading:
    """What leaves: that the declaration it corrects is void, and with it the ``siblings`` of the same building."""
    building = (
        ("Autres logements de l’immeuble", f"{siblings}, annulés aussi" if siblings > 1 else "1, annulé aussi"),
    )
    return Reading(
        details=dict(WITHDRAWAL),
        lines=(
            ("Annulation", "Ce qui avait été déclaré n’a pas eu lieu, ou pas pour ce locataire."),
            *(building if siblings else ()),
        ),
        effect="Votre caisse ne tient plus compte de votre déclaration précédente.",
    )
