"""A tenancy that a delivery gives to another landlord."""

from __future__ import annotations

import pytest

from parvis.declarations import workflow
from parvis.declarations.models import Bundle, Declaration
from parvis.declarations.services import bundles
from parvis.tenancies.models import Tenancy
from tests.exchange.inbox import LANDLORD, TENANCY, Inbox
from tests.factories.declarations import NOW
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db


def test_what_its_former_landlord_had_begun_to_declare_is_given_up(furnished: Inbox) -> None:
    furnished.take(2, {"tenancies": [TENANCY]})
    rented = Tenancy.objects.get()
    former = owner(rented.landlord)
    bundles.choose(former.actor, rented.reference, ["move_out"], year=None, at=NOW)
    bundles.answer(former.actor, rented.reference, "move_out", {}, year=None, at=NOW)
    buyer = LANDLORD | {"tiers_number": "0009999", "user_number": "44100099990A01", "nir": ""}
    furnished.take(3, {"landlords": [buyer], "tenancies": [TENANCY | {"tiers_number": "0009999"}]})
    rented.refresh_from_db()
    assert rented.landlord_id != former.landlord.pk
    assert Declaration.objects.get().state == workflow.ABANDONED
    assert not Bundle.objects.exists()
