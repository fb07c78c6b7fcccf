"""Why the office did not take a declared rent: what a landlord may be told, and what is left to do."""

from __future__ import annotations

REASONS = {
    "tenant_unknown": "La caisse ne retrouve pas ce locataire à cette adresse. Vérifiez-le, puis déclarez à nouveau.",
    "amount_inconsistent": "Le montant ne correspond pas à ce que la caisse connaît. Vérifiez-le, puis déclarez à nouveau.",
    "period_closed": "Ce loyer est arrivé trop tard pour être calculé. Contactez la caisse.",
    "duplicate": "La caisse a déjà reçu un loyer pour ce mois. Contactez-la s’il est faux.",
}
"""By the ``reason_code`` of outcomes.csv. An unknown code gives the general sentence rather than a wrong one."""
GENERAL = "La caisse n’a pas pu le prendre en compte. Vérifiez-le, puis déclarez à nouveau."


def rejection_sentence(code: str) -> str:
    """Why a rent was refused, in the landlord's words."""
    return REASONS.get(code, GENERAL)
