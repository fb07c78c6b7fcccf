"""The July grid as people use it: typed line by line, or whole without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.declarations.models import Declaration
from parvis.declarations.services import july
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.kit.periods import hour
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import owner
from tests.factories.tenancies import many_tenancies, tenancy
from tests.web.landlord.july import address, fields, five, live_at, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


PAGES = ["july-rents", "july-rents-prefill", "july-rents-check", "receipts"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_sees_anothers_pages(name: str) -> None:
    me, _ = five()
    assert Client().get(address(me, name)).status_code == 404
    assert owner().browser().get(address(me, name)).status_code == 404
    assert me.browser().get(address(me, name)).status_code in (200, 302)


@pytest.mark.parametrize("name", PAGES[:3])
def test_declaring_needs_its_right(name: str) -> None:
    me, _ = five()
    reader = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    answer = reader.browser().get(address(reader, name))
    assert answer.status_code == 403
    assert "« Déclarer »" in answer.content.decode().replace("\u00a0", " ")


def test_the_grid_shows_each_tenant_with_last_july() -> None:
    me, _ = five()
    page = text(me.browser(), address(me))
    assert "<h1>Loyers de juillet 2026</h1>" in page
    assert page.count("data-amount") == 5
    assert page.count("524,00 €") == 5
    assert "0 loyer saisi sur 5" in page
    assert "Loyer hors charges de juillet 2026, Lina Abadie" in page


def test_one_amount_is_saved_by_itself_and_its_line_comes_back() -> None:
    me, (of, *_) = five()
    url = address(me, "july-rent-save", of.reference) + "?annee=2026"
    answer = me.browser().post(url, {f"rent-{of.reference}": "525.00 euros"})
    line = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 200
    assert line.strip().startswith("<tbody")
    assert 'value="525,00"' in line
    assert "« 525.00 euros » compris comme 525,00 €." in line
    assert "+0,2 %" in line
    assert "1 loyer prêt" in line
    assert answer.headers["Saved-At"] == hour(NOW).replace("\u00a0", " "), (
        "by the clock of the service, not of a device"
    )
    assert made.draft_of().cents == 52_500


def test_what_could_not_be_read_is_not_counted_as_a_rent_typed() -> None:
    me, (one, two, three, *_) = five()
    for of, amount in ((one, "525"), (two, "750"), (three, "bonjour")):
        typed(me, of, amount)
    page = text(me.browser(), address(me))
    assert "2 loyers saisis sur 5" in page
    assert "0 transmis, 2 saisis non transmis, 1 à corriger, 2 à saisir" in page
    assert "1 à confirmer, 1 à corriger" in page
    home = text(me.browser(), address(me, "landlord-home"))
    assert "2 saisis, non transmis" in home
    assert "1 à corriger" in home


def test_what_cannot_be_read_is_shown_back_as_typed() -> None:
    me, (of, *_) = five()
    url = address(me, "july-rent-save", of.reference) + "?annee=2026"
    line = me.browser().post(url, {f"rent-{of.reference}": "<cinq cents>"}).content.decode().replace("\u00a0", " ")
    assert 'value="&lt;cinq cents&gt;"' in line
    assert 'aria-invalid="true"' in line
    assert "n’est pas un montant. Écrivez par exemple 525,00." in line
    assert "<cinq" not in line


def test_a_line_of_another_landlord_or_year_is_not_saved() -> None:
    me, (of, *_) = five()
    stranger, _ = five()
    url = address(stranger, "july-rent-save", of.reference)
    assert stranger.browser().post(url + "?annee=2026", {f"rent-{of.reference}": "525"}).status_code == 404
    mine = address(me, "july-rent-save", of.reference)
    assert me.browser().post(mine + "?annee=2025", {f"rent-{of.reference}": "525"}).status_code == 409
    assert me.browser().get(mine).status_code == 302
    assert not made.drafts_of()


def test_the_whole_grid_works_without_javascript() -> None:
    me, (first, second, third, *_) = five()
    browser = me.browser()
    page = text(browser, address(me))
    filled = fields(page) | {
        f"rent-{first.reference}": "525", f"rent-{second.reference}": "679", f"rent-{third.reference}": "abc",
    }  # fmt: skip
    answer = browser.post(address(me), filled, follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Votre saisie est enregistrée. Elle n’est pas encore transmise." in page
    assert "1 loyer prêt" in page
    assert "1 à confirmer, 1 à corriger" in page
    assert "+29,6 % par rapport à juillet 2025." in page
    assert "L’indice des loyers autorise en général jusqu’à +1,40 % sur un an." in page
    act = fields(page) | {
        "geste": f"confirmer:{second.reference}:increase_above_index:67900",
        f"reason-{second.reference}": "Travaux",
    }
    answer = browser.post(address(me), act)
    assert answer.headers["Location"].endswith(f"#l-{second.reference}")
    assert made.draft_of(tenancy=second).reason == "Travaux"
    assert "2 loyers prêts" in text(browser, address(me))


def test_a_remedy_is_one_click() -> None:
    me, (of, *_) = five()
    typed(me, of, "52,40")
    browser = me.browser()
    page = text(browser, address(me))
    assert "52,40 € est 10 fois plus bas que juillet 2025." in page
    assert "Remplacer par 524,00 €" in page
    browser.post(address(me), fields(page) | {"geste": f"remplacer:{of.reference}:52400"})
    assert made.draft_of().cents == 52_400


@pytest.mark.parametrize("act", ["", "x", "remplacer:x:1", "confirmer", "remplacer:{}:-5", "remplacer:{}:²"])
def test_an_act_nobody_offered_does_nothing(act: str) -> None:
    me, (of, *_) = five()
    browser = me.browser()
    answer = browser.post(address(me), {"annee": "2026", "geste": act.format(of.reference)})
    assert answer.status_code == 302
    assert not made.drafts_of()


def test_an_old_page_does_not_undo_a_colleagues_work() -> None:
    me, (first, second, *_) = five()
    browser = me.browser()
    shown = fields(text(browser, address(me)))
    typed(owner(me.landlord), first, "530")
    browser.post(address(me), shown | {f"rent-{second.reference}": "520"})
    assert made.draft_of(tenancy=first).cents == 53_000
    assert made.draft_of(tenancy=second).cents == 52_000


def test_both_julys_are_asked_in_one_line() -> None:
    me = owner()
    of = tenancy(me.landlord, rent_cents=None)
    made.campaign()
    browser = me.browser()
    page = text(browser, address(me))
    assert f'name="previous-{of.reference}"' in page
    place = f"{address(me, 'declare', of.reference)}?quoi=july_rent"
    assert f'href="{place}">Joindre la quittance' in page
    assert re.search(r'value="july_rent"[^>]* checked', text(browser, place))
    browser.post(address(me), fields(page) | {f"rent-{of.reference}": "410"})
    page = text(browser, address(me))
    assert "Juillet 2025 à saisir" in page
    assert "Le loyer de juillet 2025 n’est pas connu." in page
    assert "Je ne le connais pas" in page
    browser.post(address(me), fields(page) | {f"previous-{of.reference}": "405"})
    assert made.draft_of().cents == 41_000
    before = Declaration.objects.get()
    assert (before.kind, before.details["rent_cents"]) == ("previous_july_rent", 40_500)
    assert "1 loyer prêt" in text(browser, address(me))


def test_known_rents_are_taken_over_after_a_question() -> None:
    me, _ = five()
    browser = me.browser()
    page = text(browser, address(me, "july-rents-prefill"))
    assert "Reprendre les loyers connus ?" in page
    assert "sur les 5 lignes vides" in page
    assert not made.drafts_of()
    answer = browser.post(address(me, "july-rents-prefill"), follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "5 loyers repris. Vérifiez chaque ligne : rien n’est transmis." in page
    assert page.count(">repris<") == 5


def test_what_was_taken_over_is_told_before_it_leaves() -> None:
    me, tenancies = five()
    typed(me, tenancies[0], "525")
    july.prefill(me.actor, 2026, at=NOW)
    assert text(me.browser(), address(me, "july-rents-check")).count(">repris<") == 4, "the one that was typed is not"


@pytest.mark.parametrize(("count"), [1, 30])
@pytest.mark.parametrize("name", ["july-rents", "july-rents-check", "receipt"])
def test_thirty_lines_cost_as_many_statements_as_one(name: str, count: int) -> None:
    me = owner()
    many_tenancies(me.landlord, count)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    july.prefill(me.actor, 2026, at=NOW)
    more = [made.sent(me)[0].number] if name == "receipt" else []
    browser = me.browser()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        text(browser, address(me, name, *more))
    assert len(asked) == {"july-rents": 3, "july-rents-check": 4, "receipt": 4}[name]


def test_pages_follow_one_another_by_key() -> None:
    me = owner()
    many_tenancies(me.landlord, 60)
    made.campaign()
    browser, seen, url = me.browser(), [], address(me)
    while url:
        page = text(browser, url)
        seen += re.findall(r"Prénom\d+ (Nom\d+)</a>", page)
        following = re.search(r'href="(\?[^"]*apres=[^"]+)" rel="next"', page)
        url = address(me) + following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"Nom{number:06d}" for number in range(1, 61)]
    back = re.search(r'href="(\?[^"]*avant=[^"]+)" rel="prev"', page)
    assert back is not None
    before = text(browser, address(me) + back[1].replace("&amp;", "&"))
    assert re.findall(r"Prénom\d+ (Nom\d+)</a>", before) == seen[25:50]


def test_search_and_filters() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    made.sent(me)
    typed(me, second, "530")
    browser = me.browser()
    for query, names in {
        "": ["Benali", "Celik", "Dupont", "Evrard"],
        "?etat=a-saisir": ["Celik", "Dupont", "Evrard"],
        "?etat=saisis": ["Benali"],
        "?etat=transmis": ["Abadie"],
        "?etat=tous": ["Abadie", "Benali", "Celik", "Dupont", "Evrard"],
        "?q=cel": ["Celik"],
        "?q=lina+dup": ["Dupont"],
        f"?q={second.claimant_number}": ["Benali"],
        "?q=rue+du+port": ["Benali", "Celik", "Dupont", "Evrard"],
        "?q=100%25": [],
        "?q=a_i": [],
        "?etat=tous&q=abadie": ["Abadie"],
        "?etat=n-importe&apres=x": ["Benali", "Celik", "Dupont", "Evrard"],
    }.items():
        page = text(browser, address(me) + query)
        assert re.findall(r">Lina (\w+)</a><span class=\"muted\">", page) == names, query


def test_before_opening_and_without_tenants(monkeypatch: pytest.MonkeyPatch) -> None:
    me, _ = five()
    live_at(monkeypatch, NOW - timedelta(days=40))
    assert "La déclaration ouvre le 1er juillet." in text(me.browser(), address(me))
    live_at(monkeypatch, NOW)
    nobody = owner()
    assert "Vous n’avez aucun loyer à déclarer cette année." in text(nobody.browser(), address(nobody))


def test_all_sent_and_late(monkeypatch: pytest.MonkeyPatch) -> None:
    me, tenancies = five()
    for of in tenancies:
        typed(me, of, "525")
    made.sent(me)
    page = text(me.browser(), address(me))
    assert "Tous vos loyers sont transmis." in page
    assert "data-amount" not in page
    other, _ = five()
    live_at(monkeypatch, NOW + timedelta(days=100))
    assert "La campagne est terminée, 5 loyers manquent." in text(other.browser(), address(other))
