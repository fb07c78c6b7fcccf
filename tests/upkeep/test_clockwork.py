"""The clockwork: each task once, by one at a time, whatever fails, dies or was down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event

import pytest
from django.db import connection

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.kit.actors import Actor, ActorKind, system
from parvis.kit.refusals import DutyMissing, NotFound
from parvis.upkeep import selectors
from parvis.upkeep.clockwork import running
from parvis.upkeep.clockwork.rhythm import Daily, Every
from parvis.upkeep.clockwork.task import Task
from parvis.upkeep.clockwork.tasks import BY_NAME, TASKS
from parvis.upkeep.models import Outcome, TaskRun
from parvis.upkeep.refusals import TaskRuns
from tests.factories.agents import colleague
from tests.identity.test_races import at_once

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
TEN = Every(10)
Given = Callable[..., None]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Other tasks than those of the instance."""

    def put(*tasks: Task) -> None:
        for module in (running, selectors):
            monkeypatch.setattr(module, "TASKS", tasks)
        monkeypatch.setattr(running, "BY_NAME", {task.name: task for task in tasks})

    return put


def task(name: str, done: list[str], *, rhythm: Every | Daily = TEN, after: tuple[str, ...] = ()) -> Task:
    def run(by: Actor, at: datetime) -> dict[str, int]:
        done.append(name)
        return {"faites": len(done)}

    return Task(name, name, "", rhythm, run, after)


def failing(name: str) -> Task:
    def run(by: Actor, at: datetime) -> dict[str, int]:
        raise ValueError("camille.martin@exemple.fr")

    return Task(name, name, "", Every(10), run)


def names(ran: list[running.Ran]) -> list[str]:
    return [one.task.name for one in ran]


@pytest.mark.django_db
def test_what_is_due_runs_once_and_says_what_it_did(given: Given) -> None:
    done: list[str] = []
    given(task("one", done), task("two", done))
    assert names(running.run_due(at=NOW)) == ["one", "two"]
    assert running.run_due(at=NOW) == []
    assert running.run_due(at=NOW + timedelta(minutes=9)) == []
    run = TaskRun.objects.get(name="two")
    assert (run.outcome, run.counts, run.due_at) == (Outcome.DONE, {"faites": 2}, NOW + timedelta(minutes=10))
    assert run.begun_at == NOW
    assert run.ended_at
    assert names(running.run_due(at=NOW + timedelta(minutes=10))) == ["one", "two"]


@pytest.mark.django_db
def test_after_days_down_each_task_catches_up_once(given: Given) -> None:
    done: list[str] = []
    given(task("daily", done, rhythm=Daily(3)))
    running.run_due(at=NOW)
    later = NOW + timedelta(days=12)
    assert names(running.run_due(at=later)) == ["daily"]
    assert running.run_due(at=later + timedelta(hours=1)) == []


@pytest.mark.django_db
def test_one_that_fails_stops_no_other_and_is_tried_again_soon(given: Given) -> None:
    done: list[str] = []
    given(failing("bad"), task("good", done, after=("bad",)))
    assert [one.outcome for one in running.run_due(at=NOW)] == ["failed", "done"]
    run = TaskRun.objects.get(name="bad")
    assert (run.outcome, run.failures, run.failure) == (Outcome.FAILED, 1, "ValueError"), "no word of anybody is kept"
    assert run.due_at == NOW + timedelta(minutes=1)
    running.run_due(at=run.due_at)
    again = TaskRun.objects.get(name="bad")
    assert (again.failures, again.due_at) == (2, run.due_at + timedelta(minutes=5))
    assert Entry.objects.filter(event="upkeep.task_failed").count() == 1, "told once, not at every try"
    given(task("bad", done), task("good", done))
    running.run_due(at=again.due_at)
    assert TaskRun.objects.get(name="bad").failures == 0


@pytest.mark.django_db
def test_a_task_waits_for_those_that_go_first(given: Given) -> None:
    done: list[str] = []
    given(task("second", done, after=("first",)), task("first", done))
    running.run_due(at=NOW)
    assert done == ["first", "second"]


