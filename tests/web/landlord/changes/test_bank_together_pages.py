"""« Coordonnées bancaires » of several offices, as people do it: ticked, proved by one code, agreed to, stopped in whole or in part."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from parvis.changes.models import ChangeRequest
from tests.changes.bank.test_together import agency, agency_of_two, also_known, states
from tests.factories.changes import IBAN, bank_code
from tests.factories.identity import deliver
from tests.factories.landlords import Owner, owner
from tests.web.landlord.changes.pages import address, text, typed_account

pytestmark = pytest.mark.django_db


def proved(me: Owner, client: Client, numbers: list[str]) -> None:
    """The same account typed for these numbers, and its code."""
    page = typed_account(me, client, user_numbers=numbers)
    assert page.status_code == 302, page.content.decode()
    answer = client.post(page.headers["Location"], {"code": bank_code(datetime.now(UTC))})
    assert answer.status_code == 302


def test_offices_are_ticked_proved_by_one_code_and_named_by_each_receipt() -> None:
    me, numbers = agency()
    client, wanted = me.browser(), [number.user_number for number in numbers]
    form = text(client, address(me, "bank-change") + f"?numero={wanted[1]}")
    assert len(re.findall(r'name="user_numbers"', form)) == 3
    assert re.findall(r'name="user_numbers" value="(\w+)" checked', form) == [wanted[1]]
    page = typed_account(me, client, user_numbers=wanted)
    code_page = text(client, page.headers["Location"])
    assert "Pour 3 caisses" in code_page.replace("\u00a0", " ")
    assert "Caf 751" in code_page
    assert IBAN not in code_page
    receipt = client.post(
        page.headers["Location"], {"code": bank_code(datetime.now(UTC))}, follow=True
    ).content.decode()
    assert "Demandé en même temps, avec le même code" in receipt
    for change in ChangeRequest.objects.all():
        assert change.number in receipt
        assert change.number in text(client, address(me, "bank-details"))


def test_what_is_not_theirs_or_nothing_at_all_is_refused() -> None:
    me, numbers = agency()
    client, stranger = me.browser(), owner()
    for wanted, words in (
        ([], "Cochez au moins une caisse."),
        ([numbers[0].user_number, stranger.third_party_number.user_number], "Choisissez"),
        (["x\0"], "Choisissez"),
    ):
        assert words in typed_account(me, client, user_numbers=wanted).content.decode()
    also_known(me, "441")
    twice = list(me.landlord.third_party_numbers.filter(office_id="441").values_list("user_number", flat=True))
    assert "un seul numéro par caisse" in typed_account(me, client, user_numbers=twice).content.decode()
    assert not ChangeRequest.objects.exists()


def test_one_who_has_one_office_is_asked_nothing_more() -> None:
    me = owner()
    assert "user_numbers" not in text(me.browser(), address(me, "bank-change"))


def test_the_link_of_the_mail_stops_one_or_all() -> None:
    me, numbers = agency()
    proved(me, me.browser(), [number.user_number for number in numbers])
    bodies = [str(message.body) for message in deliver(datetime.now(UTC))]
    (token,) = [found[1] for body in bodies if (found := re.search(r"/arreter-un-changement/([\w-]{30,})/", body))]
    anybody, here = Client(), reverse("stop-change", args=[token])
    page = anybody.get(here).content.decode()
    assert "Tout arrêter (3)" in page.replace("\u00a0", " ")
    assert states() == ["held"] * 3
    first = ChangeRequest.objects.order_by("pk")[0]
    answer = anybody.post(here, {"demande": first.number}, follow=True).content.decode()
    assert first.number not in answer
    assert states() == ["stopped", "held", "held"]
    assert anybody.post(here, {"demande": "C-2026-000000001-A"}).status_code == 200
    assert states() == ["stopped", "held", "held"]
    assert "C’est arrêté" in anybody.post(here, follow=True).content.decode()
    assert states() == ["stopped"] * 3
    assert anybody.get(here).status_code == 404


def test_the_page_stops_one_or_all() -> None:
    me, numbers = agency()
    client = me.browser()
    proved(me, client, [number.user_number for number in numbers])
    first, second, _ = ChangeRequest.objects.order_by("pk")
    stop = address(me, "bank-change-stop", first.opaque)
    assert "Tout arrêter (3)" in text(client, stop).replace("\u00a0", " ")
    client.post(stop)
    assert states() == ["stopped", "held", "held"]
    client.post(address(me, "bank-change-stop", second.opaque), {"ensemble": "1"})
    assert states() == ["stopped"] * 3


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ({"accord": "oui", "ensemble": "1"}, ["held"] * 3),
        ({"accord": "oui"}, ["held", "agreement", "agreement"]),
        ({"accord": "non", "ensemble": "1"}, ["refused"] * 3),
        ({}, ["agreement"] * 3),
    ],
)
def test_the_second_person_decides_about_all_or_one(said: dict[str, str], after: list[str]) -> None:
    me, other, numbers = agency_of_two()
    proved(me, me.browser(), [number.user_number for number in numbers])
    assert states() == ["agreement"] * 3
    opaque = ChangeRequest.objects.order_by("pk")[0].opaque
    own = text(me.browser(), address(me, "bank-change-agreement", opaque))
    assert 'name="accord"' not in own
    here = address(other, "bank-change-agreement", opaque)
    assert "Caf 751" in text(other.browser(), here)
    other.browser().post(here, said)
    assert states() == after
