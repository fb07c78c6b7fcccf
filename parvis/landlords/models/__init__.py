"""Tables of landlords: who they are, where the office knows them, who may act for them."""

from __future__ import annotations

from parvis.landlords.models.landlords import Landlord, LandlordChannel, Office, ProcessingTime, ThirdPartyNumber
from parvis.landlords.models.users import (
    AdministratorReplacement,
    AfterHandOver,
    Habilitation,
    HandOver,
    Invitation,
    Membership,
    ReplacementState,
    RightRequest,
)

__all__ = [
    "AdministratorReplacement",
    "AfterHandOver",
    "Habilitation",
    "HandOver",
    "Invitation",
    "Landlord",
    "LandlordChannel",
    "Membership",
    "Office",
    "ProcessingTime",
    "ReplacementState",
    "RightRequest",
    "ThirdPartyNumber",
]
