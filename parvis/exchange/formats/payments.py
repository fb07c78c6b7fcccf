"""payments.csv: each line of each transfer to a landlord."""

from __future__ import annotations

from parvis.exchange.formats.columns import cents, choice, day, month, text
from parvis.exchange.formats.format import Circumstances, Format, RowCheck
from parvis.exchange.formats.july_rents import TENANCY_ARRIVED
from parvis.exchange.formats.offices import CAF_CODE
from parvis.exchange.formats.tenancies import CLAIMANT_NUMBER, LANDLORD_ARRIVED, TENANCY_REF, TIERS_NUMBER
from parvis.kit.merging import Merged
from parvis.tenancies.services import feeds_payments


def _merge(lines: str, apart: str, _circumstances: Circumstances) -> Merged:
    return feeds_payments.merge_payments(lines, apart)


PAYMENTS = Format(
    kind="payments",
    title="paiements",
    columns=(
        text("payment_ref", 40, required=True),
        CAF_CODE,
        TIERS_NUMBER,
        CLAIMANT_NUMBER,
        TENANCY_REF,
        month("month"),
        choice("kind", "aid", "back_payment", "recovery"),
        cents("amount_cents", required=True, signed=True),
        day("paid_on", required=True),
        text("transfer_ref", 40, required=True),
        text("reason_code", 40),
        cents("remaining_cents"),
        text(
            "account_last4",
            4,
            pattern="[0-9A-Z]{4}",
            expected="n’est pas la fin d’un IBAN\u00a0: écrivez ses 4 derniers caractères, sans le reste.",
            hushed=True,
        ),
    ),
    key=("payment_ref",),
    checks=(
        RowCheck(
            "amount_cents",
            "(kind = 'recovery') = (left(amount_cents, 1) = '-')",
            "Le signe ne va pas avec la nature : une retenue (recovery) est négative, une aide ou un rappel ne l’est pas.",
            certain={"kind": "aid|back_payment", "amount_cents": "[0-9]{1,8}"},
        ),
    ),
    merge=_merge,
    arrived=f"({TENANCY_ARRIVED} OR {LANDLORD_ARRIVED})",
    tables=("tenancies_payment",),
    differing=feeds_payments.differing,
)
