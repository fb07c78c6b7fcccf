"""What a landlord wrote for themselves stays theirs when the tenancy goes to another."""

from __future__ import annotations

import pytest

from parvis.tenancies.models import Tenancy
from tests.exchange.inbox import COMPANY, TENANCY, Inbox
from tests.exchange.merges.test_landlords import OTHER_SIRET

pytestmark = pytest.mark.django_db


def test_the_next_landlord_does_not_read_the_reference_of_the_former_one(furnished: Inbox) -> None:
    Tenancy.objects.update(own_reference="Lot 12")
    furnished.take(2, {"tenancies": [TENANCY | {"city": "NANTES"}]})
    assert Tenancy.objects.get().own_reference == "Lot 12"
    buyer = COMPANY | {"tiers_number": "0000009", "user_number": "44100000000099", "siret": OTHER_SIRET}
    furnished.take(3, {"landlords": [buyer], "tenancies": [TENANCY | {"tiers_number": "0000009"}]})
    tenancy = Tenancy.objects.get()
    assert tenancy.landlord is not None
    assert tenancy.landlord.siret == OTHER_SIRET
    assert tenancy.own_reference == ""
