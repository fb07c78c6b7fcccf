"""A receipt in the words of its page."""

from __future__ import annotations

from parvis.declarations.selectors.receipts import ReceiptSheet
from parvis.kit.periods import moment


def facts_of(sheet: ReceiptSheet) -> list[tuple[str, str]]:
    """Who received what from whom, when (CRPA R.112-11-1)."""
    contact = [*sheet.office_address]
    contact += [f"Tél.\u00a0{sheet.office_phone}"] if sheet.office_phone else []
    contact += [sheet.office_email] if sheet.office_email else []
    return [
        ("Reçu le", moment(sheet.at)),
        ("Transmis par", f"{sheet.person} ({sheet.login_id})" if sheet.login_id else sheet.person),
        ("Pour", sheet.landlord_name),
        ("N° d’utilisateur", sheet.user_number),
        ("Caisse", ", ".join([sheet.office_name, *contact])),
    ]
