"""Why something unusual is confirmed: chosen with the tick, kept with the declaration, read wherever it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from parvis.declarations.kinds import KINDS
from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.end_of_management import END_OF_MANAGEMENT
from parvis.declarations.kinds.lease_holders import LEASE_HOLDERS
from parvis.declarations.kinds.move_out import MOVE_OUT
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.paper import _other
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.selectors.history import others_of, sent_by
from parvis.declarations.services import bundles
from parvis.kit import clock
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.kinds.test_arrears import facts
from tests.declarations.kinds.test_kinds import CHANGED, DIED, ENDED, FACTS, LEFT
from tests.factories.declarations import NOW, YEAR, draft_of, typed
from tests.factories.landlords import owner
from tests.factories.tenancies import tenancy
from tests.web.landlord.test_declare import at, hidden, marks, page_of

pytestmark = pytest.mark.django_db
SMALL = {**OWED, "debt": "300"}
WHY = "Impayés répétés"
TICKED = {"sur-below_threshold": "on", "motif-below_threshold": WHY}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def confirmed(codes: dict[str, str]) -> Any:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", SMALL)
    bundles.confirm(me.actor, rented.reference, "arrears", codes, year=YEAR, at=NOW)
    return me, rented


def reason() -> str:
    return Declaration.objects.get(kind="arrears").confirmed_reason


def test_a_reason_is_chosen_with_the_tick_and_read_until_the_receipt() -> None:
    me, rented = let()
    browser, step = me.browser(), at(me, rented, "declare-step", "arrears")
    browser.post(at(me, rented), {"kinds": ["arrears"]})
    page = page_of(browser.post(step, SMALL))
    assert f'<option value="{WHY}">' in page
    page = page_of(browser.post(step, {**SMALL, "a-confirmer": "below_threshold", "motif-below_threshold": WHY}))
    assert f'<option value="{WHY}" selected>' in page, "what was chosen is not lost with the tick that is missing"
    answer = browser.post(step, {**SMALL, **TICKED, **marks(page)})
    check = page_of(browser.get(answer["Location"]))
    assert "une dette sous le seuil de l’impayé" in check
    assert WHY in check
    answer = browser.post(at(me, rented, "declare-send"), hidden(check))
    assert WHY in page_of(browser.get(answer["Location"]))
    declaration = Declaration.objects.get()
    assert declaration.confirmed_reason == WHY
    assert WHY in page_of(browser.get(reverse("declaration", args=[me.account.reference, declaration.opaque])))
    (other,) = others_of(Receipt.objects.get().pk)
    assert ["Raison donnée", WHY] in _other(other)["lines"], "the PDF"
    assert ("Raison donnée", WHY) in sent_by(me.landlord.pk, declaration.opaque).confirmation, "agents"


def test_one_may_confirm_without_a_reason_and_none_but_those_offered_is_kept() -> None:
    me, rented = confirmed({"below_threshold": ""})
    assert reason() == ""
    assert bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).is_ready
    confirmed_with_other = {"below_threshold": "<b>Autre chose</b>"}
    Declaration.objects.all().update(confirmed=[])
    bundles.confirm(me.actor, rented.reference, "arrears", confirmed_with_other, year=YEAR, at=NOW)
    assert reason() == ""


def test_other_answers_need_another_word_and_the_reason_is_part_of_what_was_shown() -> None:
    me, rented = confirmed({"below_threshold": WHY})
    with_reason = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint
    answered(me, rented, "arrears", SMALL)
    assert reason() == WHY, "the same answers saved again"
    Declaration.objects.update(confirmed_reason="Autre")
    assert bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint != with_reason
    answered(me, rented, "arrears", {**SMALL, "debt": "310"})
    assert reason() == ""


def test_the_reasons_of_two_cautions_are_both_kept() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    table = {"months-0-month": "06/2026", "months-0-due": "525", "months-0-paid": "0"}
    step = bundles.answer(me.actor, rented.reference, "arrears", {**SMALL, **table}, year=YEAR, at=NOW)
    codes = {caution.code: caution.reasons[-1] if caution.reasons else "" for caution in step.pending}
    codes |= {"below_threshold": WHY, "months_differ": "Dette plus ancienne"}
    bundles.confirm(me.actor, rented.reference, "arrears", codes, year=YEAR, at=NOW)
    assert reason() == f"Dette plus ancienne\u00a0; {WHY}"
    sent(me, rented)


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        ("move_out", {**LEFT, "keys_on": "10/04/2026"}),
        ("lease_holders", {**CHANGED, "holders": "1"}),
        ("lease_holders", {**CHANGED, "on": "01/02/2026"}),
        ("end_of_management", {**ENDED, "on": "01/02/2026"}),
    ],
)
def test_what_is_confirmed_may_be_said_why(code: str, answers: dict[str, str]) -> None:
    cautions = KINDS[code].read(answers, FACTS).cautions
    assert cautions
    assert all(caution.reasons[-1] == "Autre" for caution in cautions)


def test_no_reason_is_asked_where_it_was_told_or_there_is_none() -> None:
    late = {**LEFT, "keys_on": "10/04/2026", "why_late": "Hospitalisé"}
    assert [caution.reasons for caution in MOVE_OUT.read(late, FACTS).cautions] == [()]
    assert KINDS["death"].read(DIED, FACTS).cautions == ()
    assert MOVE_OUT.read({**LEFT, "keys_on": "31/07/2026"}, FACTS).cautions == (), "a departure to come is no fault"


def test_reasons_fit_and_are_said_once() -> None:
    read = [
        *ARREARS.read(SMALL, facts()).cautions,
        *LEASE_HOLDERS.read({**CHANGED, "holders": "1", "on": "01/02/2026"}, FACTS).cautions,
        *END_OF_MANAGEMENT.read({**ENDED, "on": "01/02/2026"}, replace(FACTS, start_on=date(2020, 1, 1))).cautions,
    ]
    for caution in read:
        assert len(set(caution.reasons)) == len(caution.reasons)
        assert all(len(why) <= 60 for why in caution.reasons)


def test_the_whole_building_is_told_the_same() -> None:
    me, rented = let()
    tenancy(me.landlord, address_1=rented.address_1, postcode=rented.postcode, city=rented.city)
    chosen(me, rented, "end_of_management")
    assert not answered(me, rented, "end_of_management", {**ENDED, "building": "yes", "on": "01/04/2026"})
    codes = {"long_ago": "Acte signé récemment"}
    bundles.confirm(me.actor, rented.reference, "end_of_management", codes, year=YEAR, at=NOW)
    sent(me, rented)
    assert [told.confirmed_reason for told in Declaration.objects.all()] == ["Acte signé récemment"] * 2


def test_a_box_ticked_beside_one_answer_confirms_no_other() -> None:
    me, rented = let()
    browser, step = me.browser(), at(me, rented, "declare-step", "arrears")
    browser.post(at(me, rented), {"kinds": ["arrears"]})
    page = page_of(browser.post(step, SMALL))
    shown = {"a-confirmer": "below_threshold", **TICKED, **marks(page)}
    longer = {"months-0-month": "06/2026", "months-0-due": "200", "debt": "350"}
    page = page_of(browser.post(step, {**SMALL, **longer, **shown}))
    assert 'name="vu-months_differ"' in page
    ticks = {name.replace("vu-", "sur-"): "on" for name in marks(page)}
    answer = browser.post(step, {**SMALL, **longer, **marks(page), **ticks})
    assert answer["Location"] == at(me, rented, "declare-check")
    other = {**longer, "debt": "360"}
    page = page_of(browser.post(step, {**SMALL, **other, **marks(page), **ticks}))
    assert "360,00" in page
    assert "months_differ" not in Declaration.objects.get().confirmed


def test_a_rent_that_a_colleague_saved_meanwhile_is_not_written_over_unseen() -> None:
    me, rented = let()
    chosen(me, rented, "july_rent")
    browser, step = me.browser(), at(me, rented, "declare-step", "july_rent")
    version = version_of(page_of(browser.get(step)))
    typed(owner(me.landlord), rented, "530")
    page = page_of(browser.post(step, {"rent": "525", "version": version}))
    assert draft_of().cents == 53_000
    assert "530,00\u00a0€ est enregistré" in page
    assert 'name="rent" type="text" value="525"' in page, "what was typed is not lost"
    answer = browser.post(step, {"rent": "525", "version": version_of(page)})
    assert answer["Location"] == at(me, rented, "declare-check"), "once seen, it is replaced"
    assert draft_of().cents == 52_500


def version_of(page: str) -> str:
    found = re.search('<input type="hidden" name="version" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_page_that_keeps_itself_does_not_contradict_itself_but_a_colleague_it_does() -> None:
    me, rented = let()
    chosen(me, rented, "july_rent")
    browser, step = me.browser(), at(me, rented, "declare-step", "july_rent")
    racing = {"rent": "525", "version": version_of(page_of(browser.get(step))), "en-cours": "1"}
    browser.post(step, {**racing, "garder": "1", "rent": "52"})
    assert "a changé entre-temps" in page_of(browser.post(step, {**racing, "en-cours": ""}))
    assert browser.post(step, racing)["Location"] == at(me, rented, "declare-check")
    typed(owner(me.landlord), rented, "530")
    assert "a changé entre-temps" in page_of(browser.post(step, racing))
    assert draft_of().cents == 53_000


def test_what_is_taken_back_carries_no_confirmation() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", SMALL)
    bundles.confirm(me.actor, rented.reference, "arrears", {"below_threshold": WHY}, year=YEAR, at=NOW)
    sent(me, rented)
    first = Declaration.objects.get()
    bundles.ask_correction(me.actor, first.opaque, at=NOW)
    answered(me, rented, "arrears", {**SMALL, "debt": "310"})
    bundles.confirm(me.actor, rented.reference, "arrears", {"below_threshold": WHY}, year=YEAR, at=NOW)
    bundles.ask_correction(me.actor, first.opaque, at=NOW, withdrawn=True)
    assert WHY not in page_of(me.browser().get(at(me, rented, "declare-check")))
    sent(me, rented)
    last = Declaration.objects.latest("pk")
    assert last.details == {"withdrawn": True}
    assert (last.warnings, last.confirmed, last.confirmed_reason) == ([], [], "")


def test_nor_do_the_other_dwellings_of_a_building_that_did_not_end() -> None:
    me, rented = let()
    tenancy(me.landlord, address_1=rented.address_1, postcode=rented.postcode, city=rented.city)
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", {**ENDED, "building": "yes"})
    sent(me, rented)
    bundles.ask_correction(me.actor, Declaration.objects.get(tenancy=rented).opaque, at=NOW)
    answered(me, rented, "end_of_management", {**ENDED, "building": "no", "on": "01/04/2026"})
    why = {"long_ago": "Acte signé récemment"}
    bundles.confirm(me.actor, rented.reference, "end_of_management", why, year=YEAR, at=NOW)
    for one in sent(me, rented).declarations.all():
        expected = (["long_ago"], ["long_ago"], why["long_ago"]) if one.tenancy_id == rented.pk else ([], [], "")
        assert (one.warnings, one.confirmed, one.confirmed_reason) == expected
