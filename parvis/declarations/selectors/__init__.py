"""Questions about declarations and campaigns."""

from parvis.declarations.selectors.campaign import CampaignCard, campaign_card
from parvis.declarations.selectors.grid import GridPage, GridRow, grid_rows
from parvis.declarations.selectors.ready import Ready, ready_to_submit
from parvis.declarations.selectors.receipts import ReceiptLine, ReceiptSheet, receipt_of, receipts_of

__all__ = [
    "CampaignCard",
    "GridPage",
    "GridRow",
    "Ready",
    "ReceiptLine",
    "ReceiptSheet",
    "campaign_card",
    "grid_rows",
    "ready_to_submit",
    "receipt_of",
    "receipts_of",
]
