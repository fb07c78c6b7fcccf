"""Entries of a campaign in the order of names, whatever their states: the one index that holds that order holds it group by group.

What changes in an index is written in each index of the table, a file makes a hundred thousand: so there is one, by groups of states
that typing does not leave, and its few groups are merged here, a page of each. One state of several is looked for among the lines of
its group: of a hundred thousand in 25 ms, where it is that of the last ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

OPEN = (0, 1)
"""The groups of what is not with the office yet (models.OPEN_STATES)."""
WITH_OFFICE = (2, 3)
EVERY = (*OPEN, *WITH_OFFICE)


class Shown(NamedTuple):
    """Which entries are shown: their groups, and what else is asked of them."""

    groups: tuple[int, ...]
    also: str = ""

    def and_also(self, condition: str) -> Shown:
        """The same, with one condition more."""
        return self._replace(also=self.also + condition)


FILTERS = {
    "": Shown(OPEN),
    "a-saisir": Shown(OPEN, " AND e.state IN ('to_declare', 'rejected')"),
    "saisis": Shown(OPEN, " AND e.state IN ('drafted', 'to_confirm', 'to_correct')"),
    "prets": Shown((0,), " AND e.state = 'drafted'"),
    "transmis": Shown(WITH_OFFICE),
    "tous": Shown(EVERY),
}
"""Filters of the grid by their word in the address."""


def of_group(group: int) -> str:
    """That an entry ``e`` is of a group, as the index holds it in the order of names."""
    return f"e.state_group = {group}"


def of_groups(groups: Sequence[int]) -> str:
    """That an entry ``e``, found otherwise, is of one of these groups."""
    return f"e.state_group IN ({', '.join(map(str, groups))})"


def picked(groups: Sequence[int], where: str, end: str) -> str:
    """Names and tenancies of the entries ``e`` of these groups for which ``where`` holds; ``end`` orders them by name and limits them."""
    select = "SELECT e.sort_name, e.tenancy_id FROM"
    branches = [f"{select} declarations_campaignentry e WHERE {of_group(group)} AND {where} {end}" for group in groups]
    if len(branches) == 1:
        return branches[0]
    return f"{select} ({' UNION ALL '.join(f'({branch})' for branch in branches)}) e {end}"
