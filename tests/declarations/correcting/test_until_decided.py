"""What asks to correct something taken in changes nothing of it until the office decides, whatever comes in between."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.agents.posts import Role
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.declarations.refusals import AlreadyWithTheOffice
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.selectors.deciding import awaiting_decision
from parvis.declarations.selectors.history import HistoryFilters, declaration_of, history
from parvis.declarations.selectors.tenant_declared import declared_of, signalled
from parvis.declarations.services import bundles, campaigns
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_building import ALL, building, original_of
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.bundles.test_following import WORKER, on
from tests.declarations.correcting.test_revising import ask as ask_july
from tests.declarations.correcting.test_taken_in import FIRST, WHY, asked, decided, taken_in
from tests.declarations.kinds.test_kinds import CHANGED, DIED, LEFT
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.declarations import CLOCK, NOW, YEAR, state_of, waiting_for
from tests.factories.landlords import Owner

pytestmark = pytest.mark.django_db
TO_COME = {**LEFT, "keys_on": "31/08/2026"}
THAT_DAY = date(2026, 8, 31)


def first(kind: str, answers: dict[str, str]) -> tuple[Owner, Tenancy, Declaration]:
    """One that the office took in."""
    me, rented = let()
    chosen(me, rented, kind)
    assert answered(me, rented, kind, answers)
    sent(me, rented)
    original = Declaration.objects.get()
    decided(original, "integrated")
    return me, rented, original


def again(me: Owner, rented: Tenancy, original: Declaration, **answers: str) -> Declaration:
    """A correction with other answers, sent."""
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    assert answered(me, rented, original.kind, {**original.answers, **answers, "reason": WHY})
    sent(me, rented)
    return Declaration.objects.latest("pk")


def taken_back(me: Owner, rented: Tenancy, which: Declaration) -> Declaration:
    bundles.ask_correction(me.actor, which.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    return Declaration.objects.latest("pk")


@pytest.mark.parametrize("kind", FIRST)
def test_who_takes_their_demand_back_leaves_what_was_taken_in(kind: str) -> None:
    me, rented, original = taken_in(kind)
    effect_on = Declaration.objects.get().effect_on
    assert (effect_on is not None) == (kind == "end_of_management")
    demand = asked(me, rented, original)
    void = taken_back(me, rented, demand)
    decided(void, "integrated")
    original.refresh_from_db()
    demand.refresh_from_db()
    assert (original.state, original.effect_on) == ("integrated", effect_on)
    assert (demand.state, void.state) == ("corrected", "integrated")
    assert declaration_of(me.actor, original.opaque).revised_by is None
    decided(asked(me, rented, original), "integrated")
    original.refresh_from_db()
    assert (original.state, original.effect_on) == ("corrected", None)


def test_a_demand_that_takes_the_place_of_a_taking_back_replaces_what_was_taken_in() -> None:
    me, rented, original = first("move_out", LEFT)
    decided(again(me, rented, taken_back(me, rented, original), **LEFT), "integrated")
    original.refresh_from_db()
    assert original.state == "corrected"


def test_a_second_demand_is_refused_while_one_is_not_decided() -> None:
    me, rented, original = taken_in("death")
    demand = asked(me, rented, original)
    for withdrawn in (False, True):
        with pytest.raises(AlreadyWithTheOffice):
            bundles.ask_correction(me.actor, original.opaque, at=NOW, withdrawn=withdrawn)
    asked(me, rented, demand)
    with pytest.raises(AlreadyWithTheOffice):
        bundles.ask_correction(me.actor, original.opaque, at=NOW)


def test_what_was_begun_about_a_demand_that_is_refused_meanwhile_is_given_up() -> None:
    me, rented, original = taken_in("death")
    demand = asked(me, rented, original)
    bundles.ask_correction(me.actor, demand.opaque, at=NOW)
    decided(demand, "rejected")
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    assert Declaration.objects.get(state="draft").corrects == original


def test_of_two_of_a_kind_taken_in_the_last_one_asked_for_is_corrected() -> None:
    me, rented, one = first("lease_holders", CHANGED)
    chosen(me, rented, "lease_holders")
    assert answered(me, rented, "lease_holders", {**CHANGED, "on": "10/08/2026"})
    sent(me, rented)
    other = Declaration.objects.latest("pk")
    decided(other, "integrated")
    bundles.ask_correction(me.actor, one.opaque, at=NOW)
    bundles.ask_correction(me.actor, other.opaque, at=NOW)
    assert Declaration.objects.get(state="draft").corrects == other


@pytest.mark.parametrize("status", ["integrated", "rejected"])
def test_the_day_of_a_departure_is_kept_for_when_its_correction_is_refused(status: str) -> None:
    me, rented, original = first("move_out", TO_COME)
    assert original.remind_on == THAT_DAY
    demand = again(me, rented, original, keys_on="01/09/2026")
    original.refresh_from_db()
    assert (original.state, original.remind_on) == ("integrated", THAT_DAY)
    assert waiting_for(me.actor, THAT_DAY) == []
    assert bundles.remind_due(by=WORKER, at=on(THAT_DAY)) == 0
    decided(demand, status)
    assert len(waiting_for(me.actor, THAT_DAY)) == (status == "rejected")
    assert bundles.remind_due(by=WORKER, at=on(THAT_DAY)) == (status == "rejected")


def test_an_end_of_management_taken_in_is_corrected_of_its_own_dwelling() -> None:
    me, rented, _, _ = building()
    for each in Declaration.objects.all():
        decided(each, "integrated")
    original = original_of(rented)
    assert original.details["whole_building"]
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    step = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("end_of_management")
    assert "building" not in [question.name for question in step.questions]
    assert answered(me, rented, "end_of_management", {**ALL, "on": "30/09/2026", "reason": WHY})
    sent(me, rented)
    assert Declaration.objects.count() == 4
    demand = Declaration.objects.latest("pk")
    assert (demand.corrects, demand.details["whole_building"]) == (original, False)
    assert "ces locataires" not in declaration_of(me.actor, demand.opaque).effect


def test_taking_back_what_was_taken_in_is_told_as_a_correction() -> None:
    me, rented, original = first("move_out", LEFT)
    void = taken_back(me, rented, original)

    def titles() -> set[str]:
        (line,) = (line for line in history(me.actor, HistoryFilters()) if line.opaque == void.opaque)
        sheet = declared_of(me.actor, rented.pk, year=YEAR)
        lines = [each for each in (*sheet.lines, *sheet.undecided) if each.opaque == void.opaque]
        return {line.title, declaration_of(me.actor, void.opaque).title, *(each.title for each in lines)}

    assert titles() == {"Correction\u00a0: Déménagement du locataire"}
    decided(void, "manual")
    (queued,) = awaiting_decision(colleague((Role.CASEWORKER, rented.caf_code)).actor)
    assert queued.title.startswith("Correction")
    decided(void, "rejected")
    assert titles() == {"Correction\u00a0: Déménagement du locataire"}


@pytest.mark.parametrize("status", ["integrated", "rejected"])
def test_a_death_that_is_only_asked_ends_nothing_before_the_office_agrees(status: str) -> None:
    me, rented, original = first("death", {**DIED, "who": "other"})
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", TO_COME)
    sent(me, rented)
    departure = Declaration.objects.get(kind="move_out")
    demand = again(me, rented, original, who="claimant")
    departure.refresh_from_db()
    assert departure.remind_on == THAT_DAY
    assert state_of(rented) == "to_declare"
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    assert state_of(rented) == "to_declare"
    assert not bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).tenancy.claimant_died
    decided(demand, status)
    departure.refresh_from_db()
    dead = status == "integrated"
    assert (departure.remind_on is None) == dead
    assert bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).tenancy.claimant_died == dead


def test_a_debt_is_the_one_taken_in_and_is_followed_there() -> None:
    me, rented, original = first("arrears", OWED)
    demand = asked(me, rented, original)
    told = signalled(me.actor, [rented.reference])[rented.reference, "arrears"]
    assert told.opaque == original.opaque
    decided(demand, "manual")
    with pytest.raises(NotFound):
        bundles.follow_up(me.actor, demand.opaque, "plan", at=NOW)
    decided(demand, "integrated")
    told = signalled(me.actor, [rented.reference])[rented.reference, "arrears"]
    assert told.opaque == demand.opaque


def test_a_rent_that_comes_back_into_the_campaign_is_the_one_taken_in() -> None:
    me, rented = let()
    made.typed(me, rented, "525")
    made.sent(me)
    decided(Declaration.objects.get(), "integrated")
    ask_july(me, rented, "526")
    rented.july_rents.filter(year=YEAR).delete()
    CampaignEntry.objects.filter(tenancy=rented).update(state="out")
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    assert state_of(rented) == "integrated"
