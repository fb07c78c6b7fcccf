"""Kinds of which one says it all, so that both together say the same twice (ux.md B13.1). Pure.

Which of them do may depend on the answers: a tenant who died does not leave, but a widow may. Before the answers are there such a
pair is only possible.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from parvis.kit.money import NBSP


@dataclass(frozen=True, slots=True)
class Clash:
    """Two kinds, the sentence that says why, and the one to take out.

    ``only_if`` is (kind, name of a detail, value): the pair clashes only then. ``possibly`` is the sentence before that is known.
    """

    first: str
    second: str
    sentence: str
    superfluous: str
    only_if: tuple[str, str, str] | None = None
    possibly: str = ""


_CLASHES = (
    Clash(
        "death",
        "move_out",
        f"Le décès suffit{NBSP}: inutile de déclarer aussi un départ.",
        "move_out",
        ("death", "who", "claimant"),
        "Le décès suffit si c’est celui du locataire. Si une autre personne du logement est décédée et que le locataire part, "
        "gardez les deux.",
    ),
    Clash(
        "end_of_management",
        "lease_holders",
        f"Vous ne gérez plus ce logement{NBSP}: la colocation est à déclarer par le nouveau gestionnaire.",
        "lease_holders",
    ),
    Clash(
        "move_out",
        "lease_holders",
        f"Le locataire part{NBSP}: la colocation de ceux qui restent se déclare sur leur propre fiche.",
        "lease_holders",
    ),
    Clash(
        "move_out",
        "end_of_management",
        f"Le départ suffit{NBSP}: sans locataire, plus aucune aide n’est versée pour ce logement.",
        "end_of_management",
    ),
)


def clashes(codes: Collection[str], details: Mapping[str, Mapping[str, Any]] | None = None) -> list[Clash]:
    """The pairs among ``codes`` that certainly clash; ``details`` is what each kind says so far, by its code."""
    return [clash for clash in _both(codes) if clash.only_if is None or _holds(clash.only_if, details or {})]


def possible_clashes(codes: Collection[str], details: Mapping[str, Mapping[str, Any]]) -> list[Clash]:
    """The pairs of which the answers still to come decide."""
    return [clash for clash in _both(codes) if clash.only_if is not None and not details.get(clash.only_if[0])]


def _both(codes: Collection[str]) -> list[Clash]:
    return [clash for clash in _CLASHES if clash.first in codes and clash.second in codes]


def _holds(condition: tuple[str, str, str], details: Mapping[str, Mapping[str, Any]]) -> bool:
    kind, name, value = condition
    return details.get(kind, {}).get(name) == value
