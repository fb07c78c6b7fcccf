"""How upkeep says no."""

from __future__ import annotations

from parvis.kit.refusals import Refusal


class TaskRuns(Refusal):
    """Asked to run a task that is running."""

    def __init__(self) -> None:
        super().__init__("Cette tâche est déjà en cours. Attendez qu’elle se termine.")
