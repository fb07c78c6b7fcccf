"""july_rents.csv: the July rents the office holds."""

from __future__ import annotations

from parvis.exchange.formats.columns import cents, choice, whole
from parvis.exchange.formats.format import Circumstances, Format, RowCheck
from parvis.exchange.formats.offices import CAF_CODE
from parvis.exchange.formats.tenancies import CLAIMANT_NUMBER, TENANCY_REF
from parvis.kit.merging import Merged
from parvis.tenancies.services import feeds_july_rents

# « tenancy 441/1593739/L0001 »
TENANCY_ARRIVED = (
    "(w.waits_for LIKE 'tenancy %' AND EXISTS (SELECT 1 FROM tenancies_tenancy t WHERE t.caf_code = substr(w.waits_for, 9, 3)"
    " AND t.claimant_number = substr(w.waits_for, 13, 7) AND t.tenancy_ref = substr(w.waits_for, 21)))"
)


def _merge(lines: str, apart: str, _circumstances: Circumstances) -> Merged:
    return feeds_july_rents.merge_july_rents(lines, apart)


JULY_RENTS = Format(
    kind="july_rents",
    title="loyers de juillet",
    columns=(
        CAF_CODE,
        CLAIMANT_NUMBER,
        TENANCY_REF,
        whole("year", 1, 9999, "une année", required=True),
        cents("rent_cents", required=True),
        choice("source", "landlord", "tenant", "office", required=False),
    ),
    key=("caf_code", "claimant_number", "tenancy_ref", "year"),
    checks=(
        RowCheck(
            "year",
            "year::int BETWEEN 1990 AND 2099",
            "L’année doit être comprise entre 1990 et 2099 : corrigez-la.",
            certain={"year": "199[0-9]|20[0-9]{2}"},
        ),
    ),
    merge=_merge,
    arrived=TENANCY_ARRIVED,
    tables=("tenancies_julyrent",),
)
