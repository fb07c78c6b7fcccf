"""The figures Prometheus reads: of the instance, never of a person; and only where they may be read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client

from parvis.correspondence import worker
from parvis.correspondence.batches import services
from parvis.correspondence.models import Message
from parvis.exchange.formats import FORMATS
from parvis.upkeep.clockwork import running
from parvis.upkeep.clockwork.tasks import TASKS
from parvis.upkeep.figures import requests
from parvis.upkeep.models import Outcome, TaskRun
from tests.exchange.test_outbound import declared
from tests.factories.agents import colleague
from tests.factories.correspondence import AT, letter

pytestmark = pytest.mark.django_db
_LABEL = r'[a-z]+="[a-zA-Z0-9_.+-]+"'
LINE = re.compile(rf"(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{{{_LABEL}(?:,{_LABEL})*\}})? -?[0-9.e+]+)")


def told() -> dict[str, float]:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert all(LINE.fullmatch(line) for line in lines)
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_they_say_how_the_instance_is_doing() -> None:
    now = datetime.now(UTC)
    running.run_due(at=now)
    found = told()
    assert found["parvis_database_bytes"] > 1_000_000
    assert {f'parvis_feed_late_seconds{{feed="{kind}"}}' for kind in FORMATS} <= set(found)
    assert {f'parvis_task_late_seconds{{task="{task.name}"}}' for task in TASKS} <= set(found)
    failed = [task.name for task in TASKS if found[f'parvis_task_failed{{task="{task.name}"}}']]
    assert {run.name: run.failure for run in TaskRun.objects.filter(name__in=failed)} == {}


def test_they_move_with_what_happens() -> None:
    running.run_due(at=datetime.now(UTC))
    who = declared("525,00")
    late = datetime.now(UTC) - timedelta(hours=5)
    Message.objects.update(due_at=late)
    TaskRun.objects.filter(name="take_in").update(due_at=late, outcome=Outcome.FAILED)
    found = told()
    assert found["parvis_messages_oldest_due_seconds"] > 17_000
    assert found["parvis_messages_due"] >= 1
    assert found["parvis_declarations_waiting"] == 1
    assert found['parvis_task_failed{task="take_in"}'] == 1
    assert found['parvis_task_late_seconds{task="take_in"}'] > 17_000
    page = Client().get("/metrics").content.decode()
    assert who.account.login_id not in page
    assert "@" not in page


def test_they_say_when_tasks_ran_and_what_waits(settings: LazySettings, tmp_path: Path) -> None:
    settings.LETTERS = tmp_path
    now = datetime.now(UTC)
    running.run_due(at=now)
    found = told()
    assert {f'parvis_task_ended_timestamp{{task="{task.name}"}}' for task in TASKS} <= set(found)
    assert abs(found['parvis_task_done_timestamp{task="take_in"}'] - now.timestamp()) < 60
    letter()
    worker.run_until_empty(at=AT)
    found = told()
    assert found['parvis_queue{queue="letters_to_batch"}'] == 1
    assert {'parvis_queue{queue="rent_files"}', 'parvis_queue{queue="manual_declarations"}'} <= set(found)
    batch = services.prepare("", "", by=colleague().actor, at=AT)
    services.approve(batch.number, by=colleague().actor, at=AT)
    found = told()
    assert found['parvis_queue{queue="letters_to_batch"}'] == 0
    assert found['parvis_queue{queue="batches_to_make"}'] == 1


class TestPages:
    """Answers by route and sort of answer, those of all processes together."""

    @pytest.fixture(autouse=True)
    def _from_nothing(self) -> None:
        requests.forget()

    def test_are_counted_without_their_addresses(self) -> None:
        reference = "KZQ4TT2MWPLA"
        for _ in range(3):
            Client().get("/connexion/")
        Client().get(f"/c/{reference}/bailleur/")
        Client().get(f"/{reference}/")
        assert requests.keep()
        found = told()
        assert found['parvis_request_seconds_count{route="sign-in",status="2xx"}'] == 3
        assert found['parvis_request_seconds_bucket{route="sign-in",status="2xx",le="+Inf"}'] == 3
        assert found['parvis_request_seconds_count{route="none",status="4xx"}'] == 1
        assert sum(reference in line for line in found) == 0

    def test_are_told_as_a_histogram(self) -> None:
        for seconds in (0.01, 0.3, 1, 9):
            requests.count("sign-in", 200, seconds)
        requests.keep()
        found = told()
        shown = {
            bound: found[f'parvis_request_seconds_bucket{{route="sign-in",status="2xx",le="{bound}"}}']
            for bound in ("0.025", "0.1", "0.5", "2.0", "+Inf")
        }
        assert shown == {"0.025": 1, "0.1": 1, "0.5": 2, "2.0": 3, "+Inf": 4}
        assert found['parvis_request_seconds_sum{route="sign-in",status="2xx"}'] == pytest.approx(10.31)
        page = Client().get("/metrics").content.decode()
        assert page.count("# TYPE parvis_request_seconds histogram") == 1

    def test_of_several_processes_add_up(self) -> None:
        for _ in range(2):
            requests.count("sign-in", 200, 0.01)
            requests.count("welcome", 302, 0.01)
            assert requests.keep()
        assert not requests.keep(), "what was kept is not kept twice"
        assert {(line.route, line.count) for line in requests.figures()} == {("sign-in", 2), ("welcome", 2)}

    def test_wait_while_the_database_is_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away(*_: object) -> int:
            raise OperationalError

        requests.count("sign-in", 200, 0.01)
        with monkeypatch.context() as patch:
            patch.setattr(requests, "execute", away)
            assert not requests.keep()
        requests.count("sign-in", 200, 0.01)
        assert requests.keep()
        assert [line.count for line in requests.figures()] == [2]


def test_elsewhere_they_do_not_exist(settings: LazySettings) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/8"]
    assert Client().get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 200
    settings.METRICS_NETWORKS = []
    assert Client().get("/metrics").status_code == 404
