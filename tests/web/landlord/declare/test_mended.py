"""What the pages of a declaration say of what is missing, unusual or already sent: a sentence at its place, and one click."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.services import bundles, campaigns
from parvis.kit import clock
from parvis.kit.periods import day
from parvis.kit.text import of
from parvis.landlords.models import Office, ProcessingTime, ThirdPartyNumber
from parvis.tenancies.models import JulyRent, Tenancy
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import LEFT
from tests.factories.declarations import CLOCK, NOW, draft_of
from tests.web.landlord.test_declare import at, hidden, marks, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_rent_left_empty_is_asked_for_at_its_field() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent"]})
    page = page_of(browser.post(at(me, rented, "declare-step", "july_rent"), {"rent": " "}))
    assert page.count("Indiquez le loyer hors charges de juillet 2026.") == 2
    assert 'href="#id_rent"' in page
    assert "Il y a un point à corriger" in page


def test_one_click_replaces_a_misplaced_comma_and_two_readings_have_two_buttons() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent"]})
    step = at(me, rented, "declare-step", "july_rent")
    page = page_of(browser.post(step, {"rent": "1.050"}))
    for cents in ("105000", "105"):
        assert f'name="remplacer" value="{cents}"' in page
    page = page_of(browser.post(step, {"rent": "52,50"}))
    assert "Remplacer par 525,00\u00a0€" in page
    answer = browser.post(step, {"rent": "52,50", "remplacer": "52500"})
    assert answer["Location"] == at(me, rented, "declare-check")
    assert "525,00\u00a0€" in page_of(browser.get(answer["Location"]))
    assert "n’est pas un montant" in page_of(browser.post(step, {"rent": "abc", "remplacer": "9" * 40}))


def test_a_rent_confirmed_beside_another_july_before_is_asked_about_again() -> None:
    me, rented = let()
    JulyRent.objects.all().delete()
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent"]})
    step = at(me, rented, "declare-step", "july_rent")
    page = page_of(browser.post(step, {"rent": "525", "previous": "500"}))
    assert 'name="montant" value="52500"><input type="hidden" name="avant" value="50000"' in page
    ticked = {"sur-increase_above_index": "on", "montant": "52500", "avant": "50000"}
    page = page_of(browser.post(step, {"rent": "525", "previous": "400", **ticked}))
    assert "n’est plus celui qui était affiché" in page
    assert 'name="avant" value="40000"' in page
    assert draft_of().confirmed == []
    answer = browser.post(step, {"rent": "525", "previous": "400", **ticked, "avant": "40000"})
    assert answer["Location"] == at(me, rented, "declare-check")


def test_a_box_left_unticked_is_said_the_second_time() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent", "arrears"]})
    step = at(me, rented, "declare-step", "july_rent")
    first = page_of(browser.post(step, {"rent": "52,50"}))
    assert "Cochez" not in first
    assert first.index("Un point à confirmer") < first.index('<form class="stack"') < first.index('id="a-confirmer"')
    shown = {"rent": "52,50", "montant": "5250", "a-confirmer": "ten_times_less"}
    again = page_of(browser.post(step, shown))
    assert again.count("Cochez «\u00a0Confirmer 52,50\u00a0€\u00a0»") == 2
    assert 'href="#id_sur-ten_times_less"' in again
    step = at(me, rented, "declare-step", "arrears")
    low = {**OWED, "debt": "300"}
    assert "Cochez" not in page_of(browser.post(step, low))
    again = page_of(browser.post(step, {**low, "a-confirmer": "below_threshold"}))
    assert again.count("Cochez «\u00a0Déclarer quand même\u00a0»") == 2


def test_a_kind_already_sent_says_so_on_the_sheet_and_choosing_it_leads_to_it() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    sent(me, rented)
    place = reverse("declaration", args=[me.account.reference, Declaration.objects.get().opaque])
    tenant = page_of(me.browser().get(reverse("tenant", args=[me.account.reference, rented.reference])))
    assert "Déjà transmise le" in tenant
    assert place in tenant
    page = page_of(me.browser().post(at(me, rented), {"kinds": ["arrears"]}))
    assert "est déjà transmise pour ce locataire" in page
    assert f'<p><a href="{place}">Voir ou corriger la déclaration' in page


def test_every_pair_that_clashes_is_named_with_its_button() -> None:
    me, rented = let()
    every = ["death", "move_out", "end_of_management", "lease_holders"]
    page = page_of(me.browser().post(at(me, rented), {"kinds": every}))
    for words in ("Le décès suffit", "Vous ne gérez plus ce logement", "Le départ suffit"):
        assert words in page
    for code in every[1:]:
        assert f'name="retirer" value="{code}"' in page


def test_both_are_kept_where_somebody_else_died_and_the_check_refuses_them_where_the_tenant_did() -> None:
    me, rented = let()
    browser, kinds = me.browser(), {"kinds": ["death", "move_out"]}
    warned = page_of(browser.post(at(me, rented), kinds))
    assert "Une déclaration est peut-être de trop" in warned
    assert 'name="garder-les-deux"' in warned
    browser.post(at(me, rented), {**kinds, "garder-les-deux": "1"})
    browser.post(at(me, rented, "declare-step", "move_out"), LEFT)
    browser.post(at(me, rented, "declare-step", "death"), {"who": "spouse", "stays": "no"})
    assert "Transmettre à la Caf" in page_of(browser.get(at(me, rented, "declare-check")))
    browser.post(at(me, rented, "declare-step", "death"), {"who": "claimant", "stays": "no"})
    page = page_of(browser.get(at(me, rented, "declare-check")))
    assert "Le décès suffit\u00a0: inutile de déclarer aussi un départ." in page
    assert "Retirer\u00a0: Déménagement du locataire" in page
    assert "Transmettre à la Caf" not in page


def test_what_is_missing_of_a_death_is_said_soberly() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["death"]})
    step = at(me, rented, "declare-step", "death")
    page = page_of(browser.post(step, {"who": "claimant"}))
    assert "Il manque une réponse." in page
    page = page_of(browser.post(step, {}))
    assert "Dites qui est décédé." in page
    assert "point" not in page.split('id="error-summary"')[1].split("</h2>")[0]


def test_a_bad_month_of_the_table_is_said_beside_its_cell() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["arrears"]})
    table = {"months-1-month": "13/2026", "months-1-due": "abc"}
    page = page_of(browser.post(at(me, rented, "declare-step", "arrears"), {**OWED, "debt": "", "since": "", **table}))
    for name in table:
        assert f'href="#id_{name}"' in page
        assert f'id="id_{name}-error"' in page
    assert "Indiquez la somme due" not in page


def test_a_draft_of_several_is_counted_on_the_sheet_and_the_home_says_to_finish_it() -> None:
    me, rented = let()
    browser = me.browser()
    home, tenant = (reverse("landlord-home", args=[me.account.reference]), at(me, rented, "tenant"))
    browser.post(at(me, rented), {"kinds": ["july_rent", "arrears", "move_out"]})
    browser.post(at(me, rented, "declare-step", "arrears"), {**OWED, "plus-tard": "1"})
    assert "3 déclarations ne sont pas transmises" in page_of(browser.get(tenant))
    assert f"Terminer\u00a0: {rented.name}" in page_of(browser.get(home))
    browser.post(at(me, rented, "declare-step", "move_out"), LEFT)
    assert f"Terminer\u00a0: {rented.name}" in page_of(browser.get(home))
    browser.post(at(me, rented, "declare-step", "july_rent"), {"rent": "525"})
    assert f"Transmettre\u00a0: {rented.name}" in page_of(browser.get(home))


def test_the_check_page_shows_the_gap_and_that_the_amount_was_confirmed() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent", "arrears"]})
    step = at(me, rented, "declare-step", "july_rent")
    browser.post(step, {"rent": "102"})
    assert '<select class="input" id="id_reason" name="reason"' in page_of(browser.get(step))
    browser.post(step, {"rent": "102", "montant": "10200", "sur-decrease": "on", "reason": "Nouveau bail"})
    table = {"months-0-month": "05/2026", "months-0-due": "1200", "debt": "1300", "sur-months_differ": "on"}
    debts = at(me, rented, "declare-step", "arrears")
    answer = browser.post(debts, {**OWED, **table, **marks(page_of(browser.post(debts, {**OWED, **table})))})
    assert answer["Location"] == at(me, rented, "declare-check")
    check = page_of(browser.get(answer["Location"]))
    for words in (
        "−80,4\u00a0%",
        "montant confirmé\u00a0: nouveau bail",
        "1\u00a0200,00\u00a0€, somme due confirmée",
        "Vous avez deux mois",
    ):
        assert words in check, words
    answer = browser.post(at(me, rented, "declare-send"), hidden(check))
    receipt = page_of(browser.get(answer["Location"]))
    assert "somme due confirmée" in receipt
    assert "Vous avez deux mois" not in receipt
    again = page_of(browser.post(at(me, rented, "declare-send"), {**hidden(check), "cle": str(uuid4())}, follow=True))
    assert "Ces déclarations ont déjà été transmises" in again


def test_the_rent_step_says_what_is_known_of_the_lease() -> None:
    me, rented = let()
    Tenancy.objects.filter(pk=rented.pk).update(lease_holders=2, furnished=True)
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent"]})
    page = page_of(browser.get(at(me, rented, "declare-step", "july_rent")))
    assert f"Déclarez la part {of(rented.name)} seulement" in page
    assert "Meublé\u00a0?" in page


def test_an_answer_that_is_late_leads_to_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    me, rented = let()
    ProcessingTime.objects.update_or_create(
        office=Office.objects.get(),
        topic="arrears",
        defaults={"min_weeks": 1, "max_weeks": 2, "measured_on": NOW.date()},
    )
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    sent(me, rented)
    place = reverse("declaration", args=[me.account.reference, Declaration.objects.get().opaque])
    receipt = reverse("receipt", args=[me.account.reference, Receipt.objects.get().number])
    page = page_of(me.browser().get(place))
    assert "Réponse attendue" in page
    by = day(NOW.date() + timedelta(weeks=2))
    assert f"Réponse attendue vers le {by}, selon les délais actuels de votre caisse." in page_of(
        me.browser().get(receipt)
    )
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=15))
    page = page_of(me.browser().get(place))
    assert "Réponse attendue" not in page
    assert "Réponse attendue" not in page_of(me.browser().get(receipt))
    assert "Réponse en retard" in page
    assert "contactez votre caisse" in page


def test_bank_details_are_not_asked_of_who_gave_them() -> None:
    me, rented = let()
    Tenancy.objects.filter(pk=rented.pk).update(direct_payment=False)
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["arrears"]})
    step = at(me, rented, "declare-step", "arrears")
    assert "vos coordonnées bancaires" in page_of(browser.get(step))
    ThirdPartyNumber.objects.filter(landlord=me.landlord).update(iban_last4="1234")
    assert "vos coordonnées bancaires" not in page_of(browser.get(step))


def test_what_the_answers_call_for_is_added_to_the_same_sending_by_one_click() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    browser.post(at(me, rented, "declare-step", "move_out"), {**LEFT, "debt_left": "yes"})
    check = at(me, rented, "declare-check")
    page = page_of(browser.get(check))
    assert "Ajouter\u00a0: Déclaration d’un impayé" in page
    answer = browser.post(at(me, rented), {"ajouter": "arrears"})
    assert answer["Location"] == at(me, rented, "declare-step", "arrears")
    browser.post(answer["Location"], {**OWED, "in_place": "no"})
    page = page_of(browser.get(check))
    assert "2\u00a0déclarations" in page
    assert "Ajouter" not in page
    browser.post(at(me, rented, "declare-step", "move_out"), LEFT)
    browser.post(at(me, rented, "declare-remove", "arrears"))
    assert "Ajouter" not in page_of(browser.get(check))


def test_nothing_is_added_that_is_with_the_office_or_says_the_same_twice() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", {**OWED, "in_place": "no"})
    browser, check = me.browser(), at(me, rented, "declare-check")
    assert "Ajouter\u00a0: Déménagement" in page_of(browser.get(check))
    browser.post(at(me, rented), {"kinds": ["arrears", "death"]})
    browser.post(at(me, rented, "declare-step", "death"), {"who": "claimant", "stays": "no"})
    assert "Ajouter" not in page_of(browser.get(check))
    bundles.remove(me.actor, rented.reference, "death", at=NOW)
    sent(me, rented)
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    browser.post(at(me, rented, "declare-step", "move_out"), {**LEFT, "debt_left": "yes"})
    assert "Ajouter" not in page_of(browser.get(check))
