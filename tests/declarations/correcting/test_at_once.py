"""Two colleagues correct the same rent at the same moment: one correction leaves, and the other person is told."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.refusals import CorrectedMeanwhile
from parvis.declarations.services import correction, exchange
from tests.declarations.test_concurrency import together
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Les charges étaient comprises."


@pytest.mark.parametrize("taken_in", [True, False])
def test_one_correction_one_receipt_and_the_second_is_told(taken_in: bool) -> None:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, YEAR - 1, 52_400)
    made.campaign()
    typed(me, of, "525")
    (receipt,) = made.sent(me)
    if taken_in:
        declaration = Declaration.objects.get()
        exchange.mark_sent([declaration.pk], by=CLOCK, at=NOW)
        outcome = (declaration.reference or "", "integrated", "", NOW)
        with transaction.atomic():
            exchange.record_outcomes(made.stage_outcomes(outcome), by=CLOCK, at=NOW)
    colleagues = [me, owner(me.landlord)]

    def ask(who: Owner, text: str) -> Receipt:
        return correction.correct(
            who.actor, of.reference, year=YEAR, typed=text, reason=WHY, seen=receipt.number, submission_key=uuid4(),
            at=NOW,
        )  # fmt: skip

    results = together([lambda: ask(colleagues[0], "520"), lambda: ask(colleagues[1], "519")])
    (done,) = [result for result in results if isinstance(result, Receipt)]
    (told,) = [result for result in results if isinstance(result, CorrectedMeanwhile)]
    assert done.number in told.sentence
    assert ("correction de ce loyer vient d’être demandée" in told.sentence) is taken_in
    assert ("Ce loyer vient d’être corrigé" in told.sentence) is not taken_in
    assert sorted(Receipt.objects.values_list("number", flat=True)) == sorted([receipt.number, done.number])
    former, new = Declaration.objects.order_by("pk")
    assert (former.state, new.state) == ("integrated" if taken_in else "corrected", "submitted")
    assert (new.corrects, new.revises, new.receipt) == (former, taken_in, done)
    assert made.counts_are_true()
