"""The pages of tenants: who may open them, what they say, what they keep to themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.declarations.models import CampaignCount, CampaignEntry, RentCampaign
from parvis.kit.actors import Right
from parvis.parameters import kept
from parvis.tenancies.models import Tenancy
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, many_tenancies, payment, tenancy

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
LAST_MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def address(me: Owner, name: str = "tenants", *more: Any) -> str:
    return reverse(name, args=[me.account.reference, *more])


def campaign() -> None:
    today = timezone.localdate()
    RentCampaign.objects.create(
        year=YEAR,
        opens_on=today - timedelta(days=20),
        deadline_on=today + timedelta(days=70),
        suspension_on=today + timedelta(days=170),
    )


def entry(of: Tenancy, state: str = "to_declare") -> None:
    CampaignEntry.objects.create(year=YEAR, tenancy=of, landlord=of.landlord, state=state, sort_name=of.sort_name)
    CampaignCount.objects.update_or_create(landlord=of.landlord, year=YEAR, defaults={state: 1})


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


@pytest.mark.parametrize("name", ["tenants", "former-tenants", "tenant", "landlord-home"])
def test_strangers_find_nothing(name: str) -> None:
    me, other = owner(), owner()
    more = [tenancy(me.landlord).reference] if name == "tenant" else []
    nowhere = Client().get(reverse(name, args=["AAAAAAAAAAAA", *more]))
    for client in (Client(), other.browser()):
        answer = client.get(address(me, name, *more))
        assert answer.status_code == 404
        assert "Lina" not in answer.content.decode()
    assert nowhere.status_code == 404
    assert me.browser().get(address(me, name, *more)).status_code == 200


def test_not_yours_and_no_such_thing_look_the_same_even_from_a_linked_account() -> None:
    me = owner()
    linked = owner(credential=me.account.credential)
    theirs = tenancy(linked.landlord)
    browser = me.browser()
    answers = [browser.get(address(me, "tenant", reference)) for reference in (theirs.reference, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    pages = [answer.content.decode().split("<main")[1].split("</main>")[0] for answer in answers]
    assert pages[0] == pages[1]
    assert browser.get(address(linked, "tenant", theirs.reference)).status_code == 200


@pytest.mark.parametrize("name", ["tenants", "former-tenants", "tenant"])
def test_without_the_right_to_consult_the_page_says_which_right_is_missing(name: str) -> None:
    me = owner(rights=frozenset({Right.DECLARE, Right.PAYMENTS}))
    more = [tenancy(me.landlord).reference] if name == "tenant" else []
    answer = me.browser().get(address(me, name, *more))
    assert answer.status_code == 403
    assert "« Consulter »" in answer.content.decode().replace("\u00a0", " ")
    assert "Lina" not in answer.content.decode()


def test_the_list_shows_each_tenant_with_rent_aid_and_july() -> None:
    campaign()
    me = owner()
    mine = tenancy(me.landlord, own_reference="Lot 12")
    entry(mine)
    payment(mine, LAST_MONTH, 11_100)
    page = text(me.browser(), address(me))
    for words in (
        "Lina Moreau",
        mine.claimant_number,
        "Lot 12",
        "525,00\u00a0€",
        "111,00\u00a0€",
        "À saisir",
        "1\u00a0locataire reçoit",
    ):
        assert words in page, words
    assert address(me, "tenant", mine.reference) in page


def test_a_landlord_without_tenant_reads_why() -> None:
    me = owner()
    page = text(me.browser(), address(me))
    assert "Aucun de vos locataires ne reçoit d’aide en ce moment." in page


def test_a_tenant_who_is_missing_is_given_one_s_own_number() -> None:
    me = owner()
    tenancy(me.landlord)
    page = text(me.browser(), address(me))
    _, panel = page.split("Un locataire n’est pas dans la liste", 1)
    said = panel.split("</section>")[0].replace("\u00a0", " ")
    number = me.account.user_number
    assert f'Donnez-lui votre n° d’utilisateur <span class="mono">{number}</span>' in said
    assert f'<a href="{address(me, "contact-office")}">signalez-le à votre caisse</a>' in said


def test_filters_are_chips_that_a_click_removes() -> None:
    campaign()
    me = owner()
    entry(tenancy(me.landlord))
    page = text(me.browser(), address(me) + "?q=moreau&loyer=a-declarer&versement=direct")
    assert 'href="?loyer=a-declarer&amp;versement=direct"' in page
    assert 'href="?q=moreau&amp;versement=direct"' in page
    assert "Lina Moreau" in page
    assert "Anciens locataires" in text(me.browser(), address(me, "former-tenants"))


def test_what_no_name_answers_is_looked_for_in_addresses() -> None:
    me = owner()
    tenancy(me.landlord, address_1="8 rue du Port")
    page = text(me.browser(), address(me) + "?q=rue+du+port")
    assert "Lina Moreau" in page
    assert "adresses comprises" in page


def test_nothing_found_says_how_to_go_on() -> None:
    me = owner()
    tenancy(me.landlord, last_name="Parti", end_on=date(2026, 1, 31))
    page = text(me.browser(), address(me) + "?q=parti")
    assert "Aucun locataire ne correspond." in page
    assert address(me, "former-tenants") + "?q=parti" in page
    assert "Lina Parti" in text(me.browser(), address(me, "former-tenants") + "?q=parti")


def test_pages_are_turned_by_key() -> None:
    me = owner()
    many_tenancies(me.landlord, 30)
    browser = me.browser()
    first = text(browser, address(me))
    assert first.count("/locataires/") > 25
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = text(browser, address(me) + following)
    assert "Nom000030" in second
    assert "Nom000001" not in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize("query", ["?apres=x", "?avant=%00", "?q=%00", "?apres=" + "9" * 400, "?q=" + "a" * 5000])
def test_an_address_that_cannot_be_read_still_gives_the_list(query: str) -> None:
    me = owner()
    tenancy(me.landlord)
    text(me.browser(), address(me) + query)


def test_one_row_and_thirty_rows_cost_the_same_number_of_queries() -> None:
    campaign()
    me, large = owner(), owner()
    tenancy(me.landlord)
    many_tenancies(large.landlord, 30)
    counts = []
    for each in (me, large):
        browser = each.browser()
        with CaptureQueriesContext(connection) as queries:
            text(browser, address(each))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_sheet_says_all_there_is_to_say() -> None:
    campaign()
    me = owner()
    mine = tenancy(me.landlord)
    entry(mine)
    july_rent(mine, YEAR - 1, 52_400)
    payment(mine, LAST_MONTH, 11_100)
    tenancy(me.landlord, last_name="Zola", first_name="Zoé")
    browser = me.browser()
    kept.kept()  # what the office has changed is read every two seconds, whoever asks
    with CaptureQueriesContext(connection) as queries:
        page = text(browser, address(me, "tenant", mine.reference))
    assert len(queries) <= 6
    for words in (
        "Lina Moreau", mine.claimant_number, "1 sur 2", "Zoé Zola", "525,00\u00a0€", "111,00\u00a0€", "414,00\u00a0€",
        "À saisir", "Loyer et aide versée", "24/10/2021", "Logement nu", "Décent", "43\u00a0m²", "Direct, à votre compte",
        f"Loyer de juillet {YEAR - 1}", "524,00\u00a0€", "+0,2\u00a0%",
    ):  # fmt: skip
        assert words in page, words
    assert f'action="{address(me, "declare", mine.reference)}"' in page
    assert "Déclaration de loyer" in page


def test_a_dwelling_that_is_not_decent_says_what_becomes_of_the_aid_and_what_to_do() -> None:
    me = owner()
    for decency, said in (("non_decent", True), ("decent", False), ("unknown", False)):
        of = tenancy(me.landlord, decency=decency)
        page = me.browser().get(address(me, "tenant", of.reference)).content.decode()
        assert ("18\u00a0mois en principe (CCH R.843-2)" in page) is said
        assert ("Envoyer la preuve des travaux" in page) is said


def test_no_aid_stands_in_the_pages_when_the_tenant_is_paid() -> None:
    me = owner()
    mine = tenancy(me.landlord, direct_payment=False)
    payment(mine, LAST_MONTH, 11_173)
    browser = me.browser()
    sheet = text(browser, address(me, "tenant", mine.reference))
    for page in (sheet, text(browser, address(me))):
        assert "111,73" not in page
        assert "413,27" not in page
    assert "L’aide est versée au locataire" in sheet
    assert 'class="aid"' not in sheet


@pytest.mark.parametrize("to_landlord", [True, False])
def test_an_amount_is_confidential_only_where_the_tenant_is_paid(to_landlord: bool) -> None:
    me = owner()
    mine = tenancy(me.landlord, direct_payment=to_landlord)
    payment(mine, LAST_MONTH, 11_173)
    page = text(me.browser(), address(me, "tenant", mine.reference))
    assert ("montant confidentiel" in page) is not to_landlord
    assert ("111,73\u00a0€" in page) is to_landlord


def test_a_mistake_on_the_sheet_is_told_to_the_office() -> None:
    me = owner()
    mine = tenancy(me.landlord)
    page = text(me.browser(), address(me, "tenant", mine.reference))
    link = f"{address(me, 'contact-office')}?locataire={mine.reference}"
    assert f'<a href="{link}">Signaler une erreur</a>' in page
    assert "Lina Moreau" in text(me.browser(), link)


def test_a_former_tenant_s_sheet_leads_back_to_former_tenants() -> None:
    me = owner()
    gone = tenancy(me.landlord, end_on=date(2026, 3, 31))
    page = text(me.browser(), address(me, "tenant", gone.reference))
    assert address(me, "former-tenants") in page
    assert "31/03/2026" in page


def test_what_is_already_sent_is_not_asked_again() -> None:
    campaign()
    me = owner()
    mine = tenancy(me.landlord)
    entry(mine, "submitted")
    page = text(me.browser(), address(me, "tenant", mine.reference))
    assert "Transmis" in page
    assert "Déclaration de loyer" not in page


def test_pages_only_read() -> None:
    me = owner()
    assert me.browser().post(address(me)).status_code == 405
