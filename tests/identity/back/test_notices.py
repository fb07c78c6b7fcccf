"""People are told of what they may not have done themselves, once, with « Ce n’est pas moi » (security.md §2.6)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, FreezeLink, Purpose, Session
from parvis.identity.services import codes, sessions
from parvis.identity.services.access import code_first, freezing, notices, recovery
from parvis.identity.services.codes import Verdict
from parvis.identity.services.sign_in import Entered, SignIn, enter_code
from tests.factories.identity import (
    NOW,
    actor_of,
    attempt,
    deliver,
    member,
    remembered,
    session_of,
)
from tests.identity.linking.test_linking import credential_of, group

pytestmark = pytest.mark.django_db
NEW_BROWSER, AFTER_TRIES, REPEATED = (
    f"identity/emails/{name}" for name in ("new_browser", "after_tries", "codes_repeated")
)
TELLING = (NEW_BROWSER, AFTER_TRIES, REPEATED)


def regular() -> Account:
    """Somebody who came in before."""
    who = member()
    Account.objects.filter(pk=who.pk).update(last_signed_in_at=NOW - timedelta(days=3))
    return who


def digits_of(arrived: list[EmailMessage]) -> str:
    found = [re.search(r"(\d{3})\u00a0(\d{3}) est votre code", str(message.subject)) for message in arrived]
    return next(match[1] + match[2] for match in reversed(found) if match)


def comes_in(who: Account, browser: str = "", *, at: datetime = NOW, shared: bool = False, typed: str = "") -> Entered:
    """The whole way in: password, and the code of the mail."""
    outcome = attempt(typed or who.login_id, browser=browser, at=at)
    assert outcome.kind is SignIn.SIGNED_IN
    digits = digits_of(deliver(at))
    session = Session.objects.filter(credential_id=who.credential_id).latest("pk")
    entered = enter_code(session, digits, browser_token=browser, by=actor_of(who), at=at, shared=shared)
    assert entered.outcome.verdict is Verdict.RIGHT
    return entered


def fails(who: Account, times: int, *, browser: str = "", typed: str = "") -> None:
    """So many wrong passwords, each once the pause of the one before is over."""
    for number in range(times):
        at = NOW - timedelta(hours=6) + timedelta(minutes=16 * number)
        assert attempt(typed or who.login_id, "Faux-Mot-De-Passe-1", browser=browser, at=at).kind is SignIn.WRONG


def told() -> list[str]:
    return list(Message.objects.filter(template__in=TELLING).order_by("pk").values_list("template", flat=True))


def link_in(arrived: list[EmailMessage]) -> str:
    found = re.search(r"/ce-n-est-pas-moi/([^/\s]+)/", str(arrived[-1].body))
    assert found is not None, arrived[-1].body
    return found[1]


def test_a_browser_not_remembered_is_told_once_with_its_name_its_hour_and_the_way_to_stop_it() -> None:
    who = regular()
    comes_in(who)
    assert told() == [NEW_BROWSER]
    (message,) = arrived = deliver()
    assert message.to == [who.credential.email]
    assert "Firefox" in str(message.body)
    assert "21/07/2026 à 10\u00a0h\u00a026" in str(message.body)
    assert freezing.freeze(link_in(arrived), at=NOW)
    assert credential_of(who).frozen_at == NOW
    assert Entry.objects.filter(event="identity.new_browser", subject=who.login_id).count() == 1


def test_the_first_sign_in_ever_is_no_news() -> None:
    comes_in(member())
    assert told() == []


def test_a_remembered_browser_is_not_told_whether_or_not_a_code_is_owed() -> None:
    who = regular()
    browser = remembered(who)
    assert not attempt(who.login_id, browser=browser).code_owed
    browser = comes_in(who, browser, at=NOW + timedelta(days=2)).browser_token
    comes_in(who, browser, at=NOW + timedelta(days=5), shared=True)
    assert told() == []


def test_a_shared_computer_is_told_each_time_for_it_is_remembered_for_nobody() -> None:
    who = regular()
    comes_in(who, shared=True)
    comes_in(who, shared=True, at=NOW + timedelta(hours=3))
    assert told() == [NEW_BROWSER, NEW_BROWSER]


def test_a_wrong_code_tells_nothing() -> None:
    who = regular()
    attempt(who.login_id)
    enter_code(Session.objects.latest("pk"), "000000", browser_token="", by=actor_of(who), at=NOW)
    assert told() == []


def test_a_code_typed_before_the_password_is_told_too() -> None:
    who = regular()
    session = sessions.begin(browser="Safari sur iPhone", at=NOW).session
    code_first.ask(session, who.login_id, address="203.0.113.9", at=NOW)
    outcome, browser = code_first.enter_code(session, digits_of(deliver()), at=NOW)
    assert outcome.verdict is Verdict.RIGHT
    assert told() == [NEW_BROWSER]
    assert "Safari sur iPhone" in str(deliver()[0].body)
    assert not attempt(who.login_id, browser=browser).code_owed
    assert told() == [NEW_BROWSER]


@pytest.mark.parametrize(("times", "mails"), [(4, [NEW_BROWSER]), (5, [AFTER_TRIES])])
def test_after_five_wrong_passwords_one_mail_says_both(times: int, mails: list[str]) -> None:
    who = regular()
    fails(who, times)
    comes_in(who)
    assert told() == mails
    body = str(deliver()[0].body)
    assert "Firefox" in body
    assert ("5 essais" in body) is (times == 5)


def test_wrong_passwords_count_whatever_names_the_accounts() -> None:
    who = regular()
    fails(who, 3)
    fails(who, 2, typed=str(who.credential.email))
    comes_in(who)
    assert told() == [AFTER_TRIES]


def test_those_of_more_than_a_day_ago_are_forgotten() -> None:
    who = regular()
    fails(who, 6)
    comes_in(who, at=NOW + timedelta(hours=19))
    assert told() == [NEW_BROWSER]


@pytest.mark.parametrize("owed", [False, True])
def test_a_remembered_browser_tells_of_its_own_wrong_passwords(owed: bool) -> None:
    who = regular()
    browser = sessions.satisfy_code(session_of(who), browser_token="", at=NOW - timedelta(hours=2 + 26 * owed))[1]
    fails(who, 5, browser=browser)
    if owed:
        comes_in(who, browser)
    else:
        attempt(who.login_id, browser=browser)
    assert told() == [AFTER_TRIES]
    assert "ne connaissions pas" not in str(deliver()[-1].body)


def test_what_strangers_try_is_no_news_to_who_comes_in_from_their_own_browser() -> None:
    who = regular()
    browser = remembered(who)
    fails(who, 6)
    attempt(who.login_id, browser=browser)
    assert told() == []


def test_a_remembered_browser_without_wrong_passwords_costs_no_statement_more() -> None:
    who = regular()
    browser = remembered(who)
    session = session_of(who)
    with CaptureQueriesContext(
        connection,
    ) as ordinary:
        notices.note_tries(session, 0)
        notices.tell_of_entry(session, known=True, by=actor_of(who), at=NOW)
    assert len(ordinary) == 0
    with CaptureQueriesContext(connection) as entering:
        attempt(who.login_id, browser=browser)
    assert [query["sql"] for query in entering if "freezelink" in query["sql"]] == []


def asks(who: Account, purpose: Purpose = Purpose.SIGN_IN, *, at: datetime = NOW) -> Session:
    session = session_of(who)
    codes.ask(session, purpose, str(who.credential.email), by=actor_of(who), at=at)
    return session


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def test_the_third_code_within_an_hour_is_told_once_a_day_whoever_asks() -> None:
    who = regular()
    for number in range(2):
        asks(who, at=minutes(20 * number))
        deliver(minutes(20 * number))
    assert told() == []
    for number in range(2, 5):
        asks(who, at=minutes(20 * number))
        deliver(minutes(20 * number))
    assert told() == [REPEATED]
    for number in range(3):
        asks(who, at=minutes(24 * 60 + 60 + number))
    deliver(minutes(24 * 60 + 63))
    assert told() == [REPEATED, REPEATED]


def test_its_mail_says_what_the_codes_were_for_and_stops_it() -> None:
    who = regular()
    for number in range(3):
        recovery.ask(
            sessions.begin(browser="Firefox", at=NOW).session, who.login_id, address="203.0.113.9", at=minutes(number)
        )
    arrived = deliver(minutes(3))
    assert told() == [REPEATED]
    assert "3 codes" in str(arrived[-1].subject)
    assert "choisir un nouveau mot de passe" in str(arrived[-1].body)
    assert freezing.freeze(link_in(arrived), at=NOW)


def test_codes_of_a_session_that_is_over_still_count() -> None:
    who = regular()
    for number in range(3):
        sessions.end(asks(who, at=minutes(number)).pk)
    asks(who, at=minutes(4))
    deliver(minutes(4))
    assert told() == [REPEATED]


def test_codes_spread_over_more_than_an_hour_for_several_things_or_that_serve_are_not_told() -> None:
    spread, several, serving = regular(), regular(), regular()
    for number in range(3):
        asks(spread, at=minutes(31 * number))
        deliver(minutes(31 * number))
    for purpose in (Purpose.SIGN_IN, Purpose.RECOVER, Purpose.CHANGE_PASSWORD):
        asks(several, purpose)
        deliver()
    browser = ""
    for number in range(4):
        browser = comes_in(serving, browser, at=NOW + timedelta(minutes=10 * number), shared=True).browser_token
    assert REPEATED not in told()


def test_the_tenth_value_nobody_has_tells_nobody() -> None:
    for number in range(4):
        recovery.ask(
            sessions.begin(browser="Firefox", at=NOW).session, "LOG999999Z", address="203.0.113.9", at=minutes(number)
        )
    assert deliver(minutes(5)) == []


def test_what_is_told_of_a_whole_group_names_no_account() -> None:
    who, *_ = group()
    Account.objects.filter(pk=who.pk).update(last_signed_in_at=NOW - timedelta(days=3))
    FreezeLink.objects.all().delete()
    comes_in(who)
    assert told() == [NEW_BROWSER]
    assert list(FreezeLink.objects.values_list("account", flat=True)) == [None]
