"""The page of the tasks: what ran, what is late, a run at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.kit.actors import Duty
from parvis.upkeep.clockwork import running
from parvis.upkeep.clockwork.tasks import TASKS
from parvis.upkeep.models import Outcome, TaskRun
from tests.factories.agents import SQUARE, colleague

pytestmark = pytest.mark.django_db
PAGE = "/agents/taches/"


def test_each_task_says_when_it_ran_and_what_it_did() -> None:
    now = datetime.now(UTC)
    running.run_due(at=now)
    TaskRun.objects.filter(name="remind_july").update(counts={"rappels préparés": 12})
    page = colleague().browser().get(PAGE).content.decode()
    assert all(task.label in page for task in TASKS)
    assert "Rappels préparés&nbsp;: 12" in page
    assert "Tout est à l’heure." in page
    assert page.count("/lancer/") == len(TASKS)


def test_what_is_late_or_failed_is_told_first() -> None:
    now = datetime.now(UTC)
    running.run_due(at=now)
    TaskRun.objects.filter(name="forget_orphans").update(due_at=now - timedelta(hours=5))
    TaskRun.objects.filter(name="take_in").update(outcome=Outcome.FAILED, failure="ValueError", failures=3)
    page = colleague().browser().get(PAGE).content.decode()
    assert "1\u00a0tâche en retard" in page
    assert page.index('id="forget_orphans"') < page.index('id="take_in"') < page.index('id="forget_sessions"')
    assert "ValueError" in page


def test_a_task_is_asked_once_more_and_runs() -> None:
    now = datetime.now(UTC)
    running.run_due(at=now)
    boss = colleague()
    done = boss.browser().post(f"{PAGE}send_out/lancer/", follow=True).content.decode()
    assert "«\u00a0Envoi à la caisse\u00a0» part dans les secondes qui viennent." in done
    assert f"demandée par {boss.actor.label}" in done
    assert [one.task.name for one in running.run_due(at=datetime.now(UTC))] == ["send_out"]
    TaskRun.objects.filter(name="send_out").update(outcome=Outcome.RUNNING)
    again = boss.browser().post(f"{PAGE}send_out/lancer/", follow=True).content.decode()
    assert "Cette tâche est déjà en cours." in again


def test_a_task_that_does_not_exist_is_not_found() -> None:
    assert colleague().browser().post(f"{PAGE}autre/lancer/").status_code == 404


@pytest.mark.parametrize(("role", "office"), SQUARE)
def test_only_who_watches_the_clockwork_comes_in(role: Role, office: str) -> None:
    browser, may = colleague((role, office)).browser(), Duty.WATCH_CLOCKWORK in DUTIES[role]
    assert browser.get(PAGE).status_code == (200 if may else 403)
    assert browser.post(f"{PAGE}take_in/lancer/").status_code == (302 if may else 403)
    assert TaskRun.objects.exclude(asked_by="").exists() == may


def test_the_anonymous_is_shown_the_entrance() -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().post(f"{PAGE}take_in/lancer/").status_code == 302
