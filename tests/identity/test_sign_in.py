"""Signing in: one answer for all failures, limits that never lock the owner out, a new token for each proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity import passwords
from parvis.identity.models import Account, AccountState, OneTimeCode, Session, Throttle, TrustedBrowser
from parvis.identity.selectors.visits import NoVisit, Visit, visit_of
from parvis.identity.services import sessions
from parvis.identity.services.sign_in import Outcome, SignIn, enter_code, sign_in
from tests.factories.identity import (
    NOW,
    OWN_PASSWORD,
    PROVISIONAL,
    account,
    actor_of,
    attempt,
    code_received,
    kept,
    member,
    newborn,
    remembered,
    session_of,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def visit(outcome: Outcome) -> Session:
    found = visit_of(outcome.token, at=NOW)
    assert isinstance(found, Visit)
    return found.session


@pytest.mark.parametrize("how", ["login", "repaired", "email"])
def test_an_identifier_or_the_proved_email_opens(how: str) -> None:
    who = member(email="claire@parvis.example")
    typed = {
        "login": who.login_id,
        "repaired": who.login_id.lower().replace("0", "O", 1),
        "email": "Claire@Parvis.example",
    }
    outcome = attempt(typed[how])
    assert outcome.kind is SignIn.SIGNED_IN
    assert visit(outcome).credential_id == who.credential_id
    assert (outcome.reference, outcome.account_count) == (who.reference, 1)


def test_an_address_merely_claimed_opens_nothing() -> None:
    newborn(claimed="jean@parvis.example")
    assert attempt("jean@parvis.example", PROVISIONAL).kind is SignIn.WRONG


@pytest.mark.parametrize("typed", ["abcd-efgh-3467", "ABCD EFGH 3467", "abcdefgh3467"])
def test_a_provisional_password_is_read_kindly(typed: str) -> None:
    assert attempt(newborn().login_id, typed).kind is SignIn.SIGNED_IN


def test_an_own_password_is_read_as_it_is() -> None:
    who = member()
    assert attempt(who.login_id, OWN_PASSWORD.replace("-", "")).kind is SignIn.WRONG
    assert attempt(who.login_id, OWN_PASSWORD.lower()).kind is SignIn.WRONG
    assert attempt(who.login_id, f" {OWN_PASSWORD} ").kind is SignIn.SIGNED_IN


def test_a_provisional_password_expires_and_says_so_only_to_who_has_it() -> None:
    who = newborn(until=NOW)
    assert attempt(who.login_id, "abcd-efgh-9999").kind is SignIn.WRONG
    outcome = attempt(who.login_id, PROVISIONAL)
    assert (outcome.kind, str(outcome.expired_on)) == (SignIn.EXPIRED_PROVISIONAL, "2026-07-21")
    assert not Session.objects.exists()
    assert attempt(newborn(until=NOW + timedelta(seconds=1)).login_id, PROVISIONAL).kind is SignIn.SIGNED_IN


@pytest.mark.parametrize("state", [AccountState.DISABLED, AccountState.FROZEN])
def test_a_closed_account_says_so_only_after_the_right_password(state: AccountState) -> None:
    who = member()
    who.state = state
    who.save()
    assert attempt(who.login_id, "Faux-Mot-De-Passe-1").kind is SignIn.WRONG
    assert attempt(who.login_id).kind is SignIn.DISABLED
    assert not Session.objects.exists()
    assert Entry.objects.filter(event="identity.sign_in_refused", subject=who.login_id).count() == 1


def test_an_email_still_opens_when_one_of_its_accounts_is_closed() -> None:
    closed = member(email="claire@parvis.example")
    closed.state = AccountState.DISABLED
    closed.save()
    still_open = account(credential=closed.credential, state=AccountState.ACTIVE)
    outcome = attempt("claire@parvis.example")
    assert (outcome.kind, outcome.reference, outcome.account_count) == (SignIn.SIGNED_IN, still_open.reference, 1)


@pytest.mark.parametrize("who", ["known", "unknown", "without password", "unknown email"])
def test_one_hash_is_computed_whoever_is_named(who: str) -> None:
    values = {
        "known": member().login_id,
        "unknown": "LOG999999Z",
        "without password": account().login_id,
        "unknown email": "personne@parvis.example",
    }
    passwords.matches("x", "")
    with mock.patch.object(passwords._HASHER, "verify", wraps=passwords._HASHER.verify) as verify:
        assert attempt(values[who], "Faux-Mot-De-Passe-1").kind is SignIn.WRONG
    assert verify.call_count == 1


def test_an_account_without_password_cannot_be_opened_with_nothing() -> None:
    assert attempt(account().login_id, "").kind is SignIn.WRONG


def test_the_session_before_is_ended_and_its_token_opens_nothing() -> None:
    who = member()
    fixed = sessions.begin(browser="Firefox", at=NOW)
    outcome = sign_in(
        fixed.session, typed=who.login_id, password=OWN_PASSWORD, browser_token="", browser="", address="", at=NOW
    )
    assert outcome.token != fixed.token
    assert visit_of(fixed.token, at=NOW) is NoVisit.UNKNOWN


def test_a_code_leaves_at_once_when_one_is_owed() -> None:
    who = member(email="claire@parvis.example")
    outcome = attempt(who.login_id)
    assert outcome.code_owed
    message = Message.objects.get(template="identity/emails/code_sign_in")
    assert (message.urgent, message.to_email) == (True, "claire@parvis.example")


def test_no_code_within_the_day_in_the_same_browser() -> None:
    who = member()
    browser = remembered(who)
    outcome = attempt(who.login_id, browser=browser)
    assert not outcome.code_owed
    assert not OneTimeCode.objects.exists()
    assert attempt(who.login_id, browser=browser, at=NOW + timedelta(hours=22)).code_owed
    assert attempt(who.login_id).code_owed


def test_a_version_bump_makes_sessions_and_browsers_useless() -> None:
    who = member()
    browser, outcome = remembered(who), attempt(who.login_id)
    sessions.end_all_of(who.credential)
    assert visit_of(outcome.token, at=NOW) is NoVisit.UNKNOWN
    assert not TrustedBrowser.objects.exists()
    assert attempt(who.login_id, browser=browser).code_owed


def test_a_right_code_satisfies_the_session_and_renews_its_tokens() -> None:
    who = member()
    outcome = attempt(who.login_id)
    entered = enter_code(visit(outcome), code_received(), browser_token="put-there", by=actor_of(who), at=NOW)
    assert visit_of(outcome.token, at=NOW) is NoVisit.UNKNOWN
    renewed = visit_of(entered.token, at=NOW)
    assert isinstance(renewed, Visit)
    assert renewed.session.code_satisfied_at == NOW
    assert entered.browser_token != "put-there"
    assert not attempt(who.login_id, browser=entered.browser_token).code_owed


def test_one_browser_remembers_all_who_sign_in_there() -> None:
    first, second = member(), member()
    browser = remembered(first)
    _, browser_after = sessions.satisfy_code(session_of(second), browser_token=browser, at=NOW)
    assert not attempt(first.login_id, browser=browser_after).code_owed
    assert not attempt(second.login_id, browser=browser_after).code_owed
    assert attempt(first.login_id, browser=browser).code_owed


def test_the_last_connection_moves_only_when_one_is_all_the_way_in() -> None:
    who = member()
    outcome = attempt(who.login_id)
    who.refresh_from_db()
    assert who.last_signed_in_at is None
    enter_code(visit(outcome), code_received(), browser_token="", by=actor_of(who), at=NOW)
    later = NOW + timedelta(days=2)
    outcome = attempt(who.login_id, at=later)
    found = visit_of(outcome.token, at=later)
    assert isinstance(found, Visit)
    enter_code(found.session, code_received(later), browser_token="", by=actor_of(who), at=later)
    known = Account.objects.get(pk=who.pk)
    assert (known.previous_sign_in_at, known.last_signed_in_at) == (NOW, later)


def test_old_parameters_are_hashed_again_on_the_way_in() -> None:
    from argon2 import PasswordHasher

    who = member()
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(OWN_PASSWORD)
    who.credential.password = f"argon2{weak}"
    who.credential.save()
    assert attempt(who.login_id).kind is SignIn.SIGNED_IN
    who.credential.refresh_from_db()
    assert not passwords.is_outdated(who.credential.password)
    assert passwords.matches(OWN_PASSWORD, who.credential.password)


def test_signing_in_takes_few_statements(django_assert_max_num_queries: Any) -> None:
    who = member()
    browser = remembered(who)
    kept(OWN_PASSWORD)
    with django_assert_max_num_queries(11):
        attempt(who.login_id, browser=browser)


def test_ended_sessions_and_old_counters_are_cleared() -> None:
    outcome = attempt(member().login_id)
    assert sessions.forget_ended(at=NOW + timedelta(hours=1)) == 0
    assert visit_of(outcome.token, at=NOW + timedelta(hours=1)) is NoVisit.ENDED
    assert sessions.forget_ended(at=NOW + timedelta(days=2)) == 1
    assert not OneTimeCode.objects.exists()
    assert not Throttle.objects.exists()


def test_the_journal_tells_who_came_in_and_nothing_secret() -> None:
    who = member(email="claire@parvis.example")
    attempt("claire@parvis.example")
    entry = Entry.objects.get(event="identity.signed_in")
    assert (entry.subject, entry.account_id) == (who.login_id, who.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM audit_entry e")
        text = cursor.fetchone()[0]
    assert "claire@" not in text
    assert OWN_PASSWORD not in text
