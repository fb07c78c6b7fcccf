"""Questions about declarations and campaigns."""

from parvis.declarations.selectors.across import (
    Among,
    Edge,
    OwingAccount,
    OwingPage,
    Remaining,
    RentPage,
    RentRow,
    accounts_owing,
    has_unsent_rents,
    owing_page,
    remaining_by_account,
    rents_owed,
)
from parvis.declarations.selectors.campaign import CampaignCard, campaign_card
from parvis.declarations.selectors.grid import GridPage, GridRow, grid_rows
from parvis.declarations.selectors.ready import Ready, ready_to_submit
from parvis.declarations.selectors.receipts import ReceiptLine, ReceiptSheet, receipt_of, receipts_of

__all__ = [
    "Among",
    "CampaignCard",
    "Edge",
    "GridPage",
    "GridRow",
    "OwingAccount",
    "OwingPage",
    "Ready",
    "ReceiptLine",
    "ReceiptSheet",
    "Remaining",
    "RentPage",
    "RentRow",
    "accounts_owing",
    "campaign_card",
    "grid_rows",
    "has_unsent_rents",
    "owing_page",
    "ready_to_submit",
    "receipt_of",
    "receipts_of",
    "remaining_by_account",
    "rents_owed",
]
