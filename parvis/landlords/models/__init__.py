"""Tables of landlords: who they are, where the office knows them, who may act for them."""

from __future__ import annotations

from parvis.landlords.models.landlords import (
    Landlord,
    LandlordChannel,
    Office,
    ProcessingTime,
    ThirdPartyNumber,
    iban_column,
    nir_column,
)
from parvis.landlords.models.supervision import (
    AdministratorConfirmation,
    RemovedAdministrator,
    RightsReview,
    SuspendedRight,
    UnusedWarning,
    WithdrawnDelegation,
)
from parvis.landlords.models.users import (
    AdministratorReplacement,
    AfterHandOver,
    AfterReplacement,
    Habilitation,
    HandOver,
    Invitation,
    Membership,
    ReplacementPaper,
    ReplacementState,
    RightRequest,
)

__all__ = [
    "AdministratorConfirmation",
    "AdministratorReplacement",
    "AfterHandOver",
    "AfterReplacement",
    "Habilitation",
    "HandOver",
    "Invitation",
    "Landlord",
    "LandlordChannel",
    "Membership",
    "Office",
    "ProcessingTime",
    "RemovedAdministrator",
    "ReplacementPaper",
    "ReplacementState",
    "RightRequest",
    "RightsReview",
    "SuspendedRight",
    "ThirdPartyNumber",
    "UnusedWarning",
    "WithdrawnDelegation",
    "iban_column",
    "nir_column",
]
