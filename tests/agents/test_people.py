"""Who decides about agents, and what can never happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest

from parvis.agents.models import Agent, AgentSession, AgentState
from parvis.agents.posts import DUTIES, Role, duties_of
from parvis.agents.refusals import AgentNotPossible, LastNationalAdministrator, NotYourOwn
from parvis.agents.selectors.standing import actor_of
from parvis.agents.services import enrolment, people, proofs
from parvis.kit.actors import Duty
from parvis.kit.refusals import DutyMissing
from tests.factories.agents import colleague
from tests.identity.test_races import at_once

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
NATIONAL = (Role.NATIONAL_ADMINISTRATOR, "")
pytestmark = pytest.mark.django_db


def test_every_duty_is_somebodys_and_every_role_has_words() -> None:
    assert set().union(*DUTIES.values()) == set(Duty)
    assert all(role.label and role.meaning for role in Role)
    assert all(duty.label for duty in Duty)


def test_whoever_settles_how_the_service_works_decides_about_nobodys_money_or_rights() -> None:
    decides = {
        Duty.DECIDE_BANK_DETAILS, Duty.DECIDE_DECLARATIONS, Duty.SUSPEND_ACCOUNTS, Duty.REPLACE_ADMINISTRATORS,
        Duty.CORRECT_EMAILS,
    }  # fmt: skip
    assert DUTIES[Role.NATIONAL_ADMINISTRATOR] & decides == set()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.NATIONAL_ADMINISTRATOR])
@pytest.mark.parametrize("duty", list(Duty))
def test_a_duty_is_held_where_its_role_is(role: Role, duty: Duty) -> None:
    actor = actor_of(colleague((role, "441")).agent)
    held = duty in DUTIES[role]
    assert actor.holds(duty) is held
    assert actor.holds(duty, ["441", "261"]) is held
    assert not actor.holds(duty, ["261"])
    assert actor.offices_of(duty) == (frozenset({"441"}) if held else frozenset())


def test_a_role_everywhere_is_held_at_each_office() -> None:
    actor = actor_of(colleague((Role.RECEPTION, "")).agent)
    assert actor.holds(Duty.UNLOCK, ["261"])
    assert actor.offices_of(Duty.UNLOCK) is None
    assert duties_of([]) == frozenset()


def test_posts_are_changed_at_once_by_a_national_administrator_only() -> None:
    boss, clerk = colleague(), colleague((Role.RECEPTION, "441"))
    people.change_posts(clerk.agent.reference, [(Role.CASEWORKER, "261")], by=boss.actor, at=NOW)
    assert actor_of(clerk.agent).holds(Duty.DECIDE_BANK_DETAILS, ["261"])
    with pytest.raises(DutyMissing):
        people.change_posts(boss.agent.reference, [(Role.RECEPTION, "")], by=clerk.actor, at=NOW)
    with pytest.raises(AgentNotPossible):
        people.change_posts(clerk.agent.reference, [], by=boss.actor, at=NOW)
    assert actor_of(clerk.agent).holds(Duty.DECIDE_BANK_DETAILS, ["261"])


def test_nobody_changes_their_own_access() -> None:
    boss = colleague()
    colleague()
    changes: list[Callable[[], None]] = [
        lambda: people.close(boss.agent.reference, by=boss.actor, at=NOW),
        lambda: people.start_anew(boss.agent.reference, by=boss.actor, at=NOW),
        lambda: people.change_posts(boss.agent.reference, [NATIONAL], by=boss.actor, at=NOW),
    ]
    for change in changes:
        with pytest.raises(NotYourOwn):
            change()


def test_a_closed_access_ends_everywhere_and_a_second_click_changes_nothing() -> None:
    boss, clerk = colleague(), colleague((Role.RECEPTION, "441"))
    clerk.browser()
    for _ in range(2):
        people.close(clerk.agent.reference, by=boss.actor, at=NOW)
    clerk.agent.refresh_from_db()
    assert clerk.agent.state == AgentState.DISABLED
    assert not AgentSession.objects.filter(agent=clerk.agent).exists()


def test_whoever_starts_anew_has_nothing_left_of_before() -> None:
    boss, clerk = colleague(), colleague((Role.RECEPTION, "441"))
    clerk.browser()
    people.start_anew(clerk.agent.reference, by=boss.actor, at=NOW)
    clerk.agent.refresh_from_db()
    assert (clerk.agent.state, clerk.agent.password, clerk.agent.time_secret) == (AgentState.INVITED, "", None)
    assert not AgentSession.objects.filter(agent=clerk.agent).exists()


def test_whoever_starts_anew_may_try_at_once() -> None:
    boss, clerk = colleague(), colleague((Role.RECEPTION, "441"))
    for _ in range(6):
        proofs.check(clerk.agent, "000000", by=clerk.actor, at=NOW)
    assert proofs.check(clerk.agent, clerk.code(NOW), by=clerk.actor, at=NOW).kind is proofs.Proof.PAUSED
    people.start_anew(clerk.agent.reference, by=boss.actor, at=NOW)
    Agent.objects.filter(pk=clerk.agent.pk).update(time_secret=proofs.draw_secret(clerk.agent))
    clerk.agent.refresh_from_db()
    code = pyotp.TOTP(proofs.secret_of(clerk.agent)).at(NOW)
    assert proofs.check(clerk.agent, code, by=clerk.actor, at=NOW).kind is proofs.Proof.RIGHT


def test_only_who_manages_agents_invites_one() -> None:
    person = enrolment.Person("un.autre", "un.autre@caf.example", "Un", "Autre")
    with pytest.raises(DutyMissing):
        enrolment.invite(person, [NATIONAL], by=colleague((Role.RECEPTION, "")).actor, at=NOW)
    assert not Agent.objects.filter(login="un.autre").exists()


def test_the_last_national_administrator_stays() -> None:
    first, second = colleague(), colleague()
    people.close(second.agent.reference, by=first.actor, at=NOW)
    third = colleague((Role.RECEPTION, ""))
    acting = actor_of(second.agent)
    changes: list[Callable[[], None]] = [
        lambda: people.close(first.agent.reference, by=acting, at=NOW),
        lambda: people.change_posts(first.agent.reference, [(Role.RECEPTION, "")], by=acting, at=NOW),
        lambda: people.start_anew(first.agent.reference, by=acting, at=NOW),
    ]
    for change in changes:
        with pytest.raises(LastNationalAdministrator):
            change()
    assert third.agent.state == AgentState.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_close_each_other_leave_one() -> None:
    first, second = colleague(), colleague()
    pairs = [(first, second), (second, first)]

    def close(number: int) -> str:
        one, other = pairs[number]
        try:
            people.close(other.agent.reference, by=one.actor, at=NOW)
        except LastNationalAdministrator:
            return "refused"
        return "closed"

    assert sorted(at_once(2, close)) == ["closed", "refused"]
    assert Agent.objects.filter(state=AgentState.ACTIVE).count() == 1
