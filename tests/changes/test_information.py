"""Address and telephone: asked once, told, replaced while they have not left."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.changes.models import ChangeRequest, ChangeStep
from parvis.changes.refusals import NothingChanged
from parvis.changes.selectors.requests import change_of, changes_of
from parvis.changes.services import information
from parvis.correspondence.models import Message
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from tests.factories.changes import NOW, address_asked
from tests.factories.landlords import landlord, office, owner

pytestmark = pytest.mark.django_db


def test_an_address_is_asked_with_a_number_and_waits_for_its_delivery() -> None:
    who = owner()
    (change,) = address_asked(who)
    line, steps = change_of(who.actor, change.number)
    assert line.state == "ready"
    assert line.details["address_1"] == "3 place du Bouffay"
    assert line.former["address_1"] == "12 rue des Tilleuls"
    assert [step.label for step in steps] == ["Prête à partir"]


def test_the_asker_and_the_former_address_are_told() -> None:
    who = owner()
    address_asked(who)
    assert list(Message.objects.order_by("template").values_list("template", flat=True)) == [
        "changes/emails/received",
        "changes/letters/address",
    ]
    letter = Message.objects.get(template="changes/letters/address")
    assert "12 RUE DES TILLEULS" in letter.to_address


def test_the_same_form_sent_twice_asks_once() -> None:
    who, key = owner(), uuid4()
    first, again = address_asked(who, key=key), address_asked(who, key=key)
    assert [change.pk for change in first] == [change.pk for change in again]
    assert ChangeRequest.objects.count() == ChangeStep.objects.count() == 1


def test_asking_anew_replaces_what_has_not_left() -> None:
    who = owner()
    (first,) = address_asked(who)
    (second,) = address_asked(who, street="8 rue Crébillon", at=NOW + timedelta(hours=1))
    first.refresh_from_db()
    assert (first.state, second.state) == ("stopped", "ready")


@pytest.mark.parametrize(
    ("day", "street"), [(-1, "3 place du Bouffay"), (400, "3 place du Bouffay"), (0, " ")], ids=["past", "far", "blank"]
)
def test_a_refused_address_leaves_nothing(day: int, street: str) -> None:
    who = owner()
    with pytest.raises(Refusal):
        address_asked(who, street=street, from_day=(NOW + timedelta(days=day)).date())
    assert not ChangeRequest.objects.exists()
    assert not Message.objects.exists()
    assert not Entry.objects.filter(event__startswith="changes.").exists()


def test_the_address_the_office_has_already_is_refused() -> None:
    who = owner()
    known = who.third_party_number
    known.address_1, known.postcode, known.city = "3 place du Bouffay", "44000", "NANTES"
    known.save()
    with pytest.raises(NothingChanged):
        address_asked(who)


def test_without_the_right_nothing_is_asked() -> None:
    with pytest.raises(NotAllowed):
        address_asked(owner(rights=frozenset({Right.CONSULT})))
    assert not ChangeRequest.objects.exists()


def test_all_accounts_of_a_person_change_together_where_they_may_declare() -> None:
    office("751", "Caf de Paris")
    who = owner()
    second = owner(landlord(company_name="Deuxième", office_code="751"), credential=who.account.credential)
    consulting = owner(landlord(), rights=frozenset({Right.CONSULT}), credential=who.account.credential)
    changes = address_asked(who, everywhere=True)
    assert {change.landlord_id for change in changes} == {who.landlord.pk, second.landlord.pk}
    assert not changes_of(consulting.actor).lines


def test_somebody_elses_change_does_not_exist() -> None:
    (change,) = address_asked(owner())
    with pytest.raises(NotFound):
        change_of(owner().actor, change.number)


def test_a_telephone_number_is_asked_once_and_told_once() -> None:
    who = owner()
    (change,) = information.change_contacts("0240112233", key=uuid4(), by=who.actor, at=NOW)
    assert (change.kind, change.details) == ("contact", {"phone": "0240112233"})
    with pytest.raises(NothingChanged):
        information.change_contacts("02 40 00 00 00", key=uuid4(), by=owner().actor, at=NOW)
