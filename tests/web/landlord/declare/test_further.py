"""Around a declaration, page by page: files, waiting, a colleague's answers, confirming, taking back, following a debt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.changes.models import Attachment
from parvis.declarations import workflow
from parvis.declarations.models import Declaration
from parvis.declarations.services import bundles, campaigns
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.tenancies.models import JulyRent, Transfer
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.bundles.test_debts import follows, treated_by_hand
from tests.declarations.bundles.test_following import announced, on, reported
from tests.declarations.kinds.test_kinds import DIED, LEFT
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import owner
from tests.factories.papers import PAPER, pdf
from tests.factories.tenancies import payment
from tests.web.landlord.test_declare import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_file_is_joined_on_the_page_saved_again_and_taken_off() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["death"]})
    step = at(me, rented, "declare-step", "death")
    answer = browser.post(step, {**DIED, "papers": SimpleUploadedFile("acte de décès.pdf", PAPER)})
    assert answer["Location"] == at(me, rented, "declare-check")
    assert "acte de décès.pdf" in page_of(browser.get(answer["Location"]))
    place = at(me, rented, "declare-paper", "death", str(Attachment.objects.get().opaque))
    saved = browser.get(place)
    assert (saved.content, saved["Content-Disposition"].startswith("attachment;")) == (PAPER, True)
    for stranger in (owner(), owner(me.landlord, rights=frozenset({Right.CONSULT}))):
        assert stranger.browser().get(place).status_code in (403, 404)
    browser.post(place)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"MZ", "Choisissez un fichier PDF"), (pdf(b"<< /S /JavaScript >>"), "programme"), (b"", "vide")],
)
def test_a_file_that_is_refused_says_why_and_the_answers_are_kept(content: bytes, words: str) -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["death"]})
    sent_along = {**DIED, "papers": SimpleUploadedFile("acte.pdf", content)}
    page = page_of(browser.post(at(me, rented, "declare-step", "death"), sent_along))
    assert words in page
    assert Declaration.objects.get().answers["who"] == "claimant"
    assert not Attachment.objects.exists()


def test_below_the_threshold_one_may_wait_and_is_told_on_which_day() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["arrears"]})
    step = at(me, rented, "declare-step", "arrears")
    page = page_of(browser.post(step, {**OWED, "debt": "600"}))
    assert "Me prévenir" in page
    assert 'value="01/08/2026"' in page
    again = page_of(browser.post(step, {**OWED, "debt": "600", "me-prevenir": "1", "remind_on": "01/08/2020"}))
    assert "Choisissez une date à venir" in again
    answer = browser.post(step, {**OWED, "debt": "600", "me-prevenir": "1", "remind_on": "15/08/2026"})
    assert answer["Location"] == reverse("tenant", args=[me.account.reference, rented.reference])
    assert "Nous vous écrirons le 15 août 2026" in page_of(browser.get(answer["Location"])).replace("\u00a0", " ")
    assert Declaration.objects.get().remind_on == date(2026, 8, 15)


def test_answers_saved_meanwhile_by_a_colleague_are_said_and_mine_are_on_the_page() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    step = at(me, rented, "declare-step", "move_out")
    browser.post(step, {**LEFT, "version": ""})
    shown = page_of(browser.get(step)).split('name="version" value="')[1].split('"')[0]
    colleague, later = owner(me.landlord), NOW + timedelta(minutes=5)
    theirs = {**LEFT, "keys_on": "12/07/2026"}
    bundles.answer(colleague.actor, rented.reference, "move_out", theirs, year=YEAR, at=later)
    page = page_of(browser.post(step, {**LEFT, "keys_on": "13/07/2026", "version": shown}))
    assert "Ces réponses ont changé entre-temps" in page
    assert 'value="13/07/2026"' in page
    assert Declaration.objects.get().answers["keys_on"] == "12/07/2026"
    fresh = page.split('name="version" value="')[1].split('"')[0]
    answer = browser.post(step, {**LEFT, "keys_on": "13/07/2026", "version": fresh})
    assert answer["Location"] == at(me, rented, "declare-check")
    assert Declaration.objects.get().answers["keys_on"] == "13/07/2026"


def test_the_superfluous_one_of_a_pair_is_taken_out_by_its_button() -> None:
    me, rented = let()
    answer = me.browser().post(at(me, rented), {"kinds": ["death", "move_out"], "retirer": "move_out"})
    assert answer["Location"] == at(me, rented, "declare-step", "death")


def test_a_departure_is_confirmed_from_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    me, _, told = announced()
    browser = me.browser()
    monkeypatch.setattr(clock, "now", lambda: on(date(2026, 8, 31)))
    home = reverse("landlord-home", args=[me.account.reference])
    browser = me.browser()
    assert "Préciser le départ" in page_of(browser.get(home))
    one = reverse("declaration", args=[me.account.reference, told.opaque])
    assert "Oui, le 31/08/2026" in page_of(browser.get(one))
    assert (
        owner().browser().post(reverse("departure-confirm", args=[me.account.reference, told.opaque])).status_code
        == 404
    )
    browser.post(reverse("departure-confirm", args=[me.account.reference, told.opaque]))
    assert "Le départ est-il confirmé" not in page_of(browser.get(one))
    assert "Préciser le départ" not in page_of(browser.get(home))


def test_what_was_a_mistake_is_taken_back_through_the_check_page() -> None:
    me, rented, told = announced()
    browser = me.browser()
    answer = browser.post(reverse("declaration-withdraw", args=[me.account.reference, told.opaque]))
    assert answer["Location"] == at(me, rented, "declare-check")
    assert "n’a pas eu lieu" in page_of(browser.get(answer["Location"]))
    sent(me, rented)
    told.refresh_from_db()
    assert told.state == workflow.CORRECTED


def test_a_debt_taken_in_says_what_comes_next() -> None:
    me, rented, told = reported()
    browser = me.browser()
    one = reverse("declaration", args=[me.account.reference, told.opaque])
    page = page_of(browser.get(one))
    assert "Un plan de remboursement est à envoyer" in page
    assert "Tout est payé" in page
    answer = browser.post(reverse("declaration-follow-up", args=[me.account.reference, told.opaque, "plan"]))
    step = page_of(browser.get(answer["Location"]))
    assert "Date du plan" in step
    assert f"{told.reference}" not in step
    assert browser.post(f"{one}suite/autre/").status_code == 404
    answer = browser.post(answer["Location"], {"agreed_on": "20/07/2026", "agreed_monthly": "100", "owed": "1300"})
    assert answer["Location"] == at(me, rented, "declare-check")


def test_the_plan_is_sent_from_the_statement_that_asks_for_it_while_an_agent_treats_the_debt() -> None:
    me, rented, told = treated_by_hand()
    payment(rented, date(2026, 6, 1), 20_000, paid_on=date(2026, 7, 5), reason_code="arrears")
    transfer = Transfer.objects.get(landlord=me.landlord)
    statement = reverse("payments-statement", args=[me.account.reference, transfer.reference])
    one = reverse("declaration", args=[me.account.reference, told.opaque])
    assert f'<a href="{one}#suite">Envoyer le plan</a>' in page_of(me.browser().get(statement))
    page = page_of(me.browser().get(one))
    assert 'id="suite"' in page
    assert reverse("declaration-follow-up", args=[me.account.reference, told.opaque, "plan"]) in page
    follows(me, rented, told, "settled", {"settled_on": "21/07/2026"})
    page = page_of(me.browser().get(statement))
    assert "Envoyer le plan" not in page
    assert "Plan attendu" not in page
    assert "Et ensuite" not in page_of(me.browser().get(one))


def test_a_refused_declaration_leads_to_another() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    answered(me, rented, "move_out", LEFT)
    told = sent(me, rented).declarations.get()
    Declaration.objects.filter(pk=told.pk).update(state=workflow.REJECTED, reason_code="date_inconsistent")
    page = page_of(me.browser().get(reverse("declaration", args=[me.account.reference, told.opaque])))
    assert "La date ne correspond pas" in page
    assert "?quoi=move_out" in page


def test_the_receipt_of_the_july_before_goes_with_it() -> None:
    me, rented = let()
    JulyRent.objects.filter(tenancy=rented).delete()
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent"]})
    step = at(me, rented, "declare-step", "july_rent")
    assert "Quittance de juillet 2025" in page_of(browser.get(step))
    alone = {"rent": "525", "previous": "", "papers": SimpleUploadedFile("quittance.pdf", PAPER)}
    assert "Indiquez aussi le loyer" in page_of(browser.post(step, alone))
    assert not Attachment.objects.exists()
    both = {"rent": "525", "previous": "520", "papers": SimpleUploadedFile("quittance.pdf", PAPER)}
    answer = browser.post(step, both)
    assert answer["Location"] == at(me, rented, "declare-check")
    assert "quittance.pdf" in page_of(browser.get(step))
    before = sent(me, rented).declarations.get(kind="previous_july_rent")
    assert [paper["name"] for paper in before.details["papers"]] == ["quittance.pdf"]
    assert Attachment.objects.get().subject == before.reference
