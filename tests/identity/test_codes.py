"""One-time codes: drawn when the e-mail is made, five tries, once, here, for one purpose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence import secrets
from parvis.correspondence.models import Message, MessageState
from parvis.identity import events
from parvis.identity.models import OneTimeCode, Purpose, Session
from parvis.identity.refusals import TooManyCodes, TooSoon
from parvis.identity.selectors.codes import codes_a_day, waiting_for
from parvis.identity.services import codes, sessions
from parvis.identity.services.codes import Verdict, check
from parvis.kit.actors import system
from parvis.parameters import services
from tests.factories.identity import NOW, actor_of, code_received, deliver, member, session_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def asked(purpose: Purpose = Purpose.SIGN_IN) -> tuple[Session, str]:
    who = member()
    session = session_of(who)
    codes.ask(session, purpose, who.credential.email or "", by=actor_of(who), at=NOW)
    return session, code_received()


def other_than(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_the_right_code_serves_once() -> None:
    session, digits = asked()
    assert check(session, Purpose.SIGN_IN, digits, at=NOW).verdict is Verdict.RIGHT
    assert check(session, Purpose.SIGN_IN, digits, at=NOW).verdict is Verdict.USED


def test_five_wrong_ones_block_even_the_right_one() -> None:
    session, digits = asked()
    left = [check(session, Purpose.SIGN_IN, other_than(digits), at=NOW).left for _ in range(4)]
    assert left == [4, 3, 2, 1]
    assert check(session, Purpose.SIGN_IN, other_than(digits), at=NOW).verdict is Verdict.BLOCKED
    blocked = check(session, Purpose.SIGN_IN, digits, at=NOW)
    assert (blocked.verdict, blocked.until) == (Verdict.BLOCKED, NOW + MINUTE)


def test_the_office_sets_how_many_tries_and_how_soon_another_is_sent() -> None:
    for name, new in (("code_tries", 3), ("code_again_after", 120)):
        services.change(name, new, by=system("tests"), at=NOW)
    session, digits = asked()
    left = [check(session, Purpose.SIGN_IN, other_than(digits), at=NOW).left for _ in range(2)]
    assert left == [2, 1]
    blocked = check(session, Purpose.SIGN_IN, other_than(digits), at=NOW)
    assert (blocked.verdict, blocked.until) == (Verdict.BLOCKED, NOW + 2 * MINUTE)


def test_it_expires_after_ten_minutes() -> None:
    session, digits = asked()
    assert check(session, Purpose.SIGN_IN, digits, at=NOW + 10 * MINUTE).verdict is Verdict.EXPIRED
    assert check(session, Purpose.SIGN_IN, digits, at=NOW + 9 * MINUTE).verdict is Verdict.RIGHT


def test_it_serves_in_the_browser_that_asked_only() -> None:
    session, digits = asked()
    elsewhere = sessions.begin(
        browser="", at=NOW, credential_id=session.credential_id, credential_version=session.credential_version
    )
    assert check(elsewhere.session, Purpose.SIGN_IN, digits, at=NOW).verdict is Verdict.EXPIRED
    assert check(session, Purpose.SIGN_IN, digits, at=NOW).verdict is Verdict.RIGHT


def test_it_serves_for_its_purpose_only() -> None:
    session, digits = asked(Purpose.PROVE_EMAIL)
    assert check(session, Purpose.SIGN_IN, digits, at=NOW).verdict is Verdict.EXPIRED
    assert check(session, Purpose.PROVE_EMAIL, digits, at=NOW).verdict is Verdict.RIGHT


def test_it_dies_with_the_version_of_the_credential() -> None:
    session, digits = asked()
    assert session.credential is not None
    sessions.end_all_of(session.credential, but=session.pk)
    session.refresh_from_db()
    assert check(session, Purpose.SIGN_IN, digits, at=NOW).verdict is not Verdict.RIGHT


def test_another_is_sent_after_a_minute_and_replaces_the_first() -> None:
    session, older = asked()
    by = actor_of(session.credential.accounts.get())  # type: ignore[union-attr]
    email = OneTimeCode.objects.get().email
    with pytest.raises(TooSoon, match="dans 42\u00a0s"):
        codes.ask(session, Purpose.SIGN_IN, email, by=by, at=NOW + timedelta(seconds=18))
    codes.ask(session, Purpose.SIGN_IN, email, by=by, at=NOW + MINUTE)
    newer = code_received(NOW + MINUTE)
    replaced = check(session, Purpose.SIGN_IN, older, at=NOW + MINUTE)
    assert (replaced.verdict, replaced.until) == (Verdict.REPLACED, NOW + MINUTE)
    assert check(session, Purpose.SIGN_IN, newer, at=NOW + MINUTE).verdict is Verdict.RIGHT


def test_ten_a_day_for_one_mailbox() -> None:
    who = member()
    email = who.credential.email or ""
    for _ in range(10):
        codes.ask(session_of(who), Purpose.SIGN_IN, email, by=actor_of(who), at=NOW)
    with pytest.raises(TooManyCodes):
        codes.ask(session_of(who), Purpose.SIGN_IN, email, by=actor_of(who), at=NOW)
    codes.ask(session_of(who), Purpose.PROVE_EMAIL, email, by=actor_of(who), at=NOW)
    tomorrow = NOW + timedelta(days=1)
    codes.ask(session_of(who, at=tomorrow), Purpose.SIGN_IN, email, by=actor_of(who), at=tomorrow)


def test_nobody_writes_to_a_thousand_strangers() -> None:
    who = member()
    for stranger in range(10):
        address = f"inconnu{stranger}@parvis.example"
        codes.ask(session_of(who), Purpose.PROVE_EMAIL, address, by=actor_of(who), at=NOW)
    with pytest.raises(TooManyCodes):
        codes.ask(session_of(who), Purpose.PROVE_EMAIL, "un@parvis.example", by=actor_of(who), at=NOW)
    assert Message.objects.count() == 10


def test_twenty_wrong_ones_a_day_close_the_mailbox() -> None:
    who = member()
    email = who.credential.email or ""
    for _ in range(4):
        session = session_of(who)
        codes.ask(session, Purpose.SIGN_IN, email, by=actor_of(who), at=NOW)
        deliver()
        for _ in range(5):
            assert check(session, Purpose.SIGN_IN, "not it", at=NOW).verdict is not Verdict.RIGHT
    session = session_of(who)
    codes.ask(session, Purpose.SIGN_IN, email, by=actor_of(who), at=NOW)
    closed = check(session, Purpose.SIGN_IN, code_received(), at=NOW)
    assert (closed.verdict, closed.until) == (Verdict.BLOCKED, NOW + timedelta(days=1))


def test_before_its_email_is_made_nobody_can_guess_it_and_tries_count_all_the_same() -> None:
    who = member()
    session = session_of(who)
    code = codes.ask(session, Purpose.SIGN_IN, who.credential.email or "", by=actor_of(who), at=NOW)
    assert check(session, Purpose.SIGN_IN, "000000", at=NOW).left == 4
    code.refresh_from_db()
    assert (code.tries, code.code_hash) == (1, None)


def test_a_code_nobody_waits_for_any_more_does_not_leave() -> None:
    who = member()
    codes.ask(session_of(who), Purpose.SIGN_IN, who.credential.email or "", by=actor_of(who), at=NOW)
    assert deliver(NOW + 11 * MINUTE) == []
    assert Message.objects.get().state == MessageState.CANCELLED
    with pytest.raises(secrets.SecretNoLongerNeeded):
        codes.draw(OneTimeCode.objects.get().pk, at=NOW + 11 * MINUTE)


def test_the_digits_stand_nowhere_but_in_the_email() -> None:
    _, digits = asked()
    message, code = Message.objects.get(), OneTimeCode.objects.get()
    kept = f"{message.subject}{message.body}{message.context}"
    assert digits not in kept.replace("\u00a0", "")
    assert digits.encode() not in bytes(code.code_hash or b"")


def test_the_page_knows_where_the_code_went_and_when_another_may_be_asked() -> None:
    session, _ = asked()
    waiting = waiting_for(session.pk, Purpose.SIGN_IN, at=NOW + timedelta(seconds=18))
    assert waiting is not None
    assert (waiting.again_in, waiting.expired, waiting.blocked) == (42, False, False)
    assert waiting_for(session.pk, Purpose.PROVE_EMAIL, at=NOW) is None


def test_codes_a_day_are_counted_from_the_real_sign_ins_for_each_delay() -> None:
    by = actor_of(member())
    with transaction.atomic():
        for browser, minutes in (("Firefox", (0, 30, 100, 2_000)), ("Chrome", (10,))):
            for back in minutes:
                record(events.SIGNED_IN, subject="x", by=by, at=NOW - back * MINUTE, browser=browser)
    delays = [timedelta(days=1), timedelta(0), 60 * MINUTE, 30 * MINUTE]
    assert codes_a_day(delays, at=NOW) == [2, 4, 3, 4]
