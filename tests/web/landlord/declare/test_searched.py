"""« Mes déclarations » among a hundred thousand: by tenant, by number, by day, those in force alone."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from parvis.declarations.models import Declaration
from parvis.declarations.services import bundles
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from parvis.web.landlord.views.declare import history as views
from tests.declarations.bundles.test_bundles import answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import LEFT
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def left(me: Owner, rented: Tenancy) -> Declaration:
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    sent(me, rented)
    return Declaration.objects.get(tenancy=rented, state="submitted")


@pytest.fixture
def both() -> tuple[Owner, Declaration, Declaration]:
    """Two departures, of Lina Moreau and of Lina Petit."""
    me, one = let()
    other = tenancy(me.landlord, last_name="Petit", start_on=one.start_on)
    Tenancy.objects.filter(pk=one.pk).update(last_name="Moreau")
    one.refresh_from_db()
    return me, left(me, one), left(me, other)


def shown(me: Owner, query: dict[str, str]) -> str:
    answer = me.browser().get(reverse("declarations", args=[me.account.reference]), query)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).split("<main")[1]


def test_a_declaration_is_found_by_its_tenant_its_number_its_receipt(
    both: tuple[Owner, Declaration, Declaration],
) -> None:
    me, one, other = both
    assert one.receipt
    assert one.reference
    for words in ("moreau", "lina mor", one.reference.lower(), one.receipt.number, one.tenancy.claimant_number):
        page = shown(me, {"q": words})
        assert str(one.opaque) in page, words
        assert str(other.opaque) not in page, words
    assert "Aucune déclaration ne correspond" in shown(me, {"q": "introuvable"})


def test_every_tenant_of_one_name_has_its_declarations_found(monkeypatch: pytest.MonkeyPatch) -> None:
    me, one = let()
    last_of_name = tenancy(me.landlord, last_name="Dupont", first_name="Zoé", start_on=one.start_on)
    sent_last = left(me, last_of_name)
    for first_name in ("Ana", "Béa", "Cléo", "Dina", "Ève", "Fanny"):
        tenancy(me.landlord, last_name="Dupont", first_name=first_name)
    page = shown(me, {"q": "dupont"})
    assert str(sent_last.opaque) in page
    assert "locataires correspondent" not in page
    monkeypatch.setattr(views, "MOST_TENANTS", 6)
    page = shown(me, {"q": "dupont"})
    assert str(sent_last.opaque) not in page
    assert "Plus de 6 locataires correspondent à votre recherche" in page
    assert "locataires correspondent" not in shown(me, {"q": "dupont zoe"})


def test_declarations_are_found_by_day(both: tuple[Owner, Declaration, Declaration]) -> None:
    me, one, _ = both
    today, yesterday, tomorrow = (f"{NOW + timedelta(days=days):%d/%m/%Y}" for days in (0, -1, 1))
    assert str(one.opaque) in shown(me, {"du": today, "au": today})
    assert str(one.opaque) not in shown(me, {"du": tomorrow})
    assert str(one.opaque) not in shown(me, {"au": yesterday})
    wrong = shown(me, {"du": "hier"})
    assert "Écrivez une date" in wrong
    assert 'value="hier"' in wrong
    assert str(one.opaque) in wrong


def test_what_a_correction_replaced_may_be_left_out(both: tuple[Owner, Declaration, Declaration]) -> None:
    me, one, other = both
    bundles.ask_correction(me.actor, one.opaque, at=NOW)
    assert answered(me, one.tenancy, "move_out", {**LEFT, "keys_on": "11/07/2026"})
    sent(me, one.tenancy)
    assert str(one.opaque) in shown(me, {})
    page = shown(me, {"vigueur": "oui"})
    assert str(one.opaque) not in page
    assert str(other.opaque) in page
    assert " checked" in page


def test_pages_keep_the_question(both: tuple[Owner, Declaration, Declaration]) -> None:
    me, one, _ = both
    page = shown(me, {"q": "moreau", "vigueur": "oui", "avant": str(one.opaque)})
    assert "q=moreau&vigueur=oui" in page or "Aucune déclaration" in page
    stranger = owner()
    assert str(one.opaque) not in shown(stranger, {"q": str(one.reference)})


@pytest.mark.parametrize("bad", ["\0", "' OR 1=1 --", "<b>", "é" * 10_000, "AR-", "D-2026-%", "字"])
def test_a_search_that_means_nothing_finds_nothing(bad: str) -> None:
    me = owner()
    shown(me, {"q": bad, "du": bad, "au": bad, "quoi": bad, "etat": bad, "vigueur": bad})
