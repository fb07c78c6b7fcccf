"""Direct payment: asked with every commitment, stopped, offered and answered; all or none, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from parvis.changes.models import ChangeRequest, DirectPaymentOffer
from parvis.changes.rules import COMMITMENTS
from parvis.changes.selectors.direct_payment import offers_to, tenancies_by_payment
from parvis.changes.services import leaving, offers
from parvis.changes.services.direct_payment import answer_direct_payment, ask_direct_payment, stop_direct_payment
from parvis.correspondence.models import Message
from parvis.correspondence.rendering.blocks import read
from parvis.correspondence.rendering.letters import pdf_of
from parvis.correspondence.rendering.texts import words_of
from parvis.kit.actors import Right, system
from parvis.kit.refusals import ActNotPossible, NotAllowed, NotFound, Refusal
from parvis.tenancies.models import Tenancy
from tests.factories.changes import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db
OFFICE = system("office")
ALL = list(COMMITMENTS)


def unpaid(who: Owner, last_name: str = "Moreau", **fields: Any) -> Tenancy:
    """A tenancy whose aid goes to the tenant."""
    return tenancy(who.landlord, last_name=last_name, **{"direct_payment": False, **fields})


def ask(
    who: Owner, *rented: Tenancy, key: UUID | None = None, commitments: list[str] | None = None
) -> list[ChangeRequest]:
    """Ask for these."""
    taken = ALL if commitments is None else commitments
    return ask_direct_payment([each.reference for each in rented], taken, key=key or uuid4(), by=who.actor, at=NOW)


def test_one_request_each_and_one_mail() -> None:
    who = owner()
    changes = ask(who, unpaid(who), unpaid(who, "Petit"))
    assert [change.details["from"] for change in changes] == ["2026-08-01"] * 2
    assert Message.objects.filter(template="changes/emails/received").count() == 1


def test_twice_is_once() -> None:
    who, key = owner(), uuid4()
    rented = unpaid(who)
    assert ask(who, rented, key=key)[0].pk == ask(who, rented, key=key)[0].pk
    with pytest.raises(ActNotPossible):
        ask(who, rented)
    assert ChangeRequest.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"direct_payment": True}, {"end_on": date(2026, 6, 30)}, {"decency": "non_decent"}], ids=str
)
def test_one_that_cannot_be_refuses_them_all(fields: dict[str, object]) -> None:
    who = owner()
    with pytest.raises(ActNotPossible):
        ask(who, unpaid(who), unpaid(who, "Petit", **fields))
    assert not ChangeRequest.objects.exists()
    assert not Message.objects.exists()


def test_every_commitment_is_wanted() -> None:
    who = owner()
    for taken in ([], ALL[:3], [*ALL, "more"]):
        with pytest.raises(Refusal):
            ask(who, unpaid(who), commitments=taken)
    assert not ChangeRequest.objects.exists()


def test_a_tenancy_of_somebody_else_does_not_exist() -> None:
    who = owner()
    with pytest.raises(NotFound):
        ask(who, unpaid(who), unpaid(owner()))
    with pytest.raises(NotAllowed):
        ask(owner(rights=frozenset({Right.CONSULT})), unpaid(who))


def test_stopping_wants_that_it_is_paid() -> None:
    who = owner()
    change = stop_direct_payment(tenancy(who.landlord).reference, key=uuid4(), by=who.actor, at=NOW)
    assert (change.state, change.details) == ("ready", {"from": "2026-08-01"})
    with pytest.raises(ActNotPossible):
        stop_direct_payment(unpaid(who).reference, key=uuid4(), by=who.actor, at=NOW)


def offered(who: Owner) -> DirectPaymentOffer:
    """An offer of the office."""
    rented = unpaid(who)
    return offers.offer_direct_payment("441", rented.claimant_number, rented.tenancy_ref, by=OFFICE, at=NOW)


def test_an_offer_is_answered_once_within_two_months() -> None:
    who = owner()
    offer = offered(who)
    assert offer.answer_by == date(2026, 9, 21)
    change = answer_direct_payment(offer.opaque, accepted=False, commitments=[], key=uuid4(), by=who.actor, at=NOW)
    assert change.details == {"accepted": False, "offered_on": "2026-07-21", "commitments": []}
    with pytest.raises(ActNotPossible):
        answer_direct_payment(offer.opaque, accepted=True, commitments=ALL, key=uuid4(), by=who.actor, at=NOW)


def test_accepting_takes_the_commitments_and_a_stranger_answers_nothing() -> None:
    who = owner()
    offer = offered(who)
    with pytest.raises(Refusal):
        answer_direct_payment(offer.opaque, accepted=True, commitments=[], key=uuid4(), by=who.actor, at=NOW)
    with pytest.raises(NotFound):
        answer_direct_payment(offer.opaque, accepted=True, commitments=ALL, key=uuid4(), by=owner().actor, at=NOW)
    assert offers_to(who.actor, today=NOW.date())


def test_silence_is_a_refusal_and_nothing_leaves() -> None:
    who = owner()
    offer = offered(who)
    late = NOW + timedelta(days=63)
    assert leaving.release_due(by=OFFICE, at=NOW + timedelta(days=62)).lapsed_offers == 0
    assert leaving.release_due(by=OFFICE, at=late).lapsed_offers == 1
    offer.refresh_from_db()
    assert offer.was_accepted is False
    assert not ChangeRequest.objects.exists()
    with pytest.raises(ActNotPossible):
        answer_direct_payment(offer.opaque, accepted=True, commitments=ALL, key=uuid4(), by=who.actor, at=late)


def test_an_offer_made_twice_is_one() -> None:
    who = owner()
    rented = unpaid(who)
    for _ in range(2):
        offers.offer_direct_payment("441", rented.claimant_number, rented.tenancy_ref, by=OFFICE, at=NOW)
    assert DirectPaymentOffer.objects.count() == 1
    with pytest.raises(ActNotPossible):
        offers.offer_direct_payment("441", rented.claimant_number, rented.tenancy_ref, by=who.actor, at=NOW)


def test_tenancies_come_page_by_page_both_ways() -> None:
    who = owner()
    for name in ("Arnaud", "Bernard", "Carré"):
        unpaid(who, name)
    first = tenancies_by_payment(who.actor, paid_to_landlord=False, limit=2)
    second = tenancies_by_payment(who.actor, paid_to_landlord=False, limit=2, after=first.next)
    back = tenancies_by_payment(who.actor, paid_to_landlord=False, limit=2, before=second.previous)
    assert [[line.name for line in page.lines] for page in (first, second, back)] == [
        ["Lina Arnaud", "Lina Bernard"],
        ["Lina Carré"],
        ["Lina Arnaud", "Lina Bernard"],
    ]
    assert (first.previous, second.next, back.previous) == (None, None, None)
    found = tenancies_by_payment(who.actor, paid_to_landlord=False, search="carre")
    assert [line.name for line in found.lines] == ["Lina Carré"]


@pytest.mark.parametrize("how", ["sold", "left", "absent"])
def test_an_offer_does_not_stay_with_who_is_no_longer_the_landlord(how: str) -> None:
    who, buyer = owner(), owner()
    offer = offered(who)
    every: dict[str, dict[str, Any]] = {
        "sold": {"landlord": buyer.landlord},
        "left": {"end_on": NOW.date()},
        "absent": {"absent_since": NOW},
    }
    Tenancy.objects.filter(pk=offer.tenancy_id).update(**every[how])
    for actor in (who.actor, buyer.actor):
        assert offers_to(actor, today=NOW.date()) == []
    for accepted in (True, False):
        with pytest.raises((NotFound, ActNotPossible)):
            answer_direct_payment(
                offer.opaque, accepted=accepted, commitments=ALL if accepted else [], key=uuid4(), by=who.actor, at=NOW
            )
    assert not ChangeRequest.objects.exists()
    assert [leaving.release_due(by=OFFICE, at=NOW).lapsed_offers for _ in range(2)] == [1, 0]


def test_who_bought_is_offered_anew() -> None:
    who, buyer = owner(), owner()
    offer = offered(who)
    Tenancy.objects.filter(pk=offer.tenancy_id).update(
        landlord=buyer.landlord, third_party_number=buyer.landlord.third_party_numbers.get()
    )
    anew = offers.offer_direct_payment(
        "441", offer.tenancy.claimant_number, offer.tenancy.tenancy_ref, by=OFFICE, at=NOW
    )
    assert (anew.pk != offer.pk, anew.landlord_id) == (True, buyer.landlord.pk)
    assert [line.opaque for line in offers_to(buyer.actor, today=NOW.date())] == [anew.opaque]


def test_the_tenant_is_told_by_a_letter_their_landlord_does_not_see() -> None:
    who = owner()
    rented = unpaid(who)
    ask(who, rented)
    letter = Message.objects.get(template="changes/letters/tenant")
    assert (letter.account_id, letter.partner_id) == (None, None)
    assert letter.to_address[0].endswith("LINA MOREAU")
    words = words_of(letter.template, letter.context)
    assert who.landlord.name in str(words)
    assert "1er août 2026" in str(words).replace("\u00a0", " ")
    assert pdf_of(letter, read(words), at=NOW).startswith(b"%PDF")


def test_stopping_or_refusing_writes_to_no_tenant() -> None:
    who = owner()
    stop_direct_payment(tenancy(who.landlord).reference, key=uuid4(), by=who.actor, at=NOW)
    offer = offered(who)
    answer_direct_payment(offer.opaque, accepted=False, commitments=[], key=uuid4(), by=who.actor, at=NOW)
    assert not Message.objects.filter(template="changes/letters/tenant").exists()


def test_the_landlord_is_told_of_an_offer_once() -> None:
    who = owner()
    offer = offered(who)
    mail = Message.objects.get(template="changes/emails/offered")
    assert mail.account_id == who.account.pk
    assert "21/09/2026" in str(words_of(mail.template, mail.context))
    offers.offer_direct_payment("441", offer.tenancy.claimant_number, offer.tenancy.tenancy_ref, by=OFFICE, at=NOW)
    assert Message.objects.filter(template="changes/emails/offered").count() == 1
