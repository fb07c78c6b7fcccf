"""Address and telephone: asked once, told, replaced while they have not left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.changes.models import ChangeRequest, ChangeStep
from parvis.changes.refusals import NothingChanged
from parvis.changes.rules import Contacts
from parvis.changes.selectors.facts import asked_facts
from parvis.changes.selectors.known import known_of
from parvis.changes.selectors.requests import change_of, changes_of, expected_answer
from parvis.changes.services import information
from parvis.correspondence.models import Message
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.models import ProcessingTime, ThirdPartyNumber
from tests.factories.changes import NOW, address_asked, bank_asked
from tests.factories.landlords import Owner, landlord, office, owner

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


def contacts_asked(who: Owner, *, at: datetime = NOW, **said: str) -> list[ChangeRequest]:
    """Other ways to reach the landlord, asked as the page does."""
    return information.change_contacts(Contacts(**said), key=uuid4(), by=who.actor, at=at)


def test_a_telephone_number_is_asked_once_and_told_once() -> None:
    who = owner()
    (change,) = contacts_asked(who, phone="02.40.11.22.33")
    assert (change.kind, change.details) == ("contact", {"phone": "0240112233"})
    with pytest.raises(NothingChanged):
        contacts_asked(owner(), phone="0240000000", phone_2="", email="Gestion@Alliance.example")
    with pytest.raises(NothingChanged):
        contacts_asked(owner())


def test_a_second_number_and_the_mail_the_office_knows_are_asked_with_their_receipt() -> None:
    who = owner()
    (change,) = contacts_asked(who, phone="0240000000", phone_2="06 01 02 03 04", email=" Loyers@Alliance.example ")
    assert change.details == {"phone": "0240000000", "phone_2": "0601020304", "email": "loyers@alliance.example"}
    line, _ = change_of(who.actor, change.number)
    assert asked_facts(line) == [
        ("Ancien second numéro", "aucun"),
        ("Nouveau second numéro", "0601020304"),
        ("Ancienne adresse mail connue de la caisse", "gestion@alliance.example"),
        ("Nouvelle adresse mail connue de la caisse", "loyers@alliance.example"),
    ]
    former = Message.objects.get(template="changes/emails/contact_left")
    assert former.to_email == "gestion@alliance.example"
    assert Message.objects.get(template="changes/emails/received").to_email == who.account.credential.email
    assert who.account.credential.email not in str(change.details)
    who.account.credential.refresh_from_db()
    assert who.account.credential.email != "loyers@alliance.example"


def test_nobody_is_written_to_where_the_mail_stays() -> None:
    contacts_asked(owner(), phone_2="0601020304", email="gestion@alliance.example")
    assert not Message.objects.filter(template="changes/emails/contact_left").exists()


def test_another_office_keeps_its_own_where_nothing_was_changed() -> None:
    who = owner()
    office("751", "Caf de Paris")
    ThirdPartyNumber.objects.create(
        landlord=who.landlord, office_id="751", number="0000751", user_number="75100000000V01", address_1="1 rue",
        postcode="75001", city="PARIS", phone="0140000000", email="paris@alliance.example",
    )  # fmt: skip
    first, second = contacts_asked(who, phone="0240112233", phone_2="", email="gestion@alliance.example")
    assert (first.office_id, first.details) == ("441", {"phone": "0240112233"})
    assert (second.office_id, second.details) == ("751", {"phone": "0240112233"})
    assert not Message.objects.filter(template="changes/emails/contact_left").exists()
    ChangeRequest.objects.update(state="done")
    with pytest.raises(NothingChanged):
        contacts_asked(who, phone="0240000000", phone_2="", email="gestion@alliance.example")
    (emptied, _) = contacts_asked(who, phone="0240000000", phone_2="", email="")
    assert emptied.details == {"phone": "0240000000", "email": ""}


def test_the_same_contacts_sent_twice_are_asked_once() -> None:
    who, key, said = owner(), uuid4(), Contacts(phone="0240112233")
    first = information.change_contacts(said, key=key, by=who.actor, at=NOW)
    assert information.change_contacts(said, key=key, by=who.actor, at=NOW) == first
    assert Message.objects.filter(template="changes/emails/received").count() == 1


def all_said(who: Owner, said: dict[str, str]) -> list[ChangeRequest]:
    """The page as it is posted: every field, changed or not."""
    return information.change_contacts(Contacts(**said), key=uuid4(), by=who.actor, at=NOW)


def test_what_the_office_wrote_otherwise_is_left_where_it_is_left() -> None:
    who = owner()
    ThirdPartyNumber.objects.filter(pk=who.third_party_number.pk).update(
        phone="0240000000 p.12", phone_2="0240000000 p.12"
    )
    said = {"phone": "0240000000 p.12", "phone_2": "0240000000 p.12", "email": "loyers@alliance.example"}
    (change,) = all_said(who, said)
    assert change.details == {"phone": "0240000000 p.12", "email": "loyers@alliance.example"}
    with pytest.raises(Refusal) as refusal:
        all_said(who, {**said, "phone": "0240000000 p.13"})
    assert refusal.value.field == "phone"


def test_what_has_left_and_is_not_decided_is_what_was_shown() -> None:
    who = owner()
    contacts_asked(who, phone="0240112233")
    ChangeRequest.objects.update(state="sent")
    shown = known_of(who.actor)[0].reached_by
    with pytest.raises(NothingChanged):
        all_said(who, shown)
    (second,) = all_said(who, {**shown, "email": "loyers@alliance.example"})
    assert second.details == {"phone": "0240112233", "email": "loyers@alliance.example"}


def test_asking_one_thing_after_another_keeps_what_has_not_left() -> None:
    who = owner()
    contacts_asked(who, email="loyers@alliance.example")
    (second,) = contacts_asked(who, phone="0240112233", at=NOW + timedelta(hours=1))
    assert second.details == {"phone": "0240112233", "email": "loyers@alliance.example"}
    assert [change.state for change in ChangeRequest.objects.order_by("pk")] == ["stopped", "ready"]
    (known,) = known_of(who.actor)
    assert (known.reached_by["email"], known.email) == ("loyers@alliance.example", "gestion@alliance.example")


def test_a_mail_may_be_taken_away() -> None:
    (change,) = contacts_asked(owner(), email="")
    assert change.details == {"phone": "0240000000", "email": ""}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"phone": "abc"}, "phone"),
        ({"phone_2": "12"}, "phone_2"),
        ({"email": "personne"}, "email"),
        ({"email": "a@b..fr"}, "email"),
        ({"phone": "", "phone_2": "", "email": ""}, "phone"),
        ({"phone": "", "phone_2": "0601020304"}, "phone"),
        ({"phone": "0601020304", "phone_2": "06 01 02 03 04"}, "phone_2"),
    ],
)
def test_what_reaches_nobody_is_refused(said: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        information.change_contacts(Contacts(**said), key=uuid4(), by=owner().actor, at=NOW)
    assert refusal.value.field == field
    assert not ChangeRequest.objects.exists()


def test_what_was_asked_before_there_was_a_mail_still_reads() -> None:
    who = owner()
    (change,) = contacts_asked(who, phone="0240112233")
    line, _ = change_of(who.actor, change.number)
    before = replace(line, former={"phone": "0240000000"})
    assert asked_facts(before) == [("Ancien numéro", "0240000000"), ("Nouveau numéro", "0240112233")]


def test_an_answer_about_an_iban_is_expected_by_the_delay_of_bank_details_where_the_office_measures_it() -> None:
    who = owner()
    line, _ = change_of(who.actor, bank_asked(who).number)
    line = replace(line, state="sent", held_until=NOW)
    for topic, weeks in (("mail", (4, 5)), ("bank_details", (1, 2))):
        ProcessingTime.objects.create(
            office=office(), topic=topic, min_weeks=weeks[0], max_weeks=weeks[1], measured_on=NOW.date()
        )
        expected = tuple(NOW.date() + timedelta(weeks=count) for count in weeks)
        assert expected_answer(line) == expected
