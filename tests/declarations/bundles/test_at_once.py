"""Twenty tabs send the same bundle: one receipt, each declaration once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.refusals import JustSent
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.services import bundles
from tests.declarations.bundles.test_bundles import answered, chosen, let
from tests.declarations.kinds.test_kinds import LEFT
from tests.declarations.test_concurrency import AT_ONCE, together
from tests.factories.declarations import NOW, YEAR

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
