"""Who sends what changed meanwhile is told of a receipt only if it acknowledges the very rents they were shown."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.refusals import BundleChanged, JustSent, RentsChanged
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.services import bundles, exchange, submission
from parvis.kit.actors import system
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)
OFFICE = system("exchange")


def rented(me: Owner, name: str) -> Tenancy:
    of = tenancy(me.landlord, last_name=name)
    july_rent(of, YEAR - 1, 52_400)
    return of


def refused_and_typed_again() -> tuple[Owner, Tenancy]:
    me = owner()
    of = rented(me, "Abadie")
    made.campaign()
    typed(me, of, "525")
    made.sent(me)
    refuse()
    typed(me, of, "525", at=LATER)
    return me, of


def refuse() -> None:
    """The office refuses the one rent it was sent."""
    sent = Declaration.objects.get()
    exchange.mark_sent([sent.pk], by=OFFICE, at=NOW + timedelta(days=1))
    at = NOW + timedelta(days=3)
    exchange.record_outcomes(made.stage_outcomes((str(sent.reference), "rejected", "x", at)), by=OFFICE, at=at)


def test_the_receipt_of_a_rent_refused_since_explains_nothing() -> None:
    me, of = refused_and_typed_again()
    shown = ready_to_submit(me.actor, YEAR).fingerprint
    typed(me, of, "530", at=LATER + timedelta(minutes=1))
    with pytest.raises(RentsChanged):
        submission.submit_ready(me.actor, YEAR, submission_key=uuid4(), expected=shown, at=LATER + timedelta(minutes=2))
    assert made.state_of(of) == "drafted"


def of_bundle(me: Owner, of: Tenancy) -> str:
    return bundle_of(me.actor, of.reference, year=YEAR, at=LATER).fingerprint


def send(me: Owner, of: Tenancy, expected: str) -> Receipt:
    return bundles.send(me.actor, of.reference, submission_key=uuid4(), expected=expected, year=YEAR, at=LATER)


def test_nor_does_it_from_the_sheet_of_the_tenant() -> None:
    me = owner()
    of = rented(me, "Abadie")
    made.campaign()
    typed(me, of, "525")
    bundles.choose(me.actor, of.reference, ["july_rent"], year=YEAR, at=NOW)
    shown = of_bundle(me, of)
    send(me, of, shown)
    refuse()
    typed(me, of, "530", at=LATER)
    bundles.choose(me.actor, of.reference, ["july_rent"], year=YEAR, at=LATER)
    with pytest.raises(BundleChanged):
        send(me, of, shown)


def test_the_same_amount_of_another_tenant_is_another_rent() -> None:
    me = owner()
    both = [rented(me, name) for name in ("Abadie", "Benali")]
    made.campaign()
    for of in both:
        typed(me, of, "525")
        bundles.choose(me.actor, of.reference, ["july_rent"], year=YEAR, at=NOW)
    first, second = (of_bundle(me, of) for of in both)
    assert first != second
    receipt = send(me, both[0], first)
    with pytest.raises(JustSent) as told:
        send(me, both[0], first)
    assert told.value.number == receipt.number
    typed(me, both[1], "530", at=LATER)
    with pytest.raises(BundleChanged):
        send(me, both[1], second)
