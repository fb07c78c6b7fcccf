"""Address, telephone and direct payment asked from the pages; the list, the receipt, the files."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.changes.models import ChangeRequest
from parvis.changes.rules import COMMITMENTS
from parvis.changes.services import offers
from parvis.correspondence.models import Message
from parvis.kit.actors import Right, system
from parvis.tenancies.models import Decency
from tests.factories.changes import bank_asked
from tests.factories.landlords import landlord, office, owner
from tests.factories.papers import PAPER
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.changes.pages import address, new_address, text

pytestmark = pytest.mark.django_db
ALL = list(COMMITMENTS)


def test_an_address_is_asked_and_its_receipt_shown() -> None:
    me = owner()
    client = me.browser()
    assert "12 rue des Tilleuls" in text(client, address(me, "my-information"))
    answer = client.post(address(me, "change-address"), new_address(), follow=True)
    number = ChangeRequest.objects.get().number
    page = answer.content.decode()
    assert number in page
    assert "3 place du Bouffay, 44000 Nantes" in page
    assert "Ancienne adresse" in page
    assert number in text(client, address(me, "changes"))
    assert number in text(client, address(me, "my-information"))


def test_the_same_form_twice_is_one_request() -> None:
    me, data = owner(), new_address()
    client = me.browser()
    first, again = (client.post(address(me, "change-address"), data) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert ChangeRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("postcode", "4400", "5\u00a0chiffres"),
        ("from_day", "31/02/2027", "Écrivez une date"),
        ("from_day", "01/01/2020", "à partir d’aujourd’hui"),
        ("address_1", "", "Écrivez le numéro et la rue."),
        ("key", "", "Rouvrez cette page, puis recommencez."),
        ("country", "ZZ", "Choisissez une des réponses proposées."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(field: str, value: str, words: str) -> None:
    me = owner()
    answer = me.browser().post(address(me, "change-address"), new_address(**{field: value}))
    assert words in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_all_accounts_of_a_person_may_change_at_once() -> None:
    office("751", "Caf de Paris")
    me = owner()
    owner(landlord(company_name="Deuxième", office_code="751"), credential=me.account.credential)
    client = me.browser()
    page = text(client, address(me, "change-address"))
    for words in ("Mes 2\u00a0comptes", "Deuxième", "Adresse du siège", "formalites.entreprises.gouv.fr"):
        assert words in page
    answer = client.post(address(me, "change-address"), new_address(everywhere="yes"), follow=True).content.decode()
    assert "2\u00a0demandes" in answer
    assert "Courriers et lettres iront au 3 place du Bouffay, 44000 Nantes" in answer
    assert ChangeRequest.objects.count() == 2
    assert Message.objects.filter(template="changes/letters/address").count() == 2
    mail = Message.objects.get(template="changes/emails/received")
    assert (mail.to_email, mail.context["landlords"]) == (
        me.account.credential.email,
        ["Alliance Familiale", "Deuxième"],
    )


def test_a_landlord_of_one_account_is_asked_for_no_other() -> None:
    me = owner()
    page = text(me.browser(), address(me, "change-address"))
    assert "Pour quels comptes" not in page
    assert "Voir mes" not in page


def test_telephones_and_the_mail_of_the_office_are_asked() -> None:
    me = owner()
    client, here = me.browser(), address(me, "change-contacts")
    page = text(client, here)
    assert "Ce n’est pas votre adresse de connexion" in page
    assert str(me.account.credential.email) in page
    assert 'value="gestion@alliance.example"' in page
    data = {"key": str(uuid4()), "phone": "02.40.11.22.33", "phone_2": "0601020304", "email": "loyers@alliance.example"}
    receipt = client.post(here, data, follow=True).content.decode()
    for words in ("0240112233", "0601020304", "loyers@alliance.example"):
        assert words in receipt
    assert 'value="loyers@alliance.example"' in text(client, here)
    wrong = client.post(here, {**data, "key": str(uuid4()), "phone": "abc"}).content.decode()
    assert "Écrivez un numéro de téléphone" in wrong
    assert (
        "par exemple «\u00a0@exemple.fr"
        in client.post(here, {**data, "key": str(uuid4()), "email": "x"}).content.decode()
    )
    assert "moins un numéro" in client.post(here, {"key": str(uuid4())}).content.decode()


@pytest.mark.parametrize("name", ["my-information", "change-address", "direct-payment", "direct-payment-ask"])
def test_without_the_right_the_page_says_which_one(name: str) -> None:
    me = owner(rights=frozenset({Right.CONSULT}))
    assert "Déclarer" in text(me.browser(), address(me, name), 403)


def test_direct_payment_is_asked_with_every_commitment() -> None:
    me = owner()
    rented = tenancy(me.landlord, direct_payment=False)
    client, url = me.browser(), address(me, "direct-payment-ask")
    data = {"key": str(uuid4()), "tenancies": [str(rented.reference)], "commitments": ALL[:2]}
    assert "Cochez chacun des engagements" in client.post(url, data).content.decode()
    page = client.post(url, {**data, "commitments": ALL}, follow=True).content.decode()
    assert ChangeRequest.objects.get().number in page
    assert "Je déduis l’aide" in page
    assert "Demande en cours" in text(client, address(me, "direct-payment") + "?a=locataire")


def test_direct_payment_says_what_becomes_of_an_excess_and_that_the_tenant_is_told() -> None:
    me = owner()
    tenancy(me.landlord, direct_payment=False)
    client = me.browser()
    asking, overview = (text(client, address(me, name)) for name in ("direct-payment-ask", "direct-payment"))
    assert "Si l’aide dépasse le loyer et les charges, vous versez la différence au locataire." in asking
    assert "Vous devez aussi lui dire que l’aide vous est versée." in asking
    assert "Ce qui dépasse le loyer et les charges revient au locataire." in overview
    assert "Vous devez lui dire que l’aide vous est versée." in overview


def test_a_tenancy_of_somebody_else_is_not_a_choice() -> None:
    me = owner()
    tenancy(me.landlord, direct_payment=False)
    other = tenancy(owner().landlord, direct_payment=False)
    data = {"key": str(uuid4()), "tenancies": [str(other.reference)], "commitments": ALL}
    me.browser().post(address(me, "direct-payment-ask"), data)
    assert not ChangeRequest.objects.exists()


def test_direct_payment_is_stopped_from_the_next_month() -> None:
    me = owner()
    rented = tenancy(me.landlord)
    client = me.browser()
    url = address(me, "direct-payment-stop", rented.reference)
    assert url in text(client, address(me, "direct-payment"))
    text(client, url)
    for _ in range(2):
        client.post(url, {"key": str(uuid4())})
    assert ChangeRequest.objects.get().kind == "direct_payment_stop"
    assert "déjà en cours" in text(client, url)


def test_an_offer_of_the_office_is_answered() -> None:
    me = owner()
    rented = tenancy(me.landlord, direct_payment=False)
    offer = offers.offer_direct_payment(
        "441", rented.claimant_number, rented.tenancy_ref, by=system("office"), at=timezone.now()
    )
    client, url = me.browser(), address(me, "direct-payment-offer", offer.opaque)
    assert url in text(client, address(me, "direct-payment"))
    assert "Choisissez une réponse." in client.post(url, {"key": str(uuid4())}).content.decode()
    page = client.post(url, {"key": str(uuid4()), "answer": "no"}, follow=True).content.decode()
    assert "Refusée" in page
    assert client.get(url).status_code == 404


def test_a_file_is_saved_never_shown() -> None:
    me = owner()
    change = bank_asked(me, holder="Jean Dupont", file=PAPER, at=timezone.now())
    client = me.browser()
    page = text(client, address(me, "change", change.number))
    url = next(part for part in page.split('"') if "/pieces/" in part)
    answer = client.get(url)
    assert answer.content == PAPER
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger = owner()
    assert stranger.browser().get(url).status_code == 404
    assert Client().get(url).status_code == 404


def test_who_may_not_see_bank_changes_does_not() -> None:
    me = owner()
    change = bank_asked(me, at=timezone.now())
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))
    assert change.number not in text(colleague.browser(), address(colleague, "changes"))
    assert colleague.browser().get(address(colleague, "change", change.number)).status_code == 404


def test_what_is_known_of_each_condition_stands_under_the_tenant() -> None:
    me = owner()
    fine = tenancy(me.landlord, direct_payment=False, floor_area_m2=43)
    july_rent(fine, timezone.localdate().year - (timezone.localdate().month < 7), 52_500)
    tenancy(me.landlord, last_name="Doute", direct_payment=False, decency=Decency.UNKNOWN, floor_area_m2=None)
    tenancy(me.landlord, last_name="Refus", direct_payment=False, decency=Decency.NON_DECENT)
    tenancy(landlord(), last_name="Étranger", direct_payment=False)
    with CaptureQueriesContext(connection) as queries:
        page = text(me.browser(), address(me, "direct-payment-ask")).replace("\u00a0", " ")
    assert len(queries) <= 14
    for words in (
        "Rempli : logement décent, 43 m², loyer hors charges de juillet",
        "À vérifier : la décence, que votre caisse ne connaît pas, la superficie, que votre caisse ne connaît pas.",
        "Il manque : le loyer hors charges de juillet",
        "Refus</a> : le logement n’est pas décent.",
        "Le locataire n’est pas un proche parent",
    ):
        assert words in page, words
    assert "Étranger" not in page
    last4 = me.third_party_number.iban_last4
    assert (f"se termine par {last4}" if last4 else "ne connaît pas encore votre IBAN") in page
    reader = owner(me.landlord, rights=frozenset({Right.DECLARE}))
    page = text(reader.browser(), address(reader, "direct-payment-ask"))
    assert "se termine par" not in page
    assert "Donner mon IBAN" not in page
