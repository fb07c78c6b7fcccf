"""Questions about landlords."""

from __future__ import annotations

from parvis.landlords.selectors.choice import AccountLine, AccountsPage, accounts_of
from parvis.landlords.selectors.landlords import has_rights_given, landlord_name_of, landlord_names, names_known
from parvis.landlords.selectors.offices import OfficeContact, OfficeDelay, delays_of, offices, offices_for
from parvis.landlords.selectors.postcodes import department_of
from parvis.landlords.selectors.standing import Standing, standing_of

__all__ = [
    "AccountLine",
    "AccountsPage",
    "OfficeContact",
    "OfficeDelay",
    "Standing",
    "accounts_of",
    "delays_of",
    "department_of",
    "has_rights_given",
    "landlord_name_of",
    "landlord_names",
    "names_known",
    "offices",
    "offices_for",
    "standing_of",
]
