"""Many at once, on the real database, each with a connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from parvis.correspondence.models import Message
from parvis.identity import passwords
from parvis.identity.models import Account, Credential, OneTimeCode, Purpose, Session, TextKind
from parvis.identity.refusals import TooSoon
from parvis.identity.rules import Own
from parvis.identity.selectors.texts import in_force
from parvis.identity.services import codes, first_sign_in, sign_in
from parvis.identity.services.birth import Newcomer, open_accounts
from parvis.identity.services.codes import Verdict
from parvis.identity.services.own import texts
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import system
from parvis.kit.refusals import ChangedMeanwhile
from tests.factories.identity import (
    NOW,
    OWN_PASSWORD,
    PROVISIONAL,
    actor_of,
    code_received,
    member,
    newborn,
    partner,
    session_of,
)  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def at_once(how_many: int, act: Callable[[int], T]) -> list[T]:
    """Let everybody act in the same instant; what each got."""
    together = Barrier(how_many)

    def one(number: int) -> T:
        try:
            connection.ensure_connection()
            together.wait(timeout=60)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(one, range(how_many)))


def waiting_for_code() -> tuple[Session, str]:
    who = member()
    session = session_of(who)
    codes.ask(session, Purpose.SIGN_IN, who.credential.email or "", by=actor_of(who), at=NOW)
    return session, code_received()


def test_of_fifty_wrong_codes_at_once_five_are_looked_at() -> None:
    session, digits = waiting_for_code()
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    outcomes = at_once(50, lambda _: codes.check(session, Purpose.SIGN_IN, wrong, at=NOW))
    counted = Counter(outcome.verdict for outcome in outcomes)
    assert counted == {Verdict.WRONG: 4, Verdict.BLOCKED: 46}
    assert OneTimeCode.objects.get().tries == 5
    assert codes.check(session, Purpose.SIGN_IN, digits, at=NOW).verdict is Verdict.BLOCKED


def test_fifty_clicks_on_the_right_code_succeed_once() -> None:
    session, digits = waiting_for_code()
    outcomes = at_once(50, lambda _: codes.check(session, Purpose.SIGN_IN, digits, at=NOW))
    assert Counter(outcome.verdict for outcome in outcomes) == {Verdict.RIGHT: 1, Verdict.USED: 49}


def test_of_fifty_wrong_passwords_at_once_five_are_looked_at() -> None:
    who = member()

    def guess(number: int) -> SignIn:
        address = f"198.51.100.{number}"
        return sign_in.sign_in(
            None,
            typed=who.login_id,
            password="Faux",
            browser_token="",
            browser="",
            address=address,
            at=NOW,
            captcha_passed=True,
        ).kind

    assert Counter(at_once(50, guess)) == {SignIn.WRONG: 5, SignIn.PAUSED: 45}


def test_no_password_is_hashed_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    who, seen = newborn(), []
    matches = passwords.matches

    def watched(*arguments: str) -> bool:
        seen.append(connection.in_atomic_block)
        return matches(*arguments)

    monkeypatch.setattr(passwords, "matches", watched)
    outcome = sign_in.sign_in(
        None, typed=who.login_id, password=PROVISIONAL, browser_token="", browser="", address="", at=NOW
    )
    assert (outcome.kind, seen) == (SignIn.SIGNED_IN, [False])


def test_ten_clicks_send_one_code() -> None:
    who = member()
    session, email = session_of(who), who.credential.email or ""

    def click(_: int) -> str:
        try:
            codes.ask(session, Purpose.SIGN_IN, email, by=actor_of(who), at=NOW)
        except TooSoon:
            return "too soon"
        return "asked"

    assert Counter(at_once(10, click)) == {"asked": 1, "too soon": 9}
    assert (OneTimeCode.objects.count(), Message.objects.count()) == (1, 1)


def test_feeds_that_run_at_once_open_one_account() -> None:
    who = partner()
    newcomer = Newcomer(who.pk, "44100000000012", "", "Alliance Familiale", ("44220 COUERON",))
    opened = at_once(6, lambda _: open_accounts([newcomer], at=NOW, by=system("feed")))
    assert sorted(opened) == [0, 0, 0, 0, 0, 1]
    assert (Account.objects.filter(partner=who).count(), Message.objects.count()) == (1, 2)


def test_two_who_prove_one_mailbox_at_once_do_not_both_get_it() -> None:
    people = []
    for _ in range(2):
        who = newborn()
        session = session_of(who)
        first_sign_in.claim_email(session, "meme@parvis.example", by=actor_of(who), at=NOW)
        people.append((who, session, code_received()))

    def prove(number: int) -> bool:
        who, session, digits = people[number]
        return first_sign_in.prove_email(session, digits, browser_token="", by=actor_of(who), at=NOW).link_owed

    assert sorted(at_once(2, prove)) == [False, True]
    assert Credential.objects.filter(email="meme@parvis.example").count() == 1


def test_two_tabs_choose_one_password() -> None:
    who = newborn()
    session = session_of(who)

    def choose(number: int) -> str:
        try:
            first_sign_in.choose_password(session, f"{OWN_PASSWORD}{number}", Own(), by=actor_of(who), at=NOW)
        except ChangedMeanwhile:
            return "changed"
        return "chosen"

    assert sorted(at_once(2, choose)) == ["changed", "chosen"]


def test_a_text_accepted_in_two_tabs_is_accepted_once() -> None:
    who = newborn()
    version = in_force(TextKind.USAGE_RULES, at=NOW).version
    at_once(5, lambda _: texts.accept(TextKind.USAGE_RULES, version, by=actor_of(who), at=NOW))
    assert who.acceptances.count() == 1
