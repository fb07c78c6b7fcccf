"""Questions about the tasks: how each last ran, which are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.kit.actors import Actor, Duty, check_holds
from parvis.upkeep.clockwork.task import Task
from parvis.upkeep.clockwork.tasks import TASKS
from parvis.upkeep.models import Outcome, TaskRun


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task as the page shows it; ``late_by`` is nothing while it is not late."""

    task: Task
    run: TaskRun
    late_by: timedelta

    @property
    def state(self) -> str:
        """late, failed, running, never or done: the first of these that holds."""
        if self.late_by:
            return "late"
        return str(self.run.outcome)

    @property
    def took(self) -> str:
        """How long the last run took, as people say it."""
        ms = self.run.took_ms
        return f"{ms}\u00a0ms" if ms < 1_000 else f"{ms // 1_000},{ms % 1_000 // 100}\u00a0s"

    @property
    def did(self) -> list[tuple[str, int]]:
        """What the last run did, without what it found none of."""
        return [(words, count) for words, count in self.run.counts.items() if count]


def tasks(actor: Actor, *, at: datetime) -> list[TaskLine]:
    """Every task: late ones first, then those that failed, then as they run."""
    check_holds(actor, Duty.WATCH_CLOCKWORK)
    lines = lines_of(at=at)
    return sorted(lines, key=lambda line: (-line.late_by, line.run.outcome != Outcome.FAILED))


def lines_of(*, at: datetime) -> list[TaskLine]:
    """Every task, in the order they run; one that nobody entered yet is due since now."""
    known = {run.name: run for run in TaskRun.objects.all()}
    lines = []
    for task in TASKS:
        run = known.get(task.name) or TaskRun(name=task.name, due_at=at)
        since = at - run.due_at
        late = since if since > task.rhythm.patience else timedelta()
        lines.append(TaskLine(task, run, late))
    return lines
