"""Conditions of direct payment: the July rent that is missing is one that can be declared."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest

from parvis.changes.selectors.direct_payment import TenancyLine
from parvis.declarations.services import campaigns
from parvis.kit.actors import system
from parvis.web.landlord.views.changes import conditions
from tests.factories.declarations import CLOCK
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
JULY_2 = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)


def _opened(year: int, opens_on: date) -> None:
    campaigns.open_campaign(
        year, opens_on=opens_on, deadline_on=date(year, 9, 30), suspension_on=date(year + 1, 1, 15), by=system("tests"),
        at=datetime(year, 6, 1, tzinfo=UTC),
    )  # fmt: skip


def _missing(me: Owner, reference: UUID, at: datetime) -> str:
    """What a tenancy lacks, in words."""
    line = cast(TenancyLine, SimpleNamespace(reference=reference))
    said = conditions.hints_of(me.actor, [line], at=at)[str(reference)].replace("\u00a0", " ")
    return said.partition("Il manque :")[2].partition(".")[0]


@pytest.mark.parametrize(
    ("opens_on", "missing"), [(date(2026, 7, 1), "2026"), (date(2026, 7, 20), "")], ids=["open", "not yet"]
)
def test_a_july_that_nobody_can_declare_yet_is_not_missing(opens_on: date, missing: str) -> None:
    me = owner()
    made = tenancy(me.landlord, direct_payment=False)
    july_rent(made, 2025, 52_000)
    _opened(2025, date(2025, 7, 1))
    _opened(2026, opens_on)
    campaigns.refresh_entries(by=CLOCK, at=JULY_2)
    said = _missing(me, made.reference, JULY_2)
    assert ("juillet 2026" in said) == bool(missing)
    assert "juillet 2025" not in said
