"""Why the office did not take a declaration: what a landlord may be told, and what is left to do."""

from __future__ import annotations

from parvis.parameters import texts

REASONS = {
    "tenant_unknown": "La caisse ne retrouve pas ce locataire à cette adresse. Vérifiez-le, puis déclarez à nouveau.",
    "amount_inconsistent": "Le montant ne correspond pas à ce que la caisse connaît. Vérifiez-le, puis déclarez à nouveau.",
    "period_closed": "Ce loyer est arrivé trop tard pour être calculé. Contactez la caisse.",
    "date_inconsistent": "La date ne correspond pas à ce que la caisse connaît. Vérifiez-la, puis déclarez à nouveau.",
    "already_known": "La caisse le sait déjà. Vous n’avez rien à faire.",
    "paper_missing": "Il manque une pièce. Déclarez à nouveau en la joignant.",
    "not_constituted": "La somme due n’atteint pas encore le seuil de l’impayé. Vous pourrez déclarer plus tard.",
    "duplicate": "La caisse a déjà reçu cette déclaration. Contactez-la si elle est fausse.",
}
"""By the ``reason_code`` of outcomes.csv. An unknown code gives the general sentence rather than a wrong one."""
GENERAL = "La caisse n’a pas pu la prendre en compte. Vérifiez-la, puis déclarez à nouveau."


TEXTS = "declaration-reasons"
"""The family of these sentences, which the office may edit and add to."""


def rejection_sentence(code: str) -> str:
    """Why a declaration was refused, in the landlord's words."""
    written = texts.edited(TEXTS).get(code)
    return written["sentence"] if written else REASONS.get(code, GENERAL)


def known_reasons() -> dict[str, str]:
    """Every reason for a refusal with its sentence, those the office added among them."""
    added = {code: fields["sentence"] for code, fields in texts.edited(TEXTS).items()}
    return {**REASONS, **added}


FAMILY = texts.of_sentences(
    TEXTS, "Refus d’une déclaration", "Pourquoi la caisse ne l’a pas prise en compte, par code.", REASONS
)
