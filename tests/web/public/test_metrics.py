"""The figures Prometheus reads: of the instance, never of a person; and only where they may be read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from parvis.correspondence.models import Message
from parvis.exchange.formats import FORMATS
from parvis.upkeep.clockwork import running
from parvis.upkeep.clockwork.tasks import TASKS
from parvis.upkeep.models import Outcome, TaskRun
from tests.exchange.test_outbound import declared

pytestmark = pytest.mark.django_db
LINE = re.compile(r'(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[a-z0-9_]+"\})? -?[0-9.e+]+)')


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
    assert all(found[f'parvis_task_failed{{task="{task.name}"}}'] == 0 for task in TASKS)


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


def test_elsewhere_they_do_not_exist(settings: LazySettings) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/8"]
    assert Client().get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 200
    settings.METRICS_NETWORKS = []
    assert Client().get("/metrics").status_code == 404
