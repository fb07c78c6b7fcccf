"""What comes after, or instead of, a sending: waiting with a debt, a departure confirmed, taking back, what follows a debt."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations import workflow
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.declarations.refusals import AnswersChanged, NothingToWaitFor
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.services import bundles, campaigns, exchange
from parvis.kit.actors import system
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, departure_sent, let, sent
from tests.declarations.kinds.test_kinds import DIED, LEFT
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
WORKER = system("worker")


def on(day: date) -> datetime:
    """The morning of a day."""
    return datetime(day.year, day.month, day.day, 8, tzinfo=NOW.tzinfo)


def waiting() -> tuple[Owner, Tenancy, date]:
    """A debt below the threshold, and the day to be told of it."""
    me, rented = let()
    chosen(me, rented, "arrears")
    assert not answered(me, rented, "arrears", {**OWED, "debt": "600"})
    reading = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("arrears").reading
    assert reading is not None
    assert reading.wait_until is not None
    bundles.remind_me(me.actor, rented.reference, "arrears", reading.wait_until, year=YEAR, at=NOW)
    return me, rented, reading.wait_until


def test_who_waits_with_a_debt_is_written_to_once_on_its_day() -> None:
    _, _, day = waiting()
    assert day == date(2026, 8, 1)
    assert bundles.remind_due(by=WORKER, at=on(day) - timedelta(days=1)) == 0
    assert bundles.remind_due(by=WORKER, at=on(day)) == 1
    assert bundles.remind_due(by=WORKER, at=on(day)) == 0
    mail = Message.objects.get(template="declarations/emails/asked_again")
    assert "impayé est peut-être à signaler" in str(words_of(mail.template, mail.context))
    assert Declaration.objects.get().state == workflow.DRAFT


def test_a_debt_that_was_sent_or_given_up_meanwhile_is_not_recalled() -> None:
    me, rented, day = waiting()
    bundles.abandon(me.actor, rented.reference)
    assert bundles.remind_due(by=WORKER, at=on(day)) == 0


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=400)])
def test_one_is_told_on_a_day_to_come_within_the_year(day: date) -> None:
    me, rented, _ = waiting()
    with pytest.raises(NothingToWaitFor):
        bundles.remind_me(me.actor, rented.reference, "arrears", day, year=YEAR, at=NOW)
    with pytest.raises(NotFound):
        bundles.remind_me(owner().actor, rented.reference, "arrears", date(2026, 9, 1), year=YEAR, at=NOW)


def announced() -> tuple[Owner, Tenancy, Declaration]:
    """A departure to come, sent."""
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", {**LEFT, "keys_on": "31/08/2026"})
    return me, rented, sent(me, rented).declarations.get()


def test_a_departure_to_come_is_confirmed_on_its_day() -> None:
    me, _, told = announced()
    day = date(2026, 8, 31)
    assert told.remind_on == day
    assert made.waiting_for(me.actor, day - timedelta(days=1)) == []
    (task,) = made.waiting_for(me.actor, day)
    assert (task.declaration, task.kinds) == (told.opaque, ["move_out"])
    assert bundles.remind_due(by=WORKER, at=on(day)) == 1
    for _ in range(2):
        bundles.confirm_departure(me.actor, told.opaque, at=on(day))
    assert made.waiting_for(me.actor, day) == []


def test_a_departure_past_asks_nothing_again_and_a_stranger_confirms_nothing() -> None:
    me, _, receipt = departure_sent()
    assert receipt.declarations.get().remind_on is None
    with pytest.raises(NotFound):
        bundles.confirm_departure(owner().actor, receipt.declarations.get().opaque, at=NOW)
    assert made.waiting_for(me.actor, date(2027, 1, 1)) == []


def test_what_did_not_happen_is_taken_back_by_a_correction() -> None:
    me, rented, told = announced()
    bundles.ask_correction(me.actor, told.opaque, at=NOW, withdrawn=True)
    assert bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).is_ready
    void = sent(me, rented).declarations.get()
    told.refresh_from_db()
    assert (void.details, void.corrects, void.remind_on) == ({"withdrawn": True}, told, None)
    assert (told.state, told.remind_on) == (workflow.CORRECTED, None)


def test_changing_one_s_mind_about_taking_back_corrects_instead() -> None:
    me, rented, told = announced()
    bundles.ask_correction(me.actor, told.opaque, at=NOW, withdrawn=True)
    assert answered(me, rented, "move_out", {**LEFT, "keys_on": "15/08/2026"})
    assert sent(me, rented).declarations.get().details["keys_on"] == "2026-08-15"


def reported() -> tuple[Owner, Tenancy, Declaration]:
    """A debt the office has taken in."""
    me, rented = let()
    chosen(me, rented, "arrears")
    assert answered(me, rented, "arrears", OWED)
    told = sent(me, rented).declarations.get()
    exchange.mark_sent([told.pk], by=CLOCK, at=NOW)
    exchange.record_outcomes(made.stage_outcomes((told.reference or "", "integrated", "", NOW)), by=CLOCK, at=NOW)
    return me, rented, told


def test_what_is_taken_in_is_told_by_mail_without_a_name() -> None:
    _, rented, _ = reported()
    mail = Message.objects.get(template="declarations/emails/taken_in")
    words = str(words_of(mail.template, mail.context))
    assert "Déclaration d’un impayé" in words
    assert rented.last_name not in words


def test_no_july_rent_is_asked_of_a_tenant_who_died() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    sent(me, rented)
    assert CampaignEntry.objects.get(tenancy=rented).state == "out"
    assert made.counts_are_true()
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    assert CampaignEntry.objects.get(tenancy=rented).state == "out"


def test_after_a_death_nobody_is_asked_again_about_the_tenancy() -> None:
    me, rented, day = waiting()
    chosen(me, rented, "arrears", "lease_holders", "death")
    answered(me, rented, "death", DIED)
    bundles.remove(me.actor, rented.reference, "lease_holders", at=NOW)
    bundles.confirm(me.actor, rented.reference, "arrears", {"below_threshold": "on"}, year=YEAR, at=NOW)
    Declaration.objects.create(
        kind="move_out", tenancy=rented, landlord=me.landlord, account=me.account, saved_at=NOW, remind_on=day
    )
    receipt = sent(me, rented)
    assert receipt.count == 2
    assert not Declaration.objects.filter(remind_on__isnull=False).exists()
    assert bundles.remind_due(by=WORKER, at=on(date(2027, 7, 1))) == 0


def test_after_a_death_a_debt_is_still_declared_but_not_waited_for() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    sent(me, rented)
    chosen(me, rented, "arrears")
    assert not answered(me, rented, "arrears", {**OWED, "debt": "600"})
    with pytest.raises(NothingToWaitFor):
        bundles.remind_me(me.actor, rented.reference, "arrears", date(2026, 8, 1), year=YEAR, at=NOW)
    bundles.confirm(me.actor, rented.reference, "arrears", {"below_threshold": "on"}, year=YEAR, at=NOW)
    assert sent(me, rented).declarations.get().remind_on is None


def test_the_death_of_somebody_else_of_the_dwelling_leaves_the_july_rent() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", {**DIED, "who": "spouse"})
    sent(me, rented)
    assert CampaignEntry.objects.get(tenancy=rented).state == "to_declare"


def test_a_death_that_was_a_mistake_brings_the_july_rent_back() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    answered(me, rented, "death", DIED)
    told = sent(me, rented).declarations.get()
    bundles.ask_correction(me.actor, told.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    assert CampaignEntry.objects.get(tenancy=rented).state == "to_declare"
    assert made.counts_are_true()


def test_the_answers_of_a_colleague_are_not_overwritten_unseen() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    answered(me, rented, "move_out", LEFT)
    shown = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step("move_out").draft
    assert shown is not None
    colleague, later = owner(me.landlord), NOW + timedelta(minutes=5)
    theirs = {**LEFT, "keys_on": "12/07/2026"}
    bundles.answer(colleague.actor, rented.reference, "move_out", theirs, year=YEAR, at=later, seen=shown.version)
    mine = {**LEFT, "keys_on": "13/07/2026"}
    with pytest.raises(AnswersChanged):
        bundles.answer(me.actor, rented.reference, "move_out", mine, year=YEAR, at=later, seen=shown.version)
    assert Declaration.objects.get().answers["keys_on"] == "12/07/2026"
    bundles.answer(me.actor, rented.reference, "move_out", theirs, year=YEAR, at=later, seen=shown.version)


def test_a_tick_confirms_no_answers_saved_since_it_was_read() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    saved = bundles.answer(me.actor, rented.reference, "arrears", OWED | {"debt": "300"}, year=YEAR, at=NOW)
    assert saved.draft is not None
    later, codes, read = NOW + timedelta(minutes=5), {"below_threshold": ""}, saved.draft.version
    other = owner(me.landlord).actor
    bundles.answer(other, rented.reference, "arrears", OWED | {"debt": "200"}, year=YEAR, at=later)
    with pytest.raises(AnswersChanged):
        bundles.confirm(me.actor, rented.reference, "arrears", codes, year=YEAR, at=later, seen=read)
    assert Declaration.objects.get().confirmed == []


def test_what_the_office_refused_cannot_be_taken_back() -> None:
    me, _, told = announced()
    Declaration.objects.filter(pk=told.pk).update(state=workflow.REJECTED, sent_at=NOW, decided_at=NOW)
    with pytest.raises(ActNotPossible):
        bundles.ask_correction(me.actor, told.opaque, at=NOW, withdrawn=True)
