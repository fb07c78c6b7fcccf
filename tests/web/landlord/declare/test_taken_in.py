"""The pages of what the office took in: corrected there while the tenancy is still theirs, and told from which page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parvis.declarations.models import Declaration
from parvis.declarations.services import bundles
from parvis.kit import clock
from tests.declarations.bundles.test_building import building, original_of
from tests.declarations.bundles.test_bundles import answered, chosen, let, sent
from tests.declarations.bundles.test_handing_over import handed_over
from tests.declarations.correcting.test_taken_in import asked, decided, taken_in
from tests.declarations.kinds.test_kinds import ENDED
from tests.factories.declarations import NOW
from tests.web.landlord.test_declare import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_sale_taken_in_is_corrected_until_the_dwelling_is_another_s_then_by_a_message() -> None:
    me, rented, original = taken_in("end_of_management")
    browser, one = me.browser(), reverse("declaration", args=[me.account.reference, original.opaque])
    write = f"{reverse('contact-office', args=[me.account.reference])}?declaration={original.opaque}"
    before = page_of(browser.get(one))
    assert "Demander une correction" in before
    assert "Annuler cette déclaration" in before
    assert write not in before
    handed_over(rented)
    after = page_of(browser.get(one))
    for gone in ("Demander une correction", "Annuler cette déclaration", "Fiche du locataire"):
        assert gone not in after
    assert write in after
    assert "plus le bailleur" in after
    assert browser.get(write).status_code == 200


def test_a_sale_that_is_refused_is_not_declared_anew_by_who_has_no_more_the_dwelling() -> None:
    me, rented = let()
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", ENDED)
    sent(me, rented)
    original = Declaration.objects.get()
    decided(original, "rejected")
    one = reverse("declaration", args=[me.account.reference, original.opaque])
    assert "Déclarer à nouveau" in page_of(me.browser().get(one))
    handed_over(rented)
    assert "Déclarer à nouveau" not in page_of(me.browser().get(one))


def test_a_taking_back_that_is_refused_invites_to_no_second_declaration() -> None:
    me, rented, original = taken_in("death")
    bundles.ask_correction(me.actor, original.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    void = Declaration.objects.latest("pk")
    decided(void, "rejected")
    page = page_of(me.browser().get(reverse("declaration", args=[me.account.reference, void.opaque])))
    assert "Déclarer à nouveau" not in page
    assert "Correction\u00a0: Décès du locataire" in page


def test_a_page_of_before_the_demand_says_that_one_is_asked() -> None:
    me, rented, original = taken_in("death")
    asked(me, rented, original)
    press = reverse("declaration-correct", args=[me.account.reference, original.opaque])
    answer = me.browser().post(press, follow=True)
    assert "est déjà transmise pour ce locataire" in page_of(answer)


def test_the_other_dwellings_of_a_building_are_corrected_from_their_own_pages() -> None:
    me, rented, _, _ = building()
    for each in Declaration.objects.all():
        decided(each, "integrated")
    bundles.ask_correction(me.actor, original_of(rented).opaque, at=NOW)
    page = page_of(me.browser().get(at(me, rented, "declare-step", "end_of_management")))
    assert "Ce logement seul est corrigé" in page
    assert "Tous les logements de l’immeuble" not in page


def test_a_debt_is_followed_from_the_one_that_was_taken_in() -> None:
    me, rented, original = taken_in("arrears")
    demand = asked(me, rented, original)
    decided(demand, "manual")
    told = {
        each: "Tout est payé" in page_of(me.browser().get(reverse("declaration", args=[me.account.reference, each.opaque])))
        for each in (original, demand)
    }  # fmt: skip
    assert told == {original: True, demand: False}
