"""Sentences of the pages of payments; French, as the person reads them."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.kit.money import euros, signed_euros
from parvis.kit.periods import day_and_month, month
from parvis.tenancies.rules import MonthFigures
from parvis.tenancies.selectors.payments.changes import ChangeCount
from parvis.tenancies.selectors.payments.coming import NextPayment

PAY_DAYS = {False: "Aides du début de mois", True: "Apl, vers le 25"}
"""By whether a transfer comes late in its month."""

KINDS = {
    "new": ("nouveau locataire", "nouveaux locataires"),
    "resumed": ("versement repris", "versements repris"),
    "revised": ("montant révisé", "montants révisés"),
    "stopped": ("versement arrêté", "versements arrêtés"),
    "late": ("versement décalé", "versements décalés"),
    "back_payment": ("rappel", "rappels"),
    "recovery": ("retenue", "retenues"),
}
NAMED = {
    "nouveaux": "new",
    "repris": "resumed",
    "revises": "revised",
    "arretes": "stopped",
    "decales": "late",
    "rappels": "back_payment",
    "retenues": "recovery",
}
"""The kinds of changes as addresses name them."""
WHOLES = {"revised": "les aides", "back_payment": "les rappels", "recovery": "les retenues"}
"""Where tenancies are not counted."""


def change_words(item: ChangeCount) -> str:
    """``2 montants révisés, −44,00 €``."""
    counted = item.tenancies or 0
    named = f"{counted}\u00a0{KINDS[item.kind][counted > 1]}"
    what = WHOLES.get(item.kind, "") if item.tenancies is None else named
    return f"{what}\u00a0: {signed_euros(item.cents)}"


def next_words(item: NextPayment) -> str:
    """What the next payment is told from."""
    if item.is_announced:
        return "Annoncé par votre caisse. Votre banque peut ajouter quelques jours."
    told = f"D’après le versement du {day_and_month(item.told_from)}"
    if item.is_rough:
        return f"{told}, tel quel. Les retenues n’en sont pas déduites."
    many = (
        "des locataires toujours en place et payés directement"
        if item.tenancies > 1
        else "du locataire toujours en place"
    )
    return f"{told}, pour {item.tenancies}\u00a0locataire{'s' if item.tenancies > 1 else ''}\u00a0: l’aide {many}."


def withheld_words(item: NextPayment) -> str:
    """What may make the next payment lower than said; empty if nothing is known to."""
    if not item.withheld_up_to_cents:
        return ""
    by = euros(item.withheld_up_to_cents)
    return f"Une retenue est en cours\u00a0: le versement peut être plus bas de {by} au plus."


def aid_sentence(figures: Sequence[MonthFigures]) -> str:
    """What the drawing says where rents are not shown."""
    paid = [item.aid_cents for item in figures if item.aid_cents]
    if not paid:
        return "Aucune aide versée."
    span = f"{month(figures[0].month)} à {month(figures[-1].month)}"
    return f"Aide versée, de {span}\u00a0: de {euros(min(paid))} à {euros(max(paid))} par mois."


def file_name(*parts: str) -> str:
    """A name of file without surprises."""
    return "-".join(
        "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in part) for part in parts if part
    )
