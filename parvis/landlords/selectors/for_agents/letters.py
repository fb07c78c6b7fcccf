"""The letters of the day that bring credentials: whether they are used up (security.md, requirement 22)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from parvis.audit.selectors import has_happened
from parvis.identity import events, rules
from parvis.identity.services import limits
from parvis.parameters.catalogue import LETTERS_A_DAY
from parvis.parameters.selectors import value


class Exhausted(NamedTuple):
    """The letters of the day have all been asked for; ``until`` when there are others, None if there are again."""

    until: datetime | None


def letters_exhausted(*, at: datetime) -> Exhausted | None:
    """Whether the letters of the day are used up, or somebody was refused one within a day: for whoever runs the portal.

    The count tells it too, for what an agent is refused leaves nothing in the journal.
    """
    until = limits.held_until(limits.of_letters(value(LETTERS_A_DAY)), at=at)
    if until is None and not has_happened(events.LETTERS_EXHAUSTED, "letters", since=at - rules.TRIES_WINDOW):
        return None
    return Exhausted(until)
