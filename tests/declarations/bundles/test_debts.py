"""What follows a reported debt: the plan, how it goes, that all is paid; before the office has decided as well as after."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from parvis.declarations import workflow
from parvis.declarations.models import Declaration
from parvis.declarations.refusals import AlreadyWithTheOffice, FollowedAlready
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.selectors.tenant_declared import Signalled, signalled
from parvis.declarations.services import bundles, exchange
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.bundles.test_following import reported
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db
PLAN = {"agreed_on": "20/07/2026", "agreed_monthly": "100", "owed": "1 300"}


def test_a_debt_is_followed_to_its_end() -> None:
    me, rented, told = reported()
    assert told.remind_on == date(2026, 8, 22)
    for stage, answers in (
        ("plan", PLAN),
        ("progress", {"kept": "yes", "owed": "900"}),
        ("settled", {"settled_on": "21/07/2026"}),
    ):
        assert bundles.follow_up(me.actor, told.opaque, stage, at=NOW) == (rented.reference, "arrears")
        bundles.follow_up(me.actor, told.opaque, stage, at=NOW)
        assert answered(me, rented, "arrears", {**answers, "stage": "settled", "about": "D-2020-000000001-A"})
        after = sent(me, rented).declarations.get()
        assert (after.details["stage"], after.details["about"]) == (stage, told.reference)
        Declaration.objects.filter(pk=after.pk).update(state=workflow.INTEGRATED)
        told.refresh_from_db()
        assert told.remind_on is None
    assert after.remind_on is None
    assert made.waiting_for(me.actor, date(2028, 1, 1)) == []


def test_nothing_follows_what_has_not_left_nor_somebody_else_s() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    told = sent(me, rented).declarations.get()
    for who in (me, owner()):
        with pytest.raises(NotFound):
            bundles.follow_up(who.actor, told.opaque, "plan", at=NOW)
    _, _, other = reported()
    with pytest.raises(NotFound):
        bundles.follow_up(me.actor, other.opaque, "plan", at=NOW)


def treated_by_hand(**answers: str) -> tuple[Owner, Tenancy, Declaration]:
    """A debt an agent is looking at."""
    me, rented = let()
    chosen(me, rented, "arrears")
    assert answered(me, rented, "arrears", {**OWED, **answers})
    told = sent(me, rented).declarations.get()
    exchange.mark_sent([told.pk], by=CLOCK, at=NOW)
    exchange.record_outcomes(made.stage_outcomes((told.reference or "", "manual", "", NOW)), by=CLOCK, at=NOW)
    return me, rented, told


def follows(me: Owner, rented: Tenancy, told: Declaration, stage: str, answers: dict[str, str]) -> Declaration:
    """What came of the debt, sent."""
    bundles.follow_up(me.actor, told.opaque, stage, at=NOW)
    assert answered(me, rented, "arrears", answers)
    return sent(me, rented).declarations.get()


def the_debt(me: Owner, rented: Tenancy) -> Signalled | None:
    """What a statement tells of it."""
    return signalled(me.actor, [rented.reference]).get((rented.reference, "arrears"))


def test_a_plan_is_sent_while_an_agent_treats_the_debt_and_both_are_decided() -> None:
    me, rented, told = treated_by_hand()
    plan = follows(me, rented, told, "plan", PLAN)
    assert plan.details["about"] == told.reference
    told.refresh_from_db()
    assert (told.state, told.remind_on) == (workflow.MANUAL, None)
    with pytest.raises(AlreadyWithTheOffice):
        bundles.follow_up(me.actor, told.opaque, "settled", at=NOW)
    exchange.mark_sent([plan.pk], by=CLOCK, at=NOW)
    decisions = ((one.reference or "", "integrated", "", NOW) for one in (told, plan))
    assert exchange.record_outcomes(made.stage_outcomes(*decisions), by=CLOCK, at=NOW).integrated == 2


def test_a_plan_sent_by_mistake_is_taken_back_while_the_debt_is_still_treated() -> None:
    me, rented, told = treated_by_hand()
    plan = follows(me, rented, told, "plan", PLAN)
    bundles.ask_correction(me.actor, plan.opaque, at=NOW, withdrawn=True)
    void = sent(me, rented).declarations.get()
    assert (void.corrects, void.details) == (plan, {"withdrawn": True})
    with pytest.raises(AlreadyWithTheOffice):
        bundles.follow_up(me.actor, told.opaque, "plan", at=NOW)
    with pytest.raises(NotFound):
        bundles.follow_up(me.actor, void.opaque, "plan", at=NOW)
    debt = the_debt(me, rented)
    assert debt
    assert debt.opaque == told.opaque
    assert not debt.has_plan


@pytest.mark.parametrize(("wanted", "until"), [("yes", date(2027, 1, 21)), ("no", date(2026, 9, 21))])
def test_the_plan_is_due_sooner_from_who_refused_direct_payment(wanted: str, until: date) -> None:
    me, rented, _ = treated_by_hand(direct_payment=wanted)
    debt = the_debt(me, rented)
    assert debt
    assert debt.plan_by == until


def test_no_plan_is_asked_once_there_is_one_nor_once_all_is_paid_nor_of_a_debt_taken_back() -> None:
    me, rented, told = treated_by_hand()
    plan = follows(me, rented, told, "plan", PLAN)
    debt = the_debt(me, rented)
    assert debt
    assert (debt.opaque, debt.has_plan, debt.is_settled, debt.plan_by) == (told.opaque, True, False, None)
    Declaration.objects.filter(pk=plan.pk).update(state=workflow.INTEGRATED)
    follows(me, rented, told, "settled", {"settled_on": "21/07/2026"})
    debt = the_debt(me, rented)
    assert debt
    assert debt.is_settled
    me, rented, told = treated_by_hand()
    bundles.ask_correction(me.actor, told.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    assert the_debt(me, rented) is None


def test_a_report_with_its_plan_and_one_that_was_corrected_keep_their_file() -> None:
    me, rented, told = treated_by_hand(plan="yes", plan_on="20/07/2026", plan_monthly="100")
    debt = the_debt(me, rented)
    assert debt
    assert debt.has_plan
    me, rented, told = treated_by_hand()
    follows(me, rented, told, "plan", PLAN)
    bundles.ask_correction(me.actor, told.opaque, at=NOW)
    assert answered(me, rented, "arrears", {**OWED, "debt": "1 400"})
    again = sent(me, rented).declarations.get()
    debt = the_debt(me, rented)
    assert debt
    assert (debt.opaque, debt.has_plan) == (again.opaque, True)


@pytest.mark.parametrize(("planned", "until"), [(False, date(2026, 9, 21)), (True, None)])
def test_a_report_corrected_twice_keeps_its_plan_and_its_first_day(planned: bool, until: date | None) -> None:
    me, rented, told = treated_by_hand(direct_payment="no")
    if planned:
        follows(me, rented, told, "plan", PLAN)
    for days, owed in ((40, "1 400"), (50, "1 500")):
        at, typed = NOW + timedelta(days=days), {**OWED, "direct_payment": "no", "debt": owed}
        bundles.ask_correction(me.actor, told.opaque, at=at)
        bundles.answer(me.actor, rented.reference, "arrears", typed, year=YEAR, at=at)
        seen = bundle_of(me.actor, rented.reference, year=YEAR, at=at).fingerprint
        receipt = bundles.send(me.actor, rented.reference, submission_key=uuid4(), expected=seen, year=YEAR, at=at)
        told = receipt.declarations.get()
    debt = the_debt(me, rented)
    assert debt
    assert (debt.opaque, debt.declared_on) == (told.opaque, NOW.date())
    assert (debt.has_plan, debt.plan_by) == (planned, until)


def test_a_debt_is_not_taken_back_while_the_office_looks_at_its_plan() -> None:
    me, rented, told = treated_by_hand()
    plan = follows(me, rented, told, "plan", PLAN)
    bundles.ask_correction(me.actor, told.opaque, at=NOW)
    assert answered(me, rented, "arrears", {**OWED, "debt": "1 400"})
    again = sent(me, rented).declarations.get()
    with pytest.raises(
        FollowedAlready, match="le 21/07/2026\u00a0: «\u00a0Un plan est convenu avec le locataire\u00a0»"
    ):
        bundles.ask_correction(me.actor, again.opaque, at=NOW, withdrawn=True)
    assert not Declaration.objects.filter(state=workflow.DRAFT).exists()
    bundles.ask_correction(me.actor, plan.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    bundles.ask_correction(me.actor, again.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    assert the_debt(me, rented) is None
