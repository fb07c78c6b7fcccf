"""Why the office did not take a declaration: what a landlord may be told, and what is left to do. And what a landlord
confirmed although it looked unusual."""

from __future__ import annotations

from collections.abc import Sequence

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


CONFIRMED = {
    "zero": "un loyer à 0\u00a0€",
    "ten_times_more": "un montant dix fois plus haut que le loyer connu",
    "hundred_times_more": "un montant cent fois plus haut que le loyer connu",
    "ten_times_less": "un montant dix fois plus bas que le loyer connu",
    "hundred_times_less": "un montant cent fois plus bas que le loyer connu",
    "twelve_times": "un montant de douze fois le loyer connu",
    "aid_deducted": "un montant plus bas que le loyer connu",
    "charges_included": "un montant qui semble comprendre les charges",
    "whole_rent": "un montant proche du loyer de tout le logement",
    "share_or_whole": "un montant qui est la part de ce locataire",
    "increase_above_index": "une forte hausse depuis juillet précédent",
    "decrease": "une forte baisse depuis juillet précédent",
    "very_low": "un loyer symbolique",
    "very_high": "un loyer très élevé",
    "previous_july_unknown": "le loyer de juillet précédent n’est pas connu",
    "months_differ": "une somme due qui n’est pas celle du tableau",
    "since_differs": "une date du premier impayé qui n’est pas celle du tableau",
    "aid_exceeds_rent": "une dette dont le seuil n’a pas pu être calculé",
    "below_threshold": "une dette sous le seuil de l’impayé",
    "monthly_above_debt": "un remboursement par mois au-dessus de la dette",
    "number_unexpected": "un nombre de titulaires inattendu",
    "whole_or_share": "un montant qui est la part de ce locataire",
    "long_ago": "une date ancienne",
    "late": "une date signalée tard",
}
"""By the code of the warning. Of the aid they say nothing: who reads a receipt may not see payments."""
UNUSUAL = "une réponse inhabituelle"


def confirmed_words(codes: Sequence[str]) -> str:
    """What was confirmed, in the order of the warnings."""
    return ", ".join(dict.fromkeys(CONFIRMED.get(code, UNUSUAL) for code in codes))


def confirmation(codes: Sequence[str], reason: str) -> list[tuple[str, str]]:
    """What was unusual and is confirmed, and the reason given, as (words, value); nothing where nothing was."""
    if not codes:
        return []
    return [("Confirmé", confirmed_words(codes)), *([("Raison donnée", reason)] if reason else [])]
