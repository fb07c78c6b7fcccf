"""Two months of payments to one landlord."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.kit.actors import Actor, ActorKind, Right
from parvis.tenancies.models import Tenancy
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
TODAY = date(2026, 8, 21)


def seen(me: Owner, *, offices: frozenset[str] = frozenset(), right: Right = Right.PAYMENTS) -> Actor:
    account, rights = me.account, frozenset({right})
    return Actor(ActorKind.PARTNER, "test", account.pk, me.landlord.pk, rights, offices=offices)


@pytest.fixture
def me(db: None) -> Owner:
    return owner()


@pytest.fixture
def two_months(me: Owner) -> dict[str, Tenancy]:
    """Paid in July for June: stays, moves (revised), stopped. Paid in August for July: stays, moves, new, and a recovery."""
    made = {name: tenancy(me.landlord, last_name=name.capitalize()) for name in ("stays", "moves", "stopped", "new")}
    for name in ("stays", "moves", "stopped"):
        payment(made[name], JUNE, 20_000)
    payment(made["stays"], JULY, 20_000)
    payment(made["moves"], JULY, 15_000, reason_code="quarterly_review")
    payment(made["new"], JULY, 23_600)
    payment(made["new"], JUNE, 1_000, kind="back_payment", paid_on=date(2026, 8, 5))
    payment(
        made["stays"], date(2026, 3, 1), -11_100, kind="recovery", paid_on=date(2026, 8, 5), reason_code="overpayment"
    )
    return made
