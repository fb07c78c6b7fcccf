"""A bank change that lives: stopped by its page, a link, a code, a freeze; agreed to or refused; one at a time."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection, transaction

from parvis.changes.models import ChangeRequest, ChangeStep, StopLink
from parvis.changes.refusals import AlreadyLive
from parvis.changes.services.bank import agreeing, asking, stopping
from parvis.correspondence.models import Message
from parvis.identity.services.access import freezing
from parvis.kit.actors import Right, operator, system
from parvis.kit.refusals import ActNotPossible, NotAllowed, NotFound
from tests.changes.bank.test_asking import released
from tests.factories.changes import ANOTHER, IBAN, NOW, bank_asked, bank_typed
from tests.factories.identity import code_received, deliver, session_of
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db
SYSTEM = system("release_changes")
AGENT = operator("Agnès Le Goff")
HOLD = timedelta(hours=72)


def test_a_second_change_waits_until_the_first_is_over() -> None:
    who = owner()
    change = bank_asked(who)
    with pytest.raises(AlreadyLive):
        bank_typed(who, iban=ANOTHER, at=NOW + timedelta(hours=1))
    stopping.stop_bank_change(change.opaque, by=who.actor, at=NOW + timedelta(hours=1))
    assert bank_asked(who, iban=ANOTHER, at=NOW + timedelta(hours=2)).state == "held"


def test_stopping_wipes_the_account_and_tells_everybody_once() -> None:
    who = owner()
    change = bank_asked(who)
    for _ in range(2):
        stopping.stop_bank_change(change.opaque, by=who.actor, at=NOW + timedelta(hours=1))
    change.refresh_from_db()
    assert (change.state, change.iban) == ("stopped", None)
    assert Message.objects.filter(template="changes/emails/bank_stopped").count() == 1


def test_the_link_of_the_mail_stops_it_without_sign_in_once() -> None:
    bank_asked(owner())
    texts = [str(message.body) for message in deliver(NOW + timedelta(minutes=1))]
    tokens = [found[1] for text in texts if (found := re.search(r"/arreter-un-changement/([\w-]{30,})/", text))]
    assert tokens
    assert stopping.stop_by_link(tokens[0], at=NOW + timedelta(hours=1))
    assert not stopping.stop_by_link(tokens[0], at=NOW + timedelta(hours=1))
    assert ChangeRequest.objects.get().state == "stopped"
    assert tokens[0] not in "".join(Message.objects.values_list("body", flat=True))


def test_the_code_of_the_letter_stops_it() -> None:
    change = bank_asked(owner())
    link = StopLink.objects.create(change=change, made_at=NOW)
    with transaction.atomic():
        code = stopping.draw_code(link.pk, at=NOW)["stop_code"]
    assert stopping.stop_by_link(freezing.read_stop_code(code), at=NOW)
    assert not stopping.stop_by_link("inconnu", at=NOW)


def test_a_freeze_stops_what_the_person_asked() -> None:
    who = owner()
    bank_asked(who)
    freezing.freeze_own(who.account.credential_id, by=who.actor, at=NOW + timedelta(hours=1))
    assert released(NOW + HOLD).state == "stopped"


def test_who_lost_the_right_meanwhile_changes_nothing() -> None:
    who = owner()
    bank_asked(who)
    who.account.habilitations.filter(right=Right.BANK_DETAILS).update(ended_at=NOW + timedelta(hours=1))
    assert released(NOW + HOLD).state == "stopped"


def two_holders() -> tuple[Owner, Owner]:
    """Two people of one landlord who hold the right."""
    first = owner()
    return first, owner(first.landlord)


def test_with_two_holders_the_other_agrees_and_then_the_hold_begins() -> None:
    first, second = two_holders()
    change = bank_asked(first)
    assert (change.state, change.agreement_until) == ("agreement", NOW + timedelta(days=7))
    with pytest.raises(ActNotPossible):
        agreeing.agree_to_bank_change(change.opaque, by=first.actor, at=NOW)
    later = NOW + timedelta(days=1)
    for _ in range(2):
        agreed = agreeing.agree_to_bank_change(change.opaque, by=second.actor, at=later)
    assert (agreed.state, agreed.held_until) == ("held", later + HOLD)
    assert ChangeStep.objects.filter(change=change, state="held").count() == 1


def notices(name: str, *, until: datetime) -> list[Message]:
    """The messages of this name, each of which gives this moment."""
    told = list(Message.objects.filter(template__endswith=f"/{name}").order_by("pk"))
    assert {message.context["until"] for message in told} == {until.isoformat()}
    return told


def test_no_notice_names_a_day_after_which_the_change_has_left() -> None:
    first, second = two_holders()
    change = bank_asked(first)
    asked = notices("bank_asked", until=NOW + timedelta(days=7))
    assert all(message.context["waits"] for message in asked)
    later = NOW + timedelta(hours=1)
    agreeing.agree_to_bank_change(change.opaque, by=second.actor, at=later)
    agreed = notices("bank_agreed", until=later + HOLD)
    assert [(message.channel, message.to_email) for message in agreed] == [
        (message.channel, message.to_email) for message in asked
    ], "whoever heard that it was asked hears that it leaves"
    said = [str(message.body) for message in deliver(later + timedelta(minutes=1))]
    waiting = [text for text in said if "second accord est demandé" in text.lower()]
    leaving = [text for text in said if "a donné son accord" in text]
    assert waiting
    assert leaving
    assert not [text for text in waiting if "Sans opposition" in text]
    assert all("/arreter-un-changement/" in text for text in leaving)


def test_the_link_told_with_the_second_agreement_stops_it() -> None:
    first, second = two_holders()
    change = bank_asked(first)
    deliver(NOW + timedelta(minutes=1))
    agreeing.agree_to_bank_change(change.opaque, by=second.actor, at=NOW + timedelta(hours=1))
    texts = [str(message.body) for message in deliver(NOW + timedelta(hours=2))]
    tokens = [found[1] for text in texts if (found := re.search(r"/arreter-un-changement/([\w-]{30,})/", text))]
    assert stopping.stop_by_link(tokens[0], at=NOW + timedelta(hours=3))
    assert ChangeRequest.objects.get().state == "stopped"


def test_the_other_refuses_and_nothing_leaves() -> None:
    first, second = two_holders()
    change = bank_asked(first)
    agreeing.decline_bank_change(change.opaque, by=second.actor, at=NOW)
    assert released(NOW + timedelta(days=30)).state == "refused"
    with pytest.raises(ActNotPossible):
        agreeing.agree_to_bank_change(change.opaque, by=second.actor, at=NOW)


def test_without_an_answer_in_seven_days_it_expires() -> None:
    first, second = two_holders()
    change = bank_asked(first)
    assert released(NOW + timedelta(days=7) - timedelta(seconds=1)).state == "agreement"
    assert released(NOW + timedelta(days=7)).state == "expired"
    with pytest.raises(ActNotPossible):
        agreeing.agree_to_bank_change(change.opaque, by=second.actor, at=NOW + timedelta(days=8))


def test_without_the_right_or_of_another_landlord_nothing_is_done() -> None:
    change = bank_asked(owner())
    stranger, declaring = owner(), owner(rights=frozenset({Right.DECLARE}))
    with pytest.raises(NotFound):
        stopping.stop_bank_change(change.opaque, by=stranger.actor, at=NOW)
    with pytest.raises(NotFound):
        agreeing.agree_to_bank_change(change.opaque, by=stranger.actor, at=NOW)
    with pytest.raises(NotAllowed):
        bank_typed(declaring)
    assert ChangeRequest.objects.get().state == "held"


def test_what_was_typed_and_not_proved_goes_away() -> None:
    bank_typed(owner())
    change = released(NOW + timedelta(hours=1))
    assert (change.state, change.iban) == ("expired", None)


@pytest.mark.django_db(transaction=True)
def test_of_two_bank_changes_proved_at_once_one_lives() -> None:
    first, second = two_holders()
    typed = []
    for who, iban in ((first, IBAN), (second, ANOTHER)):
        change, session = bank_typed(who, iban=iban, session=session_of(who.account))
        typed.append((who, change.opaque, session, code_received()))
    start = Barrier(2)

    def prove(one: tuple[Owner, UUID, object, str]) -> str:
        who, opaque, session, digits = one
        try:
            start.wait()
            asking.prove_bank_change(opaque, session, digits, by=who.actor, at=NOW)  # type: ignore[arg-type]
        except AlreadyLive:
            return "refused"
        finally:
            connection.close()
        return "proved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(prove, typed)) == ["proved", "refused"]
    assert ChangeRequest.objects.filter(state="agreement").count() == 1
    mail.outbox.clear()
