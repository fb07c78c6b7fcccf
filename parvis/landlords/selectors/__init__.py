"""Questions about landlords."""

from __future__ import annotations

from parvis.landlords.selectors.choice import AccountLine, AccountsPage, accounts_of
from parvis.landlords.selectors.landlords import has_rights_given, names_known
from parvis.landlords.selectors.offices import OfficeContact, department_of, offices
from parvis.landlords.selectors.standing import Standing, standing_of

__all__ = [
    "AccountLine",
    "AccountsPage",
    "OfficeContact",
    "Standing",
    "accounts_of",
    "department_of",
    "has_rights_given",
    "names_known",
    "offices",
    "standing_of",
]
