"""July rents to declare across the accounts of one credential: how many in each, and which (performance.md, P5)."""

from parvis.declarations.selectors.across.declaring import (
    DeclaringAccount,
    Hindrance,
    accounts_declaring,
    offices_declaring,
    why_not_declaring,
)
from parvis.declarations.selectors.across.owing import (
    Among,
    OwingAccount,
    OwingPage,
    Remaining,
    accounts_owing,
    has_unsent_rents,
    owing_page,
    remaining_by_account,
)
from parvis.declarations.selectors.across.rents import (
    Edge,
    RentPage,
    RentRow,
    receipts_of_sending,
    rents_owed,
    rents_ready,
)

__all__ = [
    "Among",
    "DeclaringAccount",
    "Edge",
    "Hindrance",
    "OwingAccount",
    "OwingPage",
    "Remaining",
    "RentPage",
    "RentRow",
    "accounts_declaring",
    "accounts_owing",
    "has_unsent_rents",
    "offices_declaring",
    "owing_page",
    "receipts_of_sending",
    "remaining_by_account",
    "rents_owed",
    "rents_ready",
    "why_not_declaring",
]
