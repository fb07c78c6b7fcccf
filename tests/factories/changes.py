"""Changes asked, at every moment of their life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from parvis.changes.models import ChangeRequest
from parvis.changes.rules import Address
from parvis.changes.services import information
from tests.factories.landlords import Owner

NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)
HOME = Address("3 place du Bouffay", "", "", "44000", "NANTES")
IBAN = "FR7630006000011234567890189"
ANOTHER = "FR1420041010050500013M02606"
BELGIAN = "BE68539007547034"


def address_asked(
    who: Owner,
    *,
    at: datetime = NOW,
    key: UUID | None = None,
    everywhere: bool = False,
    street: str = HOME.address_1,
    from_day: date | None = None,
) -> list[ChangeRequest]:
    """A new address, asked as the page does."""
    return information.change_address(
        replace(HOME, address_1=street),
        from_day or at.date(),
        everywhere=everywhere,
        key=key or uuid4(),
        by=who.actor,
        at=at,
    )
