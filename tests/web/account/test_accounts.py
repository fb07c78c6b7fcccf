"""The choice of the account: after the code, one's own only, at the same cost for three and for sixty."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.identity import code_received
from tests.factories.landlords import Owner, landlord, owner
from tests.web.account.visits import ANYTHING, now, regular, sign_in

pytestmark = pytest.mark.django_db
NAMES = ("Acacia", "Tilleul")


def linked(count: int) -> Owner:
    """A manager of several organisations."""
    first = regular(of=landlord(company_name="Alliance Familiale"))
    for number in range(1, count):
        owner(landlord(company_name=f"SCI {NAMES[number % 2]} {number:03d}"), credential=first.account.credential)
    return first


def test_who_has_several_accounts_chooses_after_the_code_and_not_before() -> None:
    me, client = linked(3), Client()
    sign_in(me.account.credential.email or "", client=client)
    answer = client.get(reverse("accounts"))
    assert "connexion/code" in answer["Location"]
    answer = client.post(answer["Location"], {"code": code_received(now())})
    assert answer["Location"] == reverse("accounts")
    html = client.get(reverse("accounts")).content.decode()
    for name in ("Alliance Familiale", "SCI Tilleul 001", "SCI Acacia 002"):
        assert name in html
    html = client.get(reverse("accounts"), {"q": "sci acacia"}).content.decode()
    assert "Tilleul" not in html
    assert "Aucun compte ne correspond" in client.get(reverse("accounts"), {"q": "zzz"}).content.decode()


def test_the_choice_costs_the_same_for_three_and_for_sixty(django_assert_num_queries: object) -> None:
    for count in (3, 60):
        me = linked(count)
        client = me.browser()
        with django_assert_num_queries(2):  # type: ignore[operator]
            html = client.get(reverse("accounts")).content.decode()
        assert html.count('class="tile"') == min(count, 25)


@pytest.mark.parametrize("sent", ANYTHING)
def test_the_search_of_accounts_survives_anything(sent: str) -> None:
    client = linked(2).browser()
    assert client.get(reverse("accounts"), {"q": sent, "apres": sent, "avant": sent}).status_code == 200


def test_the_choice_is_closed_to_who_is_not_signed_in() -> None:
    assert Client().get(reverse("accounts"))["Location"] == reverse("sign-in")


def test_an_account_of_the_same_person_opens_and_a_strangers_does_not() -> None:
    me, stranger = linked(2), owner()
    other = me.account.credential.accounts.exclude(pk=me.account.pk).get()
    client = me.browser()
    assert client.get(reverse("sign-in-code", args=[other.reference])).status_code == 302
    assert client.get(reverse("welcome", args=[stranger.account.reference])).status_code == 404
