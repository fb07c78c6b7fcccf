"""Entries of a campaign in the order of names, whatever their states: the one index that holds that order holds it group by group.

What changes in an index is written in each index of the table, a file makes a hundred thousand: so there is one, by groups of states
that typing does not leave, and its few groups are merged here, a page of each. One state of several is looked for among the lines of
its group: of a hundred thousand in 25 ms, where it is that of the last ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parvis.declarations.models import OPEN_STATES
from parvis.declarations.rules import apart, groups_of, in_groups

OPEN = groups_of(*OPEN_STATES)
WITH_OFFICE = groups_of("submitted", "integrated")


class Shown(NamedTuple):
    """Which entries are shown: their groups, and what else is asked of them."""

    groups: tuple[int, ...]
    also: str = ""

    def and_also(self, condition: str) -> Shown:
        """The same, with one condition more."""
        return self._replace(also=self.also + condition)


def _shown(*states: str) -> Shown:
    return Shown(groups_of(*states), apart(*states))


FILTERS = {
    "": Shown(OPEN),
    "a-saisir": _shown("to_declare", "rejected"),
    "saisis": _shown("drafted", "to_confirm", "to_correct"),
    "prets": _shown("drafted"),
    "transmis": Shown(WITH_OFFICE),
    "tous": Shown((*OPEN, *WITH_OFFICE)),
}
"""Filters of the grid by their word in the address."""


def picked(groups: Sequence[int], where: str, end: str) -> str:
    """Names and tenancies of the entries ``e`` of these groups for which ``where`` holds; ``end`` orders them by name and limits them."""
    select = "SELECT e.sort_name, e.tenancy_id FROM"
    branches = [
        f"{select} declarations_campaignentry e WHERE {in_groups([group])} AND {where} {end}" for group in groups
    ]
    if len(branches) == 1:
        return branches[0]
    return f"{select} ({' UNION ALL '.join(f'({branch})' for branch in branches)}) e {end}"
