"""Questions about landlords."""

from __future__ import annotations

from parvis.landlords.selectors.choice import (
    AccountLine,
    AccountsPage,
    Choice,
    Which,
    accounts_of,
    choice_of,
    open_account_name,
)
from parvis.landlords.selectors.landlords import (
    has_rights_given,
    landlord_name_of,
    landlord_names,
    names_known,
    names_of_partners,
)
from parvis.landlords.selectors.offices import (
    OfficeContact,
    OfficeDelay,
    delays_of,
    names_of,
    offices,
    offices_for,
    renamed,
)
from parvis.landlords.selectors.postcodes import department_of
from parvis.landlords.selectors.standing import ClosedAccess, Standing, closed_access_of, standing_of

__all__ = [
    "AccountLine",
    "AccountsPage",
    "Choice",
    "ClosedAccess",
    "OfficeContact",
    "OfficeDelay",
    "Standing",
    "Which",
    "accounts_of",
    "choice_of",
    "closed_access_of",
    "delays_of",
    "department_of",
    "has_rights_given",
    "landlord_name_of",
    "landlord_names",
    "names_known",
    "names_of",
    "names_of_partners",
    "offices",
    "offices_for",
    "open_account_name",
    "renamed",
    "standing_of",
]
