"""Payments as the lines of a file."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.sheets import writing
from parvis.tenancies.reasons import UNKNOWN, Surroundings, explained
from parvis.tenancies.selectors.payments.statement import StatementLine
from parvis.tenancies.selectors.payments.transfers import TransferLine

MOST = {"xlsx": 50_000, "pdf": 3_000}
"""Lines of one file; a text has no limit."""
TOO_LONG = "Cette liste est trop longue pour ce format. Téléchargez-la au format CSV."
STATEMENT_COLUMNS = (
    "Locataire", "N° allocataire", "Votre référence", "Mois de droit", "Aide", "Rappel", "Retenue", "Versé", "Pourquoi",
    "À faire", "Versé le", "Référence du virement", "Compte crédité",
)  # fmt: skip


def reason_cells(codes: Iterable[str], around: Surroundings = UNKNOWN) -> tuple[str, str]:
    """Why, and what to do."""
    told = explained(codes, around)
    return " ".join(item.sentence for item in told), " ".join(item.action for item in told if item.action)


def amount_cells(*cents: int) -> list[writing.Cell]:
    """Amounts in euros; what is not there is an empty cell, except the last, which is their total."""
    return [*(part / 100 if part else None for part in cents[:-1]), cents[-1] / 100]


def account_words(last4: str) -> str:
    """A bank account as a file names it: never more than its last four signs; empty where nobody said which it was."""
    return f"•••• {last4}" if last4 else ""


def statement_row(line: StatementLine, transfer: TransferLine) -> tuple[writing.Cell, ...]:
    """One line of a statement, in euros."""
    amounts = (line.aid_cents, line.back_payment_cents, line.recovery_cents, line.total_cents)
    return (
        line.name,
        line.claimant_number,
        line.own_reference,
        f"{line.month:%m/%Y}",
        *amount_cells(*amounts),
        *reason_cells(line.reasons, line.around(transfer.paid_on)),
        f"{transfer.paid_on:%d/%m/%Y}",
        transfer.transfer_ref,
        account_words(transfer.account_last4),
    )
