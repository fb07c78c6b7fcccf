"""Agents come in with two proofs, each good once, and are slowed down when they guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from parvis.agents.models import Agent, AgentSession, AgentState
from parvis.agents.selectors.standing import agent_standing_of
from parvis.agents.services import own, proofs, sessions, sign_in
from parvis.agents.services.proofs import Proof
from parvis.agents.services.sign_in import Entry, EntryOutcome
from parvis.audit.models import Entry as JournalEntry
from parvis.correspondence.models import Message
from parvis.kit.references import fingerprint
from tests.factories.agents import PASSWORD, Colleague, colleague

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def _entered(typed: str, password: str = PASSWORD, at: datetime = NOW) -> EntryOutcome:
    return sign_in.sign_in(typed, password, browser="Firefox", address="192.0.2.9", at=at)


def _session(who: Colleague) -> int:
    outcome = _entered(who.agent.login)
    return AgentSession.objects.get(token_hash=fingerprint(outcome.token)).pk


def test_a_password_alone_reaches_nothing() -> None:
    who = colleague(password=PASSWORD)
    outcome = _entered(who.agent.login.upper())
    assert outcome.kind is Entry.PROOF_OWED
    standing = agent_standing_of(outcome.token, at=NOW)
    assert standing is not None
    assert not standing.is_proved


def test_login_or_address_then_the_code_opens_the_session_under_another_token() -> None:
    who = colleague(password=PASSWORD)
    for typed in (who.agent.login, who.agent.email):
        token = _entered(typed).token
        session = AgentSession.objects.get(token_hash=fingerprint(token))
        later = NOW + timedelta(minutes=2) if typed == who.agent.email else NOW
        proved = sign_in.prove(session.pk, who.code(later), at=later)
        assert proved.outcome.kind is Proof.RIGHT
        assert agent_standing_of(token, at=later) is None
        standing = agent_standing_of(proved.token, at=later)
        assert standing is not None
        assert standing.is_proved


def test_a_time_based_code_is_good_once() -> None:
    who = colleague(password=PASSWORD)
    first, second = _session(who), _session(who)
    assert sign_in.prove(first, who.code(NOW), at=NOW).token
    assert sign_in.prove(second, who.code(NOW), at=NOW).outcome.kind is Proof.WRONG


@pytest.mark.parametrize(("seconds", "right"), [(-30, True), (0, True), (30, True), (-90, False), (90, False)])
def test_a_telephone_may_be_half_a_minute_off(seconds: int, right: bool) -> None:
    who = colleague(password=PASSWORD)
    proved = sign_in.prove(_session(who), who.code(NOW + timedelta(seconds=seconds)), at=NOW)
    assert (proved.outcome.kind is Proof.RIGHT) is right


def test_a_recovery_code_is_good_once_and_told() -> None:
    who = colleague(password=PASSWORD)
    codes = proofs.draw_recovery_codes(who.agent, by=who.actor, at=NOW)
    first, second = _session(who), _session(who)
    used = sign_in.prove(first, f" {codes[3].upper().replace('-', ' ')} ", at=NOW)
    assert (used.outcome.kind, used.outcome.recovery, used.outcome.left) == (Proof.RIGHT, True, 9)
    assert sign_in.prove(second, codes[3], at=NOW).outcome.kind is Proof.WRONG
    assert Message.objects.get(template="agents/emails/recovery_used").to_email == who.agent.email


def test_a_recovery_code_outlives_the_key_it_was_drawn_under(settings: Settings) -> None:
    who = colleague(password=PASSWORD)
    codes = proofs.draw_recovery_codes(who.agent, by=who.actor, at=NOW)
    first, second = _session(who), _session(who)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    assert sign_in.prove(first, codes[0], at=NOW).outcome.kind is Proof.RIGHT
    settings.SECRET_KEY_FALLBACKS = []
    assert sign_in.prove(second, codes[1], at=NOW).outcome.kind is Proof.WRONG


def test_the_codes_of_one_agent_are_nothing_for_another() -> None:
    who, other = colleague(password=PASSWORD), colleague(password=PASSWORD)
    codes = proofs.draw_recovery_codes(other.agent, by=other.actor, at=NOW)
    assert sign_in.prove(_session(who), codes[0], at=NOW).outcome.kind is Proof.WRONG
    assert sign_in.prove(_session(who), other.code(NOW), at=NOW).outcome.kind is Proof.WRONG


def test_guessing_codes_is_slowed_down_and_counted_whatever_the_session() -> None:
    who = colleague(password=PASSWORD)
    kinds = [sign_in.prove(_session(who), f"{number:06d}", at=NOW).outcome.kind for number in range(6)]
    assert kinds[-1] is Proof.PAUSED
    assert sign_in.prove(_session(who), who.code(NOW), at=NOW).outcome.kind is Proof.PAUSED


def test_unknown_closed_and_wrong_are_one_answer() -> None:
    who = colleague(password=PASSWORD)
    closed = colleague(password=PASSWORD)
    Agent.objects.filter(pk=closed.agent.pk).update(state=AgentState.DISABLED)
    assert _entered("personne").kind is Entry.WRONG
    assert _entered(closed.agent.login).kind is Entry.WRONG
    assert _entered(who.agent.login, "autre chose").kind is Entry.WRONG


def test_guessing_passwords_is_slowed_down() -> None:
    who = colleague(password=PASSWORD)
    for _ in range(5):
        _entered(who.agent.login, "autre chose")
    assert _entered(who.agent.login).kind is Entry.PAUSED


def test_a_session_ends_after_a_quarter_of_an_hour_of_silence_and_after_eight_hours() -> None:
    who = colleague(password=PASSWORD)
    session = _session(who)
    token = sign_in.prove(session, who.code(NOW), at=NOW).token
    assert agent_standing_of(token, at=NOW + timedelta(minutes=14)) is not None
    assert agent_standing_of(token, at=NOW + timedelta(minutes=15)) is None
    late = NOW + timedelta(hours=7, minutes=59)
    sessions.keep_alive(session, created_at=NOW, at=late)
    assert agent_standing_of(token, at=late) is not None
    assert agent_standing_of(token, at=NOW + timedelta(hours=8)) is None


def test_another_password_ends_the_other_sessions_and_is_told() -> None:
    who = colleague(password=PASSWORD)
    kept, other = _session(who), _session(who)
    own.change_password(who.agent.pk, kept, present=PASSWORD, chosen="Une-Autre-Place-Pavee-7!", by=who.actor, at=NOW)
    assert list(AgentSession.objects.values_list("pk", flat=True)) == [kept]
    assert other != kept
    assert _entered(who.agent.login).kind is Entry.WRONG
    assert _entered(who.agent.login, "Une-Autre-Place-Pavee-7!").kind is Entry.PROOF_OWED
    assert Message.objects.filter(template="agents/emails/password_changed").count() == 1


def test_the_journal_says_who_came_in_and_keeps_no_secret() -> None:
    who = colleague(password=PASSWORD)
    sign_in.prove(_session(who), who.code(NOW), at=NOW)
    entry = JournalEntry.objects.get(event="agents.signed_in")
    assert (entry.actor_kind, entry.actor_label) == ("agent", who.agent.login)
    assert who.code(NOW) not in str(entry.details)
