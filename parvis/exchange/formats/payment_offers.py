"""payment_offers.csv: the office offers to pay an aid to the landlord. Two months to answer (CCH R.824-20); silence is a refusal."""

from __future__ import annotations

from parvis.changes.services import offers
from parvis.exchange.formats.columns import day
from parvis.exchange.formats.format import Circumstances, Format
from parvis.exchange.formats.july_rents import TENANCY_ARRIVED
from parvis.exchange.formats.offices import CAF_CODE
from parvis.exchange.formats.tenancies import CLAIMANT_NUMBER, TENANCY_REF
from parvis.kit.merging import Merged


def _merge(lines: str, apart: str, circumstances: Circumstances) -> Merged:
    return offers.merge_offers(lines, apart, by=circumstances.by, at=circumstances.at)


PAYMENT_OFFERS = Format(
    kind="payment_offers",
    title="propositions de versement direct",
    columns=(CAF_CODE, CLAIMANT_NUMBER, TENANCY_REF, day("offered_on", required=True)),
    key=("caf_code", "claimant_number", "tenancy_ref"),
    merge=_merge,
    arrived=TENANCY_ARRIVED,
)
