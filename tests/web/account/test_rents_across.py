"""« Loyers à déclarer, tous comptes confondus »: everything that remains, and the way to the grid of each account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.models import Session
from parvis.landlords.models import Office
from tests.factories import declarations
from tests.factories.landlords import landlord, owner
from tests.factories.tenancies import many_tenancies, tenancy
from tests.web.account.test_accounts import linked, this_year
from tests.web.account.visits import regular, said

pytestmark = pytest.mark.django_db


def test_the_rents_of_all_accounts_stand_on_one_page_with_the_way_to_each_grid() -> None:
    me = linked(3)
    other = owner(landlord(company_name="Bailleur de Paris", office_code="751"), credential=me.account.credential)
    many_tenancies(me.landlord, 26)
    tenancy(other.landlord, last_name="Zola")
    declarations.campaign(this_year())
    client, url = me.browser(), reverse("rents-across")
    html = said(client.get(url))
    assert "27\u00a0loyers de juillet restent à déclarer" in html
    assert "25\u00a0loyers affichés sur 27" in html
    assert f'href="{reverse("july-rents", args=[me.account.reference])}"' in html
    assert "Zola" not in html
    assert "Suite page suivante." in html
    assert "Suite de la page précédente." not in html
    following = html.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    html = said(client.get(url + following))
    assert "Zola" in html
    assert "2\u00a0loyers affichés sur 27" in html
    assert "Suite de la page précédente." in html
    assert "Suite page suivante." not in html
    before = html.split('rel="prev"')[0].rsplit('href="', 1)[1].split('"')[0]
    html = said(client.get(url + before))
    assert "Suite page suivante." in html
    assert "Suite de la page précédente." not in html
    for query in ({"compte": other.account.reference}, {"caisse": "751"}):
        html = said(client.get(url, query))
        assert "1\u00a0loyer affiché sur 1" in html
        assert "Zola" in html
    assert "Aucun loyer à déclarer ici." in said(client.get(url, {"compte": owner().account.reference}))


def test_one_leaves_and_opens_the_profile_from_the_head_of_both_pages() -> None:
    me = linked(2)
    many_tenancies(me.landlord, 1)
    declarations.campaign(this_year())
    client = me.browser()
    for name in ("accounts", "rents-across"):
        head = said(client.get(reverse(name), {"depuis": "ABCDEFGH"})).split("</header>")[0]
        assert f'action="{reverse("sign-out")}"' in head, name
        assert f'href="{reverse("profile", args=[me.account.reference])}"' in head, name
        assert "Déconnexion" in head
    assert "Déconnexion" not in said(Client().get(reverse("home")))


def test_accounts_of_one_name_are_told_apart_by_their_office() -> None:
    paris = Office.objects.create(caf_code="751", name="Caf de Paris", departments=["75"])
    me = regular(of=landlord(company_name="Yvan Abdallah"))
    other = owner(landlord(company_name="Yvan Abdallah", office_code=paris.caf_code), credential=me.account.credential)
    for held in (me, other):
        many_tenancies(held.landlord, 1)
    declarations.campaign(this_year())
    client = me.browser()
    html = said(client.get(reverse("accounts")))
    for office in ("Caf de la Loire-Atlantique", "Caf de Paris"):
        assert f"Favori\u00a0: Yvan Abdallah, {office}<" in html
        assert f'Yvan Abdallah<span class="vh">, {office}</span></a>' in html
        assert f"Déclarer pour Yvan Abdallah, {office}<" in said(client.get(reverse("rents-across")))
    html = said(client.get(reverse("profile-email", args=[other.account.reference])))
    assert "Yvan Abdallah (Caf de Paris) quitte vos 2 comptes" in html


def test_with_nothing_left_the_page_says_so() -> None:
    html = said(linked(2).browser().get(reverse("rents-across")))
    assert "Tous vos loyers de juillet sont déclarés." in html


def test_rents_are_not_shown_before_the_first_sign_in_is_over() -> None:
    me = linked(2)
    client = me.browser()
    Session.objects.update(notes={"link": {}})
    assert client.get(reverse("rents-across"))["Location"] == reverse("accounts")


def test_of_many_accounts_the_name_is_searched_instead_of_listed() -> None:
    me = linked(28)
    for held in me.account.credential.accounts.all():
        many_tenancies(held.partner.landlord, 1)
    declarations.campaign(this_year())
    client, url = me.browser(), reverse("rents-across")
    html = said(client.get(url))
    assert "Nom, SIRET ou identifiant du compte" in html
    assert "<select" in html
    assert "Tous les comptes" not in html
    assert "25\u00a0loyers affichés sur 28" in html
    html = said(client.get(url, {"compte": "alliance"}))
    assert "1\u00a0loyer affiché sur 1" in html
    assert 'value="alliance"' in html
