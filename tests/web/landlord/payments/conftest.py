"""A landlord with two months of payments."""

from __future__ import annotations

import pytest

from parvis.tenancies.models import Tenancy
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy
from tests.web.landlord.payments.pages import BEFORE, LAST, PAID


@pytest.fixture
def me() -> Owner:
    return owner()


@pytest.fixture
def lina(me: Owner) -> Tenancy:
    """Paid for two months, the second with a revision and a recovery that reads like a formula."""
    lina = tenancy(me.landlord, last_name="=Moreau")
    payment(lina, BEFORE, 20_000, paid_on=LAST)
    payment(lina, LAST, 19_000, paid_on=PAID, reason_code="quarterly_review")
    payment(lina, BEFORE, -1_500, kind="recovery", paid_on=PAID, reason_code="overpayment")
    payment(tenancy(me.landlord, last_name="Petit"), LAST, 10_000, paid_on=PAID, reason_code="never_heard_of")
    return lina
