"""What a task is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from parvis.kit.actors import Actor, Duty
from parvis.upkeep.clockwork.rhythm import Rhythm

Counts = Mapping[str, int]
"""What a run did: French words and numbers, as the screens show them; nothing of people."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing done by itself. ``run`` may be repeated at any moment, and broken off anywhere: it goes on where it was.

    ``after`` names the tasks that go first where both are due; one of them that failed is not waited for. ``asked_by``: any
    of these duties may have it run at once.
    """

    name: str
    label: str
    does: str
    rhythm: Rhythm
    run: Callable[[Actor, datetime], Counts]
    after: tuple[str, ...] = ()
    asked_by: tuple[Duty, ...] = (Duty.WATCH_CLOCKWORK,)
