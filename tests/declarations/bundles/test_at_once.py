"""Twenty tabs send the same bundle: one receipt, each declaration once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Event
from time import sleep
from uuid import uuid4

import pytest
from django.db import transaction

from parvis.declarations.models import CampaignCount, Declaration, Receipt
from parvis.declarations.refusals import JustSent
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.services import bundles, exchange
from parvis.declarations.services.exchange import endings
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.bundles.test_endings import managed_no_more
from tests.declarations.bundles.test_following import WORKER, on
from tests.declarations.kinds.test_kinds import LEFT
from tests.declarations.test_concurrency import AT_ONCE, together
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_tabs_send_one_bundle_once() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    shown = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint

    def send() -> Receipt:
        return bundles.send(me.actor, rented.reference, submission_key=uuid4(), expected=shown, year=YEAR, at=NOW)

    results = together([send] * AT_ONCE)
    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert sum(isinstance(result, JustSent) for result in results) == AT_ONCE - 1
    assert (Receipt.objects.count(), Declaration.objects.count()) == (1, 1)


def test_twenty_tabs_without_a_campaign_too() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    shown = bundle_of(me.actor, rented.reference, year=None, at=NOW).fingerprint
    results = together(
        [lambda: bundles.send(me.actor, rented.reference, submission_key=uuid4(), expected=shown, year=None, at=NOW)]
        * AT_ONCE
    )
    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert Receipt.objects.count() == 1


def test_two_colleagues_who_send_what_both_have_seen_make_one_declaration() -> None:
    me, rented = let()
    colleagues = [me, owner(me.landlord)]
    chosen(me, rented, "move_out", "arrears")
    assert answered(me, rented, "arrears", OWED)
    assert answered(colleagues[1], rented, "move_out", LEFT)
    shown = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).fingerprint

    def sending(who: Owner) -> Callable[[], object]:
        return lambda: bundles.send(
            who.actor, rented.reference, submission_key=uuid4(), expected=shown, year=YEAR, at=NOW
        )

    results = together([sending(colleagues[rank % 2]) for rank in range(AT_ONCE)])
    (receipt,) = [result for result in results if isinstance(result, Receipt)]
    told = [result for result in results if isinstance(result, JustSent)]
    assert (len(told), {refusal.number for refusal in told}) == (AT_ONCE - 1, {receipt.number})
    assert Declaration.objects.count() == 2


def test_two_colleagues_who_answer_at_once_keep_one_whole_answer() -> None:
    me, rented = let()
    other = owner(me.landlord)
    chosen(me, rented, "move_out")
    results = together(
        [lambda: answered(me, rented, "move_out", LEFT), lambda: answered(other, rented, "move_out", LEFT)]
    )
    assert results == [True, True]
    assert Declaration.objects.count() == 1


def test_a_decision_that_comes_while_a_correction_leaves_does_not_bring_back_what_it_replaced() -> None:
    me, rented = let()
    chosen(me, rented, "move_out")
    assert answered(me, rented, "move_out", LEFT)
    told = sent(me, rented).declarations.get()
    exchange.mark_sent([told.pk], by=CLOCK, at=NOW)
    bundles.ask_correction(me.actor, told.opaque, at=NOW)
    assert answered(me, rented, "move_out", {**LEFT, "keys_on": "12/07/2026"})
    corrected = Event()

    def correct() -> object:
        with transaction.atomic():
            receipt = sent(me, rented)
            corrected.set()
            sleep(1)
        return receipt

    def decide() -> object:
        assert corrected.wait(20)
        with transaction.atomic():
            return exchange.record_outcomes(
                made.stage_outcomes((told.reference or "", "integrated", "", NOW)), by=CLOCK, at=NOW
            )

    (merge,) = [result for result in together([correct, decide]) if isinstance(result, exchange.OutcomeMerge)]
    assert (merge.changed, merge.unchanged) == (0, 1)
    told.refresh_from_db()
    assert told.state == "corrected"


def test_the_daily_work_waits_for_a_delivery_of_decisions_before_it_holds_anything() -> None:
    with transaction.atomic():
        me, rented = managed_no_more("31/08/2026")
    told, holding = Declaration.objects.get(), Event()

    def deliver() -> object:
        with transaction.atomic():
            assert CampaignCount.objects.select_for_update().get(landlord=me.landlord, year=YEAR)
            holding.set()
            sleep(1)
            return Declaration.objects.select_for_update(nowait=True).get(effect_on=date(2026, 8, 31))

    def end() -> object:
        assert holding.wait(20)
        return endings.end_due(by=WORKER, at=on(date(2026, 8, 31)))

    assert set(together([deliver, end])) == {told, 1}
    rented.refresh_from_db()
    assert rented.end_on == date(2026, 8, 31)
