"""Limits on tries: alike for what exists and what does not, and never against the owner for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

from parvis.identity import passwords
from parvis.identity.models import Throttle
from parvis.identity.services import limits
from parvis.identity.services.sign_in import SignIn
from parvis.kit.references import fingerprint
from tests.factories.identity import NOW, PROVISIONAL, attempt, member, newborn, remembered

pytestmark = pytest.mark.django_db


def fail(typed: str, times: int, **changes: Any) -> list[SignIn]:
    return [attempt(typed, "Faux-Mot-De-Passe-1", **changes).kind for _ in range(times)]


@pytest.mark.parametrize("typed", ["LOG999999Z", "known"])
def test_the_fifth_failure_pauses_known_and_unknown_alike(typed: str) -> None:
    typed = member().login_id if typed == "known" else typed
    assert fail(typed, 7) == [SignIn.WRONG] * 5 + [SignIn.PAUSED] * 2
    assert attempt(typed, "x").paused_until == NOW + timedelta(minutes=1)


def test_pauses_grow_to_fifteen_minutes_and_no_further() -> None:
    typed, at, waits = "LOG999999Z", NOW, []
    fail(typed, 5)
    for _ in range(7):
        until = attempt(typed, "x", at=at).paused_until
        assert until is not None
        waits.append((until - at).seconds // 60)
        at = until
        assert attempt(typed, "x", at=at).kind is SignIn.WRONG
    assert waits == [1, 2, 4, 8, 15, 15, 15]


def test_a_hundred_guesses_a_day_are_evaluated_at_most() -> None:
    typed, at, evaluated = "LOG999999Z", NOW, 0
    with mock.patch.object(passwords, "matches", return_value=False):
        while at < NOW + timedelta(days=1):
            outcome = attempt(typed, "x", at=at, address=f"198.51.{evaluated}.1")
            evaluated += outcome.kind is SignIn.WRONG
            at = outcome.paused_until if outcome.paused_until else at
    assert evaluated <= 100


def test_the_right_password_during_a_pause_is_not_looked_at() -> None:
    who = member()
    fail(who.login_id, 5)
    assert attempt(who.login_id).kind is SignIn.PAUSED
    assert attempt(who.login_id, at=NOW + timedelta(minutes=1)).kind is SignIn.SIGNED_IN


def test_success_forgets_the_failures_before() -> None:
    who = member()
    fail(who.login_id, 4)
    assert attempt(who.login_id).kind is SignIn.SIGNED_IN
    assert fail(who.login_id, 5) == [SignIn.WRONG] * 5


def test_a_stranger_never_locks_the_owner_out_of_a_remembered_browser() -> None:
    who = member()
    browser = remembered(who)
    fail(who.login_id, 20, address="203.0.113.7")
    assert attempt(who.login_id).kind is SignIn.PAUSED
    assert attempt(who.login_id, browser=browser, address="203.0.113.7").kind is SignIn.SIGNED_IN


def test_a_stranger_elsewhere_does_not_pause_the_owner_in_a_new_browser() -> None:
    who = member()
    for street in range(5):
        fail(who.login_id, 8, address=f"198.51.{street}.7")
    assert attempt(who.login_id, address="192.0.2.9").kind is SignIn.SIGNED_IN


def test_hammering_a_pause_uses_up_nobody_elses_tries() -> None:
    who = member()
    fail(who.login_id, 150, address="198.51.100.7")
    assert attempt(who.login_id, address="192.0.2.9").kind is SignIn.SIGNED_IN


def test_neither_does_an_invented_browser_escape_the_pause() -> None:
    who = member()
    fail(who.login_id, 5)
    assert attempt(who.login_id, browser="invented").kind is SignIn.PAUSED
    assert attempt(who.login_id, browser=remembered(member())).kind is SignIn.PAUSED


def test_a_hundred_failures_from_one_neighbourhood_close_it_for_ten_minutes() -> None:
    with mock.patch.object(passwords, "matches", return_value=False):
        kinds = [attempt(f"LOG{n:06d}A", "x", address=f"203.0.113.{n}").kind for n in range(105)]
    assert kinds.count(SignIn.WRONG) == 100
    assert attempt("LOG888888A", "x", address="203.0.114.1").kind is SignIn.WRONG
    later = NOW + timedelta(minutes=10)
    assert attempt("LOG777777A", "x", address="203.0.113.1", at=later).kind is SignIn.WRONG


def test_two_hundred_colleagues_may_sign_in_from_one_address() -> None:
    with mock.patch.object(passwords, "matches", return_value=True):
        for _ in range(120):
            assert attempt(newborn().login_id, PROVISIONAL).kind is SignIn.SIGNED_IN


def test_counters_hold_no_identifier() -> None:
    fail("LOG123456A", 1)
    for throttle in Throttle.objects.all():
        assert b"LOG123456A" not in bytes(throttle.key)
        assert bytes(throttle.key) != fingerprint("LOG123456A")


def test_asking_codes_for_somebody_elses_mailbox_does_not_use_up_theirs() -> None:
    victim = "victime@parvis.example"
    for number in range(2):
        intruder = limits.of_codes("prove_email", f"LOG00000{number}A")
        for _ in range(10):
            limits.admit([intruder, limits.of_mailbox(victim)], at=NOW)
    own = [limits.of_codes("prove_email", "LOG000009A"), limits.of_mailbox(victim)]
    assert limits.admit(own, at=NOW).paused_until is None
