"""Messages that did not leave, and mails that came back, as operators deal with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from parvis.agents.posts import DUTIES, Role, duties_of
from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.returns import bounces
from parvis.correspondence.returns.services import ADDRESS_DOUBTFUL
from parvis.correspondence.services import Draft, queue_many
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, DutyMissing, NotFound
from parvis.landlords.selectors.for_agents import unsent as selectors
from parvis.upkeep import unsent as services
from tests.factories.agents import colleague
from tests.factories.correspondence import ADDRESS, AT, CONTEXT, email, letter
from tests.factories.landlords import Owner, landlord, office, owner

pytestmark = pytest.mark.django_db
PAGE = "/agents/flux/messages/"
WHY = "La boîte n’existe plus."


@pytest.fixture
def me() -> Owner:
    return owner(landlord(company_name="Le Bail & Fils"))


def failed(to: Owner | None, *, failure: str = "Le serveur de mail a refusé ce message.", days: int = 0) -> Message:
    message = email(partner_id=to.landlord.pk, account_id=to.account.pk) if to else email()
    due_at = datetime.now(UTC) - timedelta(days=days)
    Message.objects.filter(pk=message.pk).update(state="failed", failure=failure, due_at=due_at)
    return message


def state_of(message: Message) -> str:
    return str(Message.objects.values_list("state", flat=True).get(pk=message.pk))


def text(browser: Client, address: str) -> str:
    page = browser.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def test_nothing_in_trouble_is_said() -> None:
    browser = colleague().browser()
    assert "Aucun message en échec" in text(browser, PAGE)
    assert "Aucun message revenu" in text(browser, f"{PAGE}?etat=revenus")
    assert browser.get(f"{PAGE}?etat=autres").status_code == 404
    assert browser.get(f"{PAGE}?avant=hier").status_code == 404
    assert not Entry.objects.filter(event="agents.listed").exists()


@pytest.mark.parametrize("role", list(Role))
def test_it_is_for_who_runs_the_feeds(role: Role, me: Owner) -> None:
    message = failed(me)
    for where in (PAGE, f"{PAGE}{message.reference}/"):
        assert Client().get(where).status_code == 302
        may = Duty.RUN_FEEDS in DUTIES[role]
        assert colleague((role, "")).browser().get(where).status_code == (200 if may else 403)


def test_what_did_not_leave_is_listed_with_its_cause_and_tried_again(me: Owner) -> None:
    message, browser = failed(me), colleague().browser()
    page = text(browser, PAGE)
    assert "Le Bail &amp; Fils" in page
    assert "Le serveur de mail a refusé" in page
    assert message.to_email not in page, "a mailbox is masked"
    assert Entry.objects.filter(event="agents.listed").get().details == {"count": 1}
    assert "Voir lesquels" in text(browser, "/agents/flux/")
    sheet = f"{PAGE}{message.reference}/"
    assert f"{me.landlord.pk}/motif/?motif=email" in text(browser, sheet)
    assert "Le message repart" in browser.post(sheet, {"act": "retry"}, follow=True).content.decode()
    assert state_of(message) == MessageState.DUE
    assert browser.get(sheet).status_code == 404, "it fares well again"
    assert "rien ne change" in browser.post(sheet, {"act": "retry"}, follow=True).content.decode()
    assert Entry.objects.filter(event="correspondence.retried").count() == 1


def test_it_is_given_up_with_a_reason_and_with_the_letter_behind_it(me: Owner) -> None:
    message, browser = failed(me), colleague().browser()
    with transaction.atomic():
        (behind,) = queue_many([Draft("tests/letters/hello", CONTEXT, to_address=ADDRESS, after=message)], at=AT)
    sheet = f"{PAGE}{message.reference}/"
    for reason in ("", "  ", "x" * 10_000, "n\x00ul"):
        page = browser.post(sheet, {"act": "give_up", "reason": reason})
        assert page.status_code == 200
        assert state_of(message) == MessageState.FAILED
    assert browser.post(sheet, {"act": "burn"}).status_code == 200
    assert "est abandonné" in browser.post(sheet, {"act": "give_up", "reason": WHY}, follow=True).content.decode()
    assert (state_of(message), state_of(behind)) == (MessageState.CANCELLED, MessageState.CANCELLED)
    assert Message.objects.get(pk=message.pk).failure == WHY
    assert Entry.objects.filter(event="correspondence.cancelled").count() == 2


def test_all_of_the_last_days_leave_again_but_what_awaits_an_address(me: Owner) -> None:
    recent, old, browser = failed(me), failed(me, days=31), colleague().browser()
    held = letter(partner_id=me.landlord.pk)
    Message.objects.filter(pk=held.pk).update(state="failed", failure=ADDRESS_DOUBTFUL, due_at=datetime.now(UTC))
    assert "1\u00a0message repart" in browser.post(PAGE, follow=True).content.decode()
    assert [state_of(one) for one in (recent, old, held)] == ["due", "failed", "failed"]
    assert "rien à relancer" in browser.post(PAGE, follow=True).content.decode()
    assert "Courriers revenus" in text(browser, f"{PAGE}{held.reference}/")


def test_a_mail_that_came_back_is_told_and_cannot_leave_again(me: Owner) -> None:
    message, browser = email(partner_id=me.landlord.pk), colleague().browser()
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=AT)
    bounces.note(bounces.Bounce(message.reference, "5.1.1", is_final=True), at=datetime.now(UTC))
    assert "Aucun message en échec" in text(browser, PAGE)
    assert "code 5.1.1" in text(browser, f"{PAGE}?etat=revenus")
    sheet = f"{PAGE}{message.reference}/"
    assert "Abandonner" not in text(browser, sheet)
    for act in ("retry", "give_up"):
        browser.post(sheet, {"act": act, "reason": WHY})
    assert state_of(message) == MessageState.BOUNCED


def test_a_long_list_goes_on_by_its_key(me: Owner) -> None:
    many = [failed(me, days=number) for number in range(selectors.PAGE + 1)]
    page = text(colleague().browser(), PAGE)
    assert many[0].reference in page
    assert many[-1].reference not in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert many[-1].reference in text(colleague().browser(), following)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("post", ["441", "751", ""])
def test_a_message_of_another_office_does_not_exist(role: Role, post: str, me: Owner) -> None:
    office("751", "Caf de Paris")
    message, now = failed(me), datetime.now(UTC)
    failed(None)
    by = replace(colleague((Role.RECEPTION, "")).actor, duties=duties_of([(role, post)]))
    runs = role is Role.NATIONAL_ADMINISTRATOR
    listed = [line.name for line in selectors.in_trouble(by, "failed")]
    assert sorted(listed) == {"": ["", "Le Bail & Fils"], "441": ["Le Bail & Fils"]}.get(post if runs else "751", [])
    if runs and post != "751":
        services.try_again(message.reference, by=by, at=now)
        with pytest.raises(ChangedMeanwhile):
            services.give_up(message.reference, WHY, by=by, at=now)
        return
    refused = NotFound if runs else DutyMissing
    with pytest.raises(refused):
        services.try_again(message.reference, by=by, at=now)
    with pytest.raises(refused):
        services.give_up(message.reference, WHY, by=by, at=now)
    if not runs:
        with pytest.raises(DutyMissing):
            services.try_all_again(by=by, at=now)
    assert state_of(message) == MessageState.FAILED
