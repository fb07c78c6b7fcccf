"""payment_offers.csv: the office offers direct payment, from the file to the landlord's page and back to the office."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.changes.models import DirectPaymentOffer
from parvis.changes.selectors.direct_payment import offers_to
from parvis.changes.services.direct_payment import answer_direct_payment
from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.exchange.services import outbound
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from tests.exchange.inbox import AT, BY, Inbox, counts, told
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db


def unpaid(who: Owner, **more: Any) -> Tenancy:
    return tenancy(who.landlord, direct_payment=False, **more)


def line(of: Tenancy, offered_on: str = "2026-08-01") -> dict[str, str]:
    return {
        "caf_code": of.caf_code,
        "claimant_number": of.claimant_number,
        "tenancy_ref": of.tenancy_ref,
        "offered_on": offered_on,
    }


def test_an_offer_comes_with_the_day_of_the_office_and_two_months_to_answer(inbox: Inbox, tmp_path: Path) -> None:
    who = owner()
    of = unpaid(who)
    inbox.take(1, {"payment_offers": [line(of)]})
    assert counts(1, "payment_offers") == {"added": 1}
    offer = DirectPaymentOffer.objects.get()
    assert (offer.tenancy, offer.landlord, offer.answer_by) == (of, who.landlord, date(2026, 10, 1))
    assert [shown.opaque for shown in offers_to(who.actor, today=AT.date())] == [offer.opaque]
    mail = Message.objects.get(template="changes/emails/offered")
    assert "01/10/2026" in words_of(mail.template, mail.context)
    assert Entry.objects.filter(event="changes.direct_payment_offered").count() == 1
    change = answer_direct_payment(
        offer.opaque, accepted=False, commitments=[], key=uuid4(), by=who.actor, at=AT + timedelta(days=1)
    )
    (delivery,) = outbound.send(tmp_path, by=BY, at=AT + timedelta(days=2))
    (sent,) = (tmp_path / f"{delivery.sequence:06d}" / "changes.jsonl").read_text(encoding="utf-8").splitlines()
    told_back = json.loads(sent)
    assert (told_back["change_ref"], told_back["kind"]) == (change.number, "direct_payment_answer")
    assert told_back["details"] == {"accepted": False, "offered_on": "2026-08-01", "commitments": []}


def test_the_same_offer_again_answered_or_not_is_made_once(inbox: Inbox) -> None:
    who = owner()
    of = unpaid(who)
    inbox.take(1, {"payment_offers": [line(of)]})
    inbox.take(2, {"payment_offers": [line(of)]})
    assert counts(2, "payment_offers") == {"unchanged": 1}
    offer = DirectPaymentOffer.objects.get()
    answer_direct_payment(offer.opaque, accepted=False, commitments=[], key=uuid4(), by=who.actor, at=AT)
    inbox.take(3, {"payment_offers": [line(of)]})
    assert counts(3, "payment_offers") == {"unchanged": 1}
    assert DirectPaymentOffer.objects.count() == Message.objects.filter(template="changes/emails/offered").count() == 1
    inbox.take(4, {"payment_offers": [line(of, "2026-08-04")]})
    assert counts(4, "payment_offers") == {"added": 1}


def test_bad_lines_are_set_aside_with_their_sentence_and_the_others_go_in(inbox: Inbox) -> None:
    who = owner()
    good, over, paid = unpaid(who), unpaid(who, end_on=date(2026, 6, 30)), tenancy(who.landlord, direct_payment=True)
    late, early, wrong = unpaid(who), unpaid(who), unpaid(who)
    rows = [
        line(good),
        line(over),
        line(paid),
        line(late, "2026-05-01"),
        line(early, "2026-08-20"),
        line(wrong, "01/08/2026"),
    ]
    inbox.take(1, {"payment_offers": rows})
    assert counts(1, "payment_offers") == {"added": 1, "set_aside": 5}
    assert [(number, field, sentence[:30]) for number, field, sentence in told(1)] == [
        (3, "tenancy_ref", "Cette location est terminée\u00a0: "[:30]),
        (4, "tenancy_ref", "L’aide de cette location est d"),
        (5, "offered_on", "Le délai de réponse est déjà p"),
        (6, "offered_on", "La date de la proposition est "),
        (7, "offered_on", "«\u00a001/08/2026\u00a0» n’est pas une d"),
    ]
    assert DirectPaymentOffer.objects.get().tenancy == good


def test_an_offer_for_a_tenancy_still_to_come_waits_for_it(furnished: Inbox) -> None:
    from tests.exchange.inbox import TENANCY

    known = Tenancy.objects.get()
    coming = TENANCY | {"claimant_number": "1593741", "tenancy_ref": "L0593741", "direct_payment": "0"}
    offer = line(known, "2026-08-01") | {"claimant_number": "1593741", "tenancy_ref": "L0593741"}
    furnished.take(2, {"payment_offers": [offer]})
    assert not DirectPaymentOffer.objects.exists()
    furnished.take(3, {"tenancies": [coming]})
    assert DirectPaymentOffer.objects.get().tenancy.claimant_number == "1593741"


def test_several_offers_to_one_landlord_are_one_mail(inbox: Inbox) -> None:
    who, other = owner(), owner()
    owner(who.landlord, rights=frozenset({Right.CONSULT}))
    inbox.take(1, {"payment_offers": [line(unpaid(who)), line(unpaid(other)), line(unpaid(who))]})
    mail = Message.objects.get(template="changes/emails/several_offered")
    assert mail.to_email == who.account.credential.email
    assert "2 locataires" in words_of(mail.template, mail.context)
    assert Message.objects.filter(template="changes/emails/offered").count() == 1


def test_who_bought_the_dwelling_is_offered_anew(inbox: Inbox) -> None:
    who, buyer = owner(), owner()
    of = unpaid(who)
    inbox.take(1, {"payment_offers": [line(of)]})
    Tenancy.objects.filter(pk=of.pk).update(
        landlord=buyer.landlord, third_party_number=buyer.landlord.third_party_numbers.get()
    )
    inbox.take(2, {"payment_offers": [line(of, "2026-08-04")]})
    assert [offer.landlord for offer in DirectPaymentOffer.objects.filter(closed_at=None)] == [buyer.landlord]
    assert DirectPaymentOffer.objects.get(landlord=who.landlord).was_accepted is False
