"""What the office knows: tenancies, their July rents, the payments of aid."""

from __future__ import annotations

from parvis.tenancies.models.payments import Payment, PaymentKind, Transfer, TransferChange
from parvis.tenancies.models.tenancies import (
    BUILDING,
    AidType,
    Decency,
    FileLook,
    JulyRent,
    PortfolioCount,
    PortfolioOfficeCount,
    RandomReference,
    RentSource,
    Tenancy,
    shown_aid,
)

__all__ = [
    "BUILDING",
    "AidType",
    "Decency",
    "FileLook",
    "JulyRent",
    "Payment",
    "PaymentKind",
    "PortfolioCount",
    "PortfolioOfficeCount",
    "RandomReference",
    "RentSource",
    "Tenancy",
    "Transfer",
    "TransferChange",
    "shown_aid",
]
