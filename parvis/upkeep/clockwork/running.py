"""Running what is due: a task is run by one at a time, whatever the number of machines; one that fails stops no other.

The lock is the database's own and ends with its session: a run killed half-way is taken up again at once. The row's moment
moves only when the run has ended, so that nothing is skipped.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from parvis.audit.journal import record
from parvis.kit.actors import Actor, check_holds, system
from parvis.kit.merging import execute, rows
from parvis.kit.refusals import NotFound
from parvis.upkeep import events
from parvis.upkeep.clockwork.rhythm import after_failure
from parvis.upkeep.clockwork.task import Counts, Task
from parvis.upkeep.clockwork.tasks import BY_NAME, TASKS
from parvis.upkeep.models import Outcome, TaskRun
from parvis.upkeep.refusals import TaskRuns

_LOCKS = 7_301_200
_INTERRUPTED = "Interrompue avant la fin."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one task in one run."""

    task: Task
    outcome: str
    counts: Counts


def run_due(*, at: datetime) -> list[Ran]:
    """Run everything that is due, each task once; those another process is at are left to it."""
    ran: list[Ran] = []
    while (one := run_next(at=at, but=[done.task.name for done in ran])) is not None:
        ran.append(one)
    return ran


def run_next(*, at: datetime, but: Collection[str] = ()) -> Ran | None:
    """Run the first task that is due and free, ``but`` these; None where there is none."""
    for task in _due(at, but):
        with _alone(task) as ours:
            if ours and _begin(task, at):
                return _run(task, at)
    return None


@transaction.atomic
def ask(name: str, *, by: Actor, at: datetime) -> None:
    """Have a task run as soon as somebody has time, whatever its next moment; asked twice, it runs once."""
    task = BY_NAME.get(name)
    if task is None:
        raise NotFound
    if not any(by.holds(duty) for duty in task.asked_by):
        check_holds(by, task.asked_by[0])
    enter(at=at)
    changed = TaskRun.objects.filter(name=name).exclude(outcome=Outcome.RUNNING)
    if not changed.update(due_at=at, asked_at=at, asked_by=by.label):
        raise TaskRuns
    record(events.TASK_ASKED, subject=f"task {name}", by=by, at=at)


def enter(*, at: datetime) -> None:
    """Give a row to each task that has none: it is due at once."""
    known = set(TaskRun.objects.values_list("name", flat=True))
    new = [TaskRun(name=task.name, due_at=at) for task in TASKS if task.name not in known]
    if new:
        TaskRun.objects.bulk_create(new, ignore_conflicts=True)


def _ripe(at: datetime) -> QuerySet[TaskRun]:
    """Rows that are due. Where time was moved back (a demonstration), what was run later is due again."""
    return TaskRun.objects.filter(Q(due_at__lte=at) | Q(begun_at__gt=at))


def _due(at: datetime, but: Collection[str]) -> list[Task]:
    enter(at=at)
    names = set(_ripe(at).values_list("name", flat=True))
    return [
        task
        for task in TASKS
        if task.name in names and task.name not in but and not (names - set(but)) & set(task.after)
    ]


@contextmanager
def _alone(task: Task) -> Iterator[bool]:
    ours = bool(rows("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCKS, task.name])[0][0])
    try:
        yield ours
    finally:
        if ours:
            execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCKS, task.name])


def _begin(task: Task, at: datetime) -> bool:
    """Claim the run; looked at again under the lock, for whoever was faster."""
    broken_off = TaskRun.objects.filter(name=task.name, outcome=Outcome.RUNNING)
    if broken_off.update(outcome=Outcome.FAILED, failure=_INTERRUPTED, failures=F("failures") + 1):
        log.warning("task_was_interrupted", task=task.name)
        run = TaskRun.objects.get(name=task.name)
        if run.failures > 1:
            # What kills its worker each time must not kill all of them all the time.
            TaskRun.objects.filter(pk=run.pk).update(due_at=after_failure(task.rhythm, run.failures, at), begun_at=at)
            return False
    changes = {"begun_at": at, "ended_at": None, "outcome": Outcome.RUNNING}
    return _ripe(at).filter(name=task.name).update(**changes) == 1


def _run(task: Task, at: datetime) -> Ran:
    began = time.monotonic()
    try:
        counts = dict(task.run(system(task.name), at))
    except Exception as error:
        # One chore that fails must not keep the others from being done: it is told, and tried again.
        log.exception("task_failed", task=task.name)
        failures = _note_failed(task, type(error).__name__, at, _since(began))
        log.error("task_waits", task=task.name, failures=failures)
        return Ran(task, Outcome.FAILED, {})
    _note_done(task, counts, at, _since(began))
    if any(counts.values()):
        log.info("task_done", task=task.name, took_ms=_since(began), **{"counts": counts})
    return Ran(task, Outcome.DONE, counts)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _note_done(task: Task, counts: dict[str, int], at: datetime, took_ms: int) -> None:
    ended = at + timedelta(milliseconds=took_ms)
    changes: dict[str, Any] = {"worked_at": ended} if any(counts.values()) else {}
    _note(task, Outcome.DONE, ended, took_ms, task.rhythm.after(at), counts=counts, done_at=ended, failures=0,
          failure="", **changes)  # fmt: skip


@transaction.atomic
def _note_failed(task: Task, name: str, at: datetime, took_ms: int) -> int:
    run = TaskRun.objects.select_for_update().get(name=task.name)
    failures = run.failures + 1
    ended = at + timedelta(milliseconds=took_ms)
    _note(
        task, Outcome.FAILED, ended, took_ms, after_failure(task.rhythm, failures, at), failures=failures, failure=name
    )
    if failures == 1:
        record(events.TASK_FAILED, subject=f"task {task.name}", by=system(task.name), at=at, error=name)
    return failures


def _note(task: Task, outcome: str, ended: datetime, took_ms: int, due_at: datetime, **more: Any) -> None:
    changes = {"outcome": outcome, "ended_at": ended, "took_ms": took_ms, "asked_at": None, "asked_by": "", **more}
    TaskRun.objects.filter(name=task.name).update(due_at=due_at, **changes)
