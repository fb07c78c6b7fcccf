"""« Vérifier un accusé » of many rents: how many were corrected since, by which receipts, nobody named."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parvis.declarations.models import Receipt
from parvis.declarations.selectors.receipts import receipt_of
from parvis.declarations.selectors.receipts.verified import Corrected, verify
from parvis.declarations.services import bundles, correction
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let
from tests.declarations.bundles.test_bundles import sent as bundle_sent
from tests.declarations.kinds.test_kinds import LEFT
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner
from tests.web.landlord.july import five

pytestmark = pytest.mark.django_db


def many() -> tuple[Owner, list[Tenancy], Receipt]:
    me, homes = five()
    for home in homes:
        typed(me, home, "525")
    (receipt,) = made.sent(me)
    return me, homes, receipt


def corrected(me: Owner, home: Tenancy, amount: str, *, days: int = 1) -> Receipt:
    at = NOW + timedelta(days=days)
    return correction.correct(me.actor, home.reference, year=YEAR, typed=amount, submission_key=uuid4(), at=at)


def found(me: Owner, receipt: Receipt) -> Corrected:
    told = verify(receipt.number, receipt_of(me.actor, receipt.number).code)
    assert told is not None
    return told.corrected


def page(me: Owner, receipt: Receipt) -> str:
    typed_in = {"numero": receipt.number, "code": receipt_of(me.actor, receipt.number).code}
    answer = Client().post(reverse("verify-receipt"), typed_in)
    return answer.content.decode().replace("\u00a0", " ")


def test_nothing_is_said_of_a_receipt_nobody_corrected() -> None:
    me, _, receipt = many()
    assert found(me, receipt) == Corrected()
    assert "depuis, par" not in page(me, receipt)


def test_rents_corrected_since_are_counted_with_the_receipts_that_did_it() -> None:
    me, homes, receipt = many()
    one = corrected(me, homes[0], "526")
    assert f"1 loyer corrigé depuis, par l’accusé {one.number} du 22/07/2026." in page(me, receipt)
    two = corrected(me, homes[1], "527", days=2)
    told = page(me, receipt)
    assert f"2 loyers corrigés depuis, par les accusés {one.number} du 22/07/2026, {two.number} du 23/07/2026." in told
    assert homes[0].last_name not in told
    assert "Remplacé par" not in told
    assert f"Remplacé par l’accusé {two.number}" not in page(me, one)


def test_a_rent_corrected_twice_is_one_and_many_receipts_are_counted() -> None:
    me, homes, receipt = many()
    first = corrected(me, homes[0], "526")
    corrected(me, homes[0], "527", days=2)
    assert found(me, receipt) == Corrected(1, ((first.number, first.at),))
    for day, home in enumerate(homes[1:], start=3):
        corrected(me, home, "526", days=day)
    told = found(me, receipt)
    assert (told.many, len(told.by), told.others) == (5, 3, 2)
    assert "et 2 autres." in page(me, receipt)


def test_of_declarations_it_says_declarations() -> None:
    me, rented = let()
    chosen(me, rented, "move_out", "arrears")
    answered(me, rented, "move_out", LEFT)
    answered(me, rented, "arrears", OWED)
    receipt = bundle_sent(me, rented)
    bundles.ask_correction(me.actor, receipt.declarations.get(kind="move_out").opaque, at=NOW)
    answered(me, rented, "move_out", {**LEFT, "keys_on": "11/07/2026"})
    assert found(me, receipt) == Corrected(), "a correction that is not sent corrects nothing"
    newer = bundle_sent(me, rented)
    assert f"1 déclaration corrigée depuis, par l’accusé {newer.number} du 21/07/2026." in page(me, receipt)