@pytest.mark.django_db
def test_where_time_was_moved_back_tasks_run_again(given: Given) -> None:
    done: list[str] = []
    given(task("one", done))
    running.run_due(at=NOW)
    assert names(running.run_due(at=NOW - timedelta(days=30))) == ["one"]
    assert running.run_due(at=NOW - timedelta(days=30)) == []


@pytest.mark.django_db
def test_a_run_that_was_killed_is_taken_up_at_once_but_not_for_ever(given: Given) -> None:
    done: list[str] = []
    given(task("one", done))
    running.enter(at=NOW)
    TaskRun.objects.update(outcome=Outcome.RUNNING, begun_at=NOW)
    running.run_due(at=NOW + timedelta(seconds=5))
    assert done == ["one"]
    TaskRun.objects.update(outcome=Outcome.RUNNING, failures=3, due_at=NOW)
    assert running.run_due(at=NOW + timedelta(hours=1)) == []
    assert TaskRun.objects.get().due_at == NOW + timedelta(hours=1, minutes=10)


@pytest.mark.django_db(transaction=True)
def test_started_twice_at_once_it_runs_once(given: Given) -> None:
    done, busy = count(), Event()

    def slow(by: Actor, at: datetime) -> dict[str, int]:
        next(done)
        busy.wait(0.5)
        return {}

    given(Task("slow", "slow", "", Every(10), slow))
    running.enter(at=NOW)
    assert sorted(len(ran) for ran in at_once(6, lambda _: running.run_due(at=NOW))) == [0, 0, 0, 0, 0, 1]
    assert next(done) == 1
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
    with connection.cursor() as cursor:
        cursor.execute(held, [running._LOCKS])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_an_agent_has_a_task_run_again_and_others_may_not(given: Given) -> None:
    done: list[str] = []
    given(task("one", done))
    running.run_due(at=NOW)
    boss, clerk = colleague().actor, colleague((Role.RECEPTION, "441")).actor
    for stranger in (clerk, Actor(ActorKind.PARTNER, "LOG000001A")):
        with pytest.raises(DutyMissing):
            running.ask("one", by=stranger, at=NOW)
    with pytest.raises(NotFound):
        running.ask("other", by=boss, at=NOW)
    running.ask("one", by=boss, at=NOW)
    running.ask("one", by=boss, at=NOW)
    assert names(running.run_due(at=NOW + timedelta(seconds=1))) == ["one"]
    assert done == ["one", "one"]
    assert Entry.objects.filter(event="upkeep.task_asked", actor_label=boss.label).count() == 2
    TaskRun.objects.update(outcome=Outcome.RUNNING)
    with pytest.raises(TaskRuns):
        running.ask("one", by=boss, at=NOW)


@pytest.mark.django_db
def test_late_tasks_come_first(given: Given) -> None:
    done: list[str] = []
    given(task("fine", done), failing("bad"), task("late", done))
    running.run_due(at=NOW)
    TaskRun.objects.filter(name="late").update(due_at=NOW - timedelta(hours=3))
    lines = selectors.tasks(system("tests"), at=NOW + timedelta(seconds=30))
    assert [(line.task.name, line.state) for line in lines] == [("late", "late"), ("bad", "failed"), ("fine", "done")]


def test_a_day_has_its_hour_also_where_clocks_change() -> None:
    night = Daily(2)
    assert night.after(datetime(2026, 10, 24, 22, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert night.after(datetime(2026, 10, 25, 0, 0, tzinfo=UTC)) == datetime(2026, 10, 26, 1, 0, tzinfo=UTC)
    assert Daily(20).after(NOW) == datetime(2026, 9, 14, 18, 0, tzinfo=UTC)


def test_what_a_task_waits_for_exists_and_comes_before_it() -> None:
    seen: list[str] = []
    for one in TASKS:
        assert set(one.after) <= set(seen), one.name
        seen.append(one.name)
    assert len(seen) == len(BY_NAME)


@pytest.mark.django_db
def test_every_task_of_the_instance_runs_on_an_empty_one() -> None:
    ran = running.run_due(at=NOW)
    assert {one.outcome for one in ran} == {Outcome.DONE}
    assert len(ran) == len(TASKS)
