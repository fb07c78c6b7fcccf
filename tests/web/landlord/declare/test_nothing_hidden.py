"""Nothing that waits for the landlord is out of reach, however much there is of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.changes.models import DirectPaymentOffer
from parvis.declarations.models import Bundle
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.kit.db import edge, read_edge
from parvis.tenancies.models import Tenancy
from parvis.web.landlord.home import tasks
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def begun(me: Owner, *names: str, kinds: tuple[str, ...] = ("move_out",)) -> list[Tenancy]:
    """Declarations begun, all in one moment, as for a whole building."""
    rented = [tenancy(me.landlord, last_name=name) for name in names]
    Bundle.objects.bulk_create(
        Bundle(tenancy=each, landlord=me.landlord, kinds=list(kinds), saved_at=NOW) for each in rented
    )
    return rented


def offered(me: Owner, *names: str, answer_by: date = date(2026, 9, 21)) -> list[DirectPaymentOffer]:
    """Offers of direct payment that wait for an answer."""
    rented = [tenancy(me.landlord, last_name=name, direct_payment=False) for name in names]
    return DirectPaymentOffer.objects.bulk_create(
        DirectPaymentOffer(tenancy=each, landlord=me.landlord, offered_at=NOW, answer_by=answer_by) for each in rented
    )


def read(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def names_met(browser: Client, address: str, pattern: str) -> list[str]:
    """The names a list shows, page after page, by the link to the next one."""
    found: list[str] = []
    here = address.partition("?")[0]
    for _ in range(20):
        page = read(browser, address)
        found += re.findall(pattern, page)
        following = re.search(r'<a href="([^"]+)" rel="next">', page)
        if following is None:
            return found
        place = following[1].replace("&amp;", "&").partition("#")[0]
        address = place if place.startswith("/") else here + place
    raise AssertionError("the pages never end")


def of(name: str, me: Owner) -> str:
    return reverse(name, args=[me.account.reference])


def test_the_sixth_declaration_begun_is_told_and_can_be_seen() -> None:
    me = owner()
    begun(me, "Arnaud", "Bernard", "Carré", "Durand", "Evrard", "Faure")
    assert "Tout voir (6)" in read(me.browser(), of("landlord-home", me))
    whole = read(me.browser(), of("landlord-home", me) + "?tout=1")
    assert all(name in whole for name in ("Arnaud", "Bernard", "Carré", "Durand", "Evrard", "Faure"))
    assert "Tout voir (" not in whole


def test_all_that_is_to_do_is_met_once_page_after_page(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    begun(me, *(f"Brouillon{number}" for number in range(6)))
    offered(me, *(f"Offre{number}" for number in range(5)))
    offered(me, "Urgente", answer_by=date(2026, 8, 1))
    monkeypatch.setattr(tasks.tasks_of, "__kwdefaults__", {"after": "", "limit": 4})
    pattern = r">(?:Terminer|Répondre au versement direct)\u00a0: Lina (\w+)</a>"
    met = names_met(me.browser(), of("landlord-home", me) + "?tout=1", pattern)
    assert sorted(met[:6]) == [f"Brouillon{number}" for number in range(6)]
    assert met[6] == "Urgente"
    assert sorted(met[7:]) == [f"Offre{number}" for number in range(5)]


def test_more_than_a_page_is_said_to_be_more() -> None:
    me = owner()
    begun(me, *(f"N{number}" for number in range(tasks.PAGE + 1)))
    assert f"Tout voir (plus de {tasks.PAGE})" in read(me.browser(), of("landlord-home", me))


def test_what_is_sent_meanwhile_loses_nobody_their_place() -> None:
    me = owner()
    begun(me, *(f"N{number:02}" for number in range(30)))
    browser, here = me.browser(), of("declarations-unsent", me)
    first = read(browser, here)
    following = re.search(r'<a href="([^"]+)" rel="next">', first)
    assert following
    shown = re.findall(r">Lina (N\d\d)</a>", first)
    Bundle.objects.filter(tenancy__last_name=shown[-1]).delete()
    rest = re.findall(r">Lina (N\d\d)</a>", read(browser, here + following[1]))
    assert sorted(shown + rest) == [f"N{number:02}" for number in range(30)]


def test_declarations_not_sent_stand_beside_those_that_were() -> None:
    me = owner()
    begun(me, "Arnaud", kinds=("move_out", "arrears"))
    begun(owner(), "Stranger")
    assert of("declarations-unsent", me) in read(me.browser(), of("declarations", me))
    page = read(me.browser(), of("declarations-unsent", me))
    assert "À terminer" in page
    assert "Déménagement du locataire" in page
    assert "Stranger" not in page
    assert "Rien n’attend d’être transmis" in read((other := owner()).browser(), of("declarations-unsent", other))


def test_rents_typed_are_told_among_what_was_not_sent() -> None:
    me = owner()
    rented = tenancy(me.landlord)
    made.campaign()
    made.typed(me, rented, "525", previous="520")
    page = read(me.browser(), of("declarations-unsent", me))
    assert "1\u00a0loyer de juillet saisi" in page
    assert f"{of('july-rents', me)}?etat=saisis" in page


def test_who_may_not_declare_has_no_list_of_what_was_begun() -> None:
    me = owner(rights=frozenset({Right.CONSULT}))
    assert of("declarations-unsent", me) not in read(me.browser(), of("declarations", me))
    assert me.browser().get(of("declarations-unsent", me)).status_code in (403, 404)


@pytest.mark.parametrize(
    "word", ["", "x", "20.x", "99.", "20260101T000000000000-zz", "'; DROP", "\x00", "20." + "9" * 5_000]
)
def test_a_place_that_cannot_be_read_is_the_beginning(word: str) -> None:
    me = owner()
    begun(me, "Arnaud")
    for name in ("landlord-home", "declarations-unsent", "direct-payment-offers"):
        answer = me.browser().get(of(name, me), {"tout": "1", "apres": word})
        assert answer.status_code == 200, name
    assert read_edge(word) is None


def test_an_edge_is_read_back_to_the_microsecond() -> None:
    place = edge(NOW + timedelta(microseconds=1), tenancy(owner().landlord).reference)
    assert read_edge(place.word) == place


def test_the_fifty_first_offer_is_answered_like_the_first() -> None:
    me = owner()
    offered(me, *(f"O{number:02}" for number in range(60)))
    last = offered(me, "Dernier", answer_by=date(2026, 9, 22))[0]
    browser = me.browser()
    page = read(browser, reverse("direct-payment-offer", args=[me.account.reference, last.opaque]))
    assert "Dernier" in page
    overview = read(browser, of("direct-payment", me))
    assert overview.count("Votre caisse vous propose") == 5
    assert of("direct-payment-offers", me) in overview
    met = names_met(browser, of("direct-payment-offers", me), r'<td data-l="Locataire">Lina (\w+)</td>')
    assert sorted(met) == ["Dernier", *(f"O{number:02}" for number in range(60))]
    assert me.browser().get(of("direct-payment-offers", owner())).status_code == 404
