"""What strangers can neither learn nor take away on the way back in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.identity.models import Credential, FormerMailbox, FreezeLink, Purpose, Session
from parvis.identity.refusals import TooSoon
from parvis.identity.rules import Own
from parvis.identity.services import codes, provisional, sessions
from parvis.identity.services.access import freezing, linking, moving, recovery
from parvis.identity.services.codes import Verdict
from parvis.identity.services.sign_in import SignIn
from tests.factories.identity import (
    NOW,
    OWN_PASSWORD,
    actor_of,
    attempt,
    code_received,
    deliver,
    member,
    newborn,
    session_of,
)
from tests.identity.linking.test_linking import credential_of, group, owing

NEW = "Lanterne-Moulin-Sable-92"

pytestmark = pytest.mark.django_db


def visit() -> Session:
    return sessions.begin(browser="Firefox", at=NOW).session


def asks(session: Session, typed: str, address: str = "203.0.113.9", minutes: int = 0) -> bool:
    """Whether another code may be asked in this session: a refusal is shown."""
    try:
        recovery.ask(session, typed, address=address, at=NOW + timedelta(minutes=minutes))
    except TooSoon:
        return False
    return True


def test_asking_for_one_value_then_another_tells_nothing_of_either() -> None:
    who = member()
    answers = set()
    for typed in (who.login_id, "LOG999999Z"):
        session = visit()
        answers.add((asks(session, "LOG888888Z"), asks(session, typed), asks(session, typed, minutes=2)))
    assert answers == {(True, False, True)}


def test_twenty_wrong_codes_of_a_stranger_do_not_keep_the_owner_out() -> None:
    who = member()
    for _ in range(4):
        session = visit()
        asks(session, who.login_id)
        for _ in range(5):
            recovery.enter_code(session, "000000", at=NOW)
    deliver()
    mine = visit()
    asks(mine, who.login_id, address="192.0.2.44")
    assert recovery.enter_code(mine, code_received(), at=NOW)[0].verdict is Verdict.RIGHT


def test_six_asks_of_a_stranger_leave_the_owner_theirs() -> None:
    who = member()
    for _ in range(8):
        asks(visit(), who.login_id)
    assert len([message for message in deliver() if "en une heure" not in str(message.subject)]) == 6
    asks(visit(), who.login_id, address="192.0.2.44")
    assert len(deliver()) == 1


def test_after_a_reset_the_browser_of_the_owner_enters_whatever_strangers_tried() -> None:
    who = member()
    for number in range(100):
        attempt(who.login_id, "Faux", address=f"198.51.{number}.7")
    session = visit()
    asks(session, who.login_id)
    recovery.enter_code(session, code_received(), at=NOW)
    browser = recovery.choose(session, NEW, Own(), at=NOW)
    outcome = attempt(who.login_id, NEW, browser=browser)
    assert (outcome.kind, outcome.code_owed) == (SignIn.SIGNED_IN, True)
    assert attempt(who.login_id, NEW).kind is SignIn.PAUSED


def test_wrong_sign_in_codes_of_before_do_not_outlive_a_reset() -> None:
    who = member()
    for _ in range(4):
        session = session_of(who)
        codes.ask(session, Purpose.SIGN_IN, str(who.credential.email), by=actor_of(who), at=NOW)
        for _ in range(5):
            codes.check(session, Purpose.SIGN_IN, "000000", at=NOW)
    deliver()
    session = visit()
    asks(session, who.login_id)
    recovery.enter_code(session, code_received(), at=NOW)
    recovery.choose(session, NEW, Own(), at=NOW)
    deliver()
    attempt(who.login_id, NEW)
    mine = Session.objects.latest("pk")
    assert codes.check(mine, Purpose.SIGN_IN, code_received(), at=NOW).verdict is Verdict.RIGHT


def test_the_visit_of_a_dead_provisional_password_is_over() -> None:
    who = newborn()
    session = session_of(who)
    provisional.draw(who.credential_id, at=NOW)
    session.refresh_from_db()
    assert session.credential_version != Credential.objects.get(pk=who.credential_id).version


def test_a_link_of_before_still_freezes_accounts_that_joined_another_group() -> None:
    holder, who = member(email="groupe@parvis.example"), newborn()
    link = freezing.link_for(who.credential_id, "test", at=NOW)
    token = freezing.draw_link(link.pk, at=NOW)["freeze"]
    session = owing(who, "groupe@parvis.example")
    linking.keep_password(session, OWN_PASSWORD, by=actor_of(who), at=NOW)
    assert freezing.freeze(token, at=NOW)
    assert credential_of(holder).frozen_at == NOW
    assert FreezeLink.objects.filter(pk=link.pk).exists()


def test_who_parts_takes_the_mailboxes_still_to_be_told_along() -> None:
    who, *_ = group()
    FormerMailbox.objects.create(
        credential_id=who.credential_id, email="avant@parvis.example", left_at=NOW, told_until=NOW + timedelta(days=9)
    )
    session = session_of(who, code=True)
    change = moving.begin(session, "seul@parvis.example", [who.reference], OWN_PASSWORD, by=actor_of(who), at=NOW)
    moving.leave(change, session, code_received(), by=actor_of(who), at=NOW)
    moving.arrive(change, session, code_received(), by=actor_of(who), at=NOW)
    told = FormerMailbox.objects.filter(credential=credential_of(who)).values_list("email", flat=True)
    assert set(told) == {"avant@parvis.example", "groupe@parvis.example"}
