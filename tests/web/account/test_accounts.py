"""The choice of the account: after the code, one's own only, at the same cost for three and for sixty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from parvis.identity.models import Account
from parvis.kit.actors import Right
from tests.factories import declarations
from tests.factories.identity import code_received
from tests.factories.landlords import EVERY_RIGHT, Owner, landlord, office, owner
from tests.factories.tenancies import many_tenancies
from tests.house.conftest import landlord_with_everything, with_young_captchas
from tests.house.routes import Route, every_route
from tests.web.account.visits import ANYTHING, now, regular, said, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
NAMES = ("Acacia", "Tilleul")


POSTS = [route for route in every_route() if "account" in route.needs and route.writes]


def linked(count: int) -> Owner:
    """A manager of several organisations."""
    first = regular(of=landlord(company_name="Alliance Familiale"))
    for number in range(1, count):
        owner(landlord(company_name=f"SCI {NAMES[number % 2]} {number:03d}"), credential=first.account.credential)
    return first


def this_year() -> int:
    """The year of the campaign that is open today."""
    return now().year - (now().month < 7)


def named(me: Owner, name: str) -> Account:
    """The account of the credential whose landlord has that name."""
    return Account.objects.get(credential=me.account.credential_id, partner__landlord__company_name=name)


def listed(client: Client, **query: str) -> str:
    """The list itself."""
    answer = client.get(reverse("accounts"), query)
    assert answer.status_code == 200
    return said(answer).split('id="tous"')[1].split("</section>")[0]


def test_who_has_several_accounts_chooses_after_the_code_and_not_before() -> None:
    me, client = linked(3), Client()
    sign_in(me.account.credential.email or "", client=client)
    answer = client.get(reverse("accounts"))
    assert "connexion/code" in answer["Location"]
    assert "connexion/code" in client.get(reverse("rents-across"))["Location"]
    star = reverse("favourite", args=[me.account.reference])
    client.post(star, {"starred": "yes"})
    assert not Account.objects.filter(is_favourite=True).exists()
    answer = client.post(answer["Location"], {"code": code_received(now())})
    assert answer["Location"] == reverse("accounts")
    html = client.get(reverse("accounts")).content.decode()
    for name in ("Alliance Familiale", "SCI Tilleul 001", "SCI Acacia 002"):
        assert name in html
    assert "Votre adresse mail ouvre 3\u00a0comptes" in html


def test_the_choice_costs_the_same_for_three_and_for_sixty(django_assert_max_num_queries: Any) -> None:
    """Three statements after those that say who is there: the rents, the accounts, the last access."""
    for count in (3, 60):
        client = linked(count).browser()
        client.get(reverse("accounts"))
        with django_assert_max_num_queries(5):
            html = client.get(reverse("accounts")).content.decode()
        assert html.count('class="tile"') == min(count, 10)
        with django_assert_max_num_queries(5):
            client.get(reverse("accounts"), {"q": "sci", "caisse": "441", "filtre": "a-declarer"})


@pytest.mark.parametrize("sent", ANYTHING)
def test_the_page_survives_anything(sent: str) -> None:
    me = linked(2)
    client = me.browser()
    everything = dict.fromkeys(("q", "caisse", "filtre", "apres", "avant", "depuis", "compte"), sent)
    for name, value in everything.items():
        for page in ("accounts", "rents-across"):
            assert client.get(reverse(page), {name: value}).status_code == 200
    assert client.get(reverse("accounts"), everything).status_code == 200
    welcome = client.get(reverse("welcome", args=[me.account.reference]), {"depuis": sent})
    assert "Revenir à" not in said(welcome)


def test_the_choice_is_closed_to_who_is_not_signed_in() -> None:
    assert Client().get(reverse("accounts"))["Location"] == reverse("sign-in")
    assert Client().get("/comptes/loyers-a-declarer/")["Location"].endswith("?suite=%2Fcomptes%2Floyers-a-declarer%2F")
    star = reverse("favourite", args=[owner().account.reference])
    assert Client().post(star, {"starred": "yes"})["Location"] == reverse("accounts")
    assert not Account.objects.filter(is_favourite=True).exists()


def test_words_are_found_without_accents_in_any_order_and_digits_without_blanks() -> None:
    me = linked(4)
    other = owner(landlord(company_name="L’Écluse Énergie"), credential=me.account.credential)
    other.landlord.siret = "12345678912341"
    other.landlord.save()
    client = me.browser()
    for words in (
        "ecluse",
        "ENERGIE écluse",
        "l'ecluse",
        "123 456 789 12341",
        "8912341",
        other.account.login_id.lower(),
    ):
        html = listed(client, q=words)
        assert "L’Écluse Énergie" in html, words
        assert "Compte 1 sur 1" in html
    assert "Comptes 1 à 5 sur 5" in listed(client, q="loire")
    html = listed(client, q="sci acacia")
    assert "Acacia 002" in html
    assert "Tilleul" not in html
    for words in ("zzz", "%", "_", "\\"):
        html = listed(client, q=words)
        assert "Aucun compte ne correspond à votre recherche." in html
        assert "effacez les filtres" in html


def test_names_sort_as_people_read_them() -> None:
    me = regular(of=landlord(company_name="Alliance"))
    for name in ("Zénith", "écluse", "Eclair", "Énergie", "Duval-Petit", "duval martin"):
        owner(landlord(company_name=name), credential=me.account.credential)
    html = listed(me.browser())
    places = [
        html.index(name)
        for name in ("Alliance", "duval martin", "Duval-Petit", "Eclair", "écluse", "Énergie", "Zénith")
    ]
    assert places == sorted(places)


def test_every_account_is_met_once_forwards_and_backwards() -> None:
    client, met = linked(23).browser(), []
    url, query = reverse("accounts"), ""
    for words in ("Comptes 1 à 10 sur 23", "Comptes 11 à 20 sur 23", "Comptes 21 à 23 sur 23"):
        html = said(client.get(url + query))
        assert words in html
        rows = html.split('class="rows"')[1].split("</section>")[0]
        met += [line.split('"')[0] for line in rows.split('href="/c/')[1:]]
        following = html.split('rel="next"')
        query = following[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&") if len(following) > 1 else ""
    assert len(set(met)) == 23
    before = html.split('rel="prev"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Comptes 11 à 20 sur 23" in said(client.get(url + before))


def test_a_star_keeps_an_account_at_hand_and_comes_back_to_the_same_list() -> None:
    me = linked(3)
    client, liked = me.browser(), named(me, "SCI Tilleul 001")
    star = reverse("favourite", args=[liked.reference]) + "?q=sci&filtre=favoris&inconnu=1"
    for _ in range(2):
        answer = client.post(star, {"starred": "yes"})
        assert answer["Location"] == reverse("accounts") + "?q=sci&filtre=favoris#liste"
    html = said(client.get(reverse("accounts"), {"filtre": "favoris"}))
    assert "Favoris (1)" in html
    assert 'aria-pressed="true"' in html
    assert "Acacia" not in html
    client.post(star, {"starred": "no"})
    assert "Favoris (0)" in said(client.get(reverse("accounts")))
    assert client.get(star).status_code == 302


def test_a_star_of_another_persons_account_is_not_found() -> None:
    client, stranger = linked(2).browser(), owner()
    for reference in (stranger.account.reference, "inconnu", "a b", "é" * 50, "\x01"):
        assert client.post(reverse("favourite", args=[reference]), {"starred": "yes"}).status_code == 404
    assert not Account.objects.filter(is_favourite=True).exists()


def test_filters_tell_what_remains_and_where() -> None:
    me = linked(3)
    owner(landlord(company_name="Bailleur de Paris", office_code="751"), credential=me.account.credential)
    many_tenancies(me.landlord, 16)
    declarations.campaign(this_year())
    html = said(me.browser().get(reverse("accounts")))
    for words in ("Tous (4)", "À déclarer (1)", "Favoris (0)", "16\u00a0loyers à déclarer", "À jour",
                  "Voir les 16\u00a0loyers à déclarer, tous comptes confondus"):  # fmt: skip
        assert words in html, words
    html = listed(me.browser(), filtre="a-declarer")
    assert "Compte 1 sur 1" in html
    assert "Alliance" in html
    office("751")
    html = listed(me.browser(), caisse="751")
    assert "Compte 1 sur 1" in html
    assert "Bailleur de Paris" in html
    assert "Alliance" not in html


def test_without_the_right_to_declare_nothing_is_said_of_rents() -> None:
    me = owner(rights=EVERY_RIGHT - {Right.DECLARE})
    many_tenancies(me.landlord, 2)
    declarations.campaign(this_year())
    html = said(me.browser().get(reverse("accounts")))
    assert "À jour" not in html
    assert "à déclarer<" not in html


def test_the_accounts_opened_last_come_first_unless_one_searches() -> None:
    me = linked(6)
    client = me.browser()
    for minutes, name in enumerate(("SCI Tilleul 001", "SCI Acacia 002", "SCI Tilleul 003", "SCI Acacia 004")):
        Account.objects.filter(pk=named(me, name).pk).update(visited_at=now() + timedelta(minutes=minutes))
    html = said(client.get(reverse("accounts"))).split('id="recents"')[1].split("</section>")[0]
    places = [html.index(name) for name in ("Acacia 004", "Tilleul 003", "Acacia 002")]
    assert places == sorted(places)
    assert "Tilleul 001" not in html
    assert "Ouverts récemment" not in said(client.get(reverse("accounts"), {"q": "sci"}))


def test_a_closed_account_is_told_last_and_cannot_be_entered() -> None:
    me = linked(3)
    closed = named(me, "SCI Acacia 002")
    closed.state, closed.disabled_at, closed.visited_at = "disabled", now(), now()
    closed.save()
    html = said(me.browser().get(reverse("accounts")))
    assert f"Accès fermé le {closed.disabled_at:%d/%m/%Y}" in html
    assert f"/c/{closed.reference}/" not in html
    assert "Ouverts récemment" not in html
    assert html.index("SCI Tilleul 001") < html.index("SCI Acacia 002")
    assert "ouvre 2\u00a0comptes" in html
    assert "Tous (3)" in html


def test_after_a_switch_the_page_says_where_one_is_and_how_to_go_back() -> None:
    me = linked(2)
    client, other = me.browser(), named(me, "SCI Tilleul 001")
    html = said(client.get(reverse("welcome", args=[me.account.reference])))
    assert f'href="{reverse("accounts")}?depuis={me.account.reference}"' in html
    assert "Changer de compte (2)" in html
    html = said(client.get(reverse("accounts"), {"depuis": me.account.reference}))
    there = f"{reverse('welcome', args=[other.reference])}?depuis={me.account.reference}"
    assert there in html
    html = said(client.get(there))
    assert "Vous travaillez maintenant sur <b>SCI Tilleul 001</b>, Caf de la Loire-Atlantique." in html
    assert (
        f'href="{reverse("welcome", args=[me.account.reference])}?depuis={other.reference}">Revenir à Alliance' in html
    )


def test_the_page_of_arrival_names_no_account_of_somebody_else() -> None:
    me, stranger = linked(2), owner(landlord(company_name="Inconnu & fils"))
    for since in (stranger.account.reference, "choix", me.account.reference):
        html = said(me.browser().get(reverse("welcome", args=[me.account.reference]), {"depuis": since}))
        assert "Vous travaillez maintenant" in html
        assert "Revenir à" not in html
        assert escape("Inconnu & fils") not in html


def test_a_visit_is_noted_once_a_minute_at_most() -> None:
    me = linked(2)
    client, url = me.browser(), reverse("welcome", args=[me.account.reference])
    client.get(url)
    assert Account.objects.get(pk=me.account.pk).visited_at is None
    client.get(url, {"depuis": "choix"})
    first = Account.objects.get(pk=me.account.pk).visited_at
    client.get(url, {"depuis": "choix"})
    assert first is not None
    assert Account.objects.get(pk=me.account.pk).visited_at == first
    Account.objects.filter(pk=me.account.pk).update(visited_at=first - timedelta(minutes=2))
    client.get(url, {"depuis": "choix"})
    assert (Account.objects.get(pk=me.account.pk).visited_at or first) >= first


def test_tiles_follow_the_rights() -> None:
    everything, nothing = owner(), owner(rights=frozenset())
    html = said(everything.browser().get(reverse("welcome", args=[everything.account.reference])))
    assert "Espace bailleur" in html
    assert "Changer de compte" not in html
    html = said(nothing.browser().get(reverse("welcome", args=[nothing.account.reference]))).split("<main")[1]
    assert "L’espace bailleur n’est pas ouvert pour vous." in html
    assert "Utilisateurs et droits" not in html
    assert "Consulter dossier" not in html


def test_an_account_of_the_same_person_opens_and_a_strangers_does_not() -> None:
    me, stranger = linked(2), owner()
    other = me.account.credential.accounts.exclude(pk=me.account.pk).get()
    client = me.browser()
    assert client.get(reverse("sign-in-code", args=[other.reference])).status_code == 302
    assert client.get(reverse("welcome", args=[stranger.account.reference])).status_code == 404


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_no_form_is_taken_for_an_account_of_another_credential(route: Route) -> None:
    mine, owning = linked(2), with_young_captchas(landlord_with_everything())
    for reference in (owning.owner.account.reference, "inconnu"):
        address = route.address({**owning.real, "account": reference})
        assert mine.browser().post(address).status_code == 404
