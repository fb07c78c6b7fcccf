"""The second code of a visit says that it is the second: in its subject, in its mail and on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.kinds import Purpose
from parvis.identity.models import OneTimeCode
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.services import codes
from parvis.kit.actors import system
from parvis.parameters.services import change
from tests.factories.captcha import answered
from tests.factories.identity import NOW, actor_of, deliver, member, session_of
from tests.web.account.visits import now, regular, said, sign_in

pytestmark = pytest.mark.django_db
LONGEST_SUBJECT = 60


def an_hour_passes() -> None:
    """The codes asked before were asked an hour earlier."""
    for code in OneTimeCode.objects.all():
        earlier = code.asked_at - timedelta(hours=1)
        OneTimeCode.objects.filter(pk=code.pk).update(asked_at=earlier)


def test_the_second_code_of_a_sign_in_is_numbered_in_the_mail_and_on_the_page() -> None:
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    (first,) = deliver(now())
    page = reverse("sign-in-code", args=[me.account.reference])
    assert "n°" not in first.subject + said(client.get(page)).split("<main")[1].split("À savoir")[0]
    an_hour_passes()
    client.post(reverse("sign-in-code-again", args=[me.account.reference]))
    (second,) = deliver(now())
    assert "(code n°\u00a02)" in second.subject
    assert "C’est le code n°\u00a02" in str(second.body)
    assert "Saisissez le code du dernier mail reçu (n°\u00a02)." in said(client.get(page))


def test_the_page_says_how_long_a_code_really_lives() -> None:
    change("code_life", 5, by=system("test"), at=now())
    me, client = regular(), Client()
    sign_in(me.account.login_id, client=client)
    assert "Il est valable 5\u00a0minutes." in said(client.get(reverse("sign-in-code", args=[me.account.reference])))


def test_a_code_that_served_ends_the_count() -> None:
    who = member()
    session, by, email = session_of(who), actor_of(who), who.credential.email or ""
    for _ in range(2):
        codes.ask(session, Purpose.CHANGE_PASSWORD, email, by=by, at=NOW)
        an_hour_passes()
    OneTimeCode.objects.filter(replaced_at=None).update(used_at=NOW)
    codes.ask(session, Purpose.CHANGE_PASSWORD, email, by=by, at=NOW + timedelta(minutes=1))
    waiting = waiting_for(session.pk, Purpose.CHANGE_PASSWORD, at=NOW + timedelta(minutes=1))
    assert waiting is not None
    assert waiting.number == 1


def test_another_mailbox_is_numbered_apart() -> None:
    who = member()
    session, by = session_of(who), actor_of(who)
    for email in ("une@parvis.example", "autre@parvis.example"):
        codes.ask(session, Purpose.CHANGE_EMAIL, email, by=by, at=NOW)
    assert ["n°" in mail.subject for mail in deliver(NOW)] == [False]
    waiting = waiting_for(session.pk, Purpose.CHANGE_EMAIL, at=NOW)
    assert waiting is not None
    assert (waiting.email, waiting.number) == ("autre@parvis.example", 1)


def test_the_number_tells_nobody_whether_a_value_is_known() -> None:
    """Where nobody has signed in, what is typed first counts too, known or not: the page and the mail agree."""
    me = member()
    pages = []
    for typed in (("LOG999999Z", me.login_id), ("LOG999999Z", "LOG999998Z")):
        client = Client()
        for identifier in typed:
            client.post(reverse("code-first"), {**answered(now()), "identifier": identifier})
            an_hour_passes()
        pages.append(said(client.get(reverse("code-first-code"))).count("n°\u00a02"))
    assert pages == [1, 1]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_tenth_subject_is_still_short_enough(purpose: Purpose) -> None:
    who = member()
    session, by, email = session_of(who), actor_of(who), who.credential.email or ""
    for _ in range(9):
        OneTimeCode.objects.create(
            purpose=purpose, credential=who.credential, credential_version=1, session=session, email=email,
            asked_at=NOW - timedelta(hours=2), expires_at=NOW, replaced_at=NOW,
        )  # fmt: skip
    codes.ask(session, purpose, email, by=by, at=NOW)
    (mail,) = deliver(NOW)
    assert "n°\u00a010" in mail.subject
    assert len(mail.subject) <= LONGEST_SUBJECT
