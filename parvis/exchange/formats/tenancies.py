"""tenancies.csv: the leases the office knows."""

from __future__ import annotations

from parvis.exchange.formats.columns import Column, cents, choice, day, digits, flag, text, whole
from parvis.exchange.formats.format import Absence, Circumstances, Format, FullFile
from parvis.exchange.formats.offices import CAF_CODE
from parvis.kit.merging import Merged
from parvis.tenancies.services import feeds_absences, feeds_tenancies

CLAIMANT_NUMBER = digits("claimant_number", 7, "un numéro d’allocataire")
TENANCY_REF = text("tenancy_ref", 20, required=True)
TIERS_NUMBER = digits("tiers_number", 7, "un numéro tiers")

# « landlord 4410004010 »: codes and numbers have fixed widths, so that the index finds the one waited for.
LANDLORD_ARRIVED = (
    "(w.waits_for LIKE 'landlord %' AND EXISTS (SELECT 1 FROM landlords_thirdpartynumber n"
    " WHERE n.office_id = substr(w.waits_for, 10, 3) AND n.number = substr(w.waits_for, 13)))"
)


def address(*, third_line: bool = False) -> tuple[Column, ...]:
    """The columns of a postal address."""
    third = (text("address_3", 60),) if third_line else ()
    return (
        text("address_1", 60, required=True),
        text("address_2", 60),
        *third,
        text("postcode", 10, required=True),
        text("city", 60, required=True),
    )


def _merge(lines: str, apart: str, _circumstances: Circumstances) -> Merged:
    return feeds_tenancies.merge_tenancies(lines, apart)


def _note(lines: str) -> list[Absence]:
    return [Absence(*counted) for counted in feeds_absences.note_absent_tenancies(lines)]


TENANCIES = Format(
    kind="tenancies",
    title="locataires",
    columns=(
        CAF_CODE,
        CLAIMANT_NUMBER,
        TENANCY_REF,
        TIERS_NUMBER,
        text("title", 10),
        text("last_name", 80, required=True),
        text("first_name", 80),
        *address(),
        choice("aid_type", "APL", "ALF", "ALS"),
        flag("state_agreement"),
        day("start_on", required=True),
        day("end_on"),
        flag("furnished"),
        choice("decency", "decent", "non_decent", "unknown"),
        whole("floor_area_m2", 1, 9999, "une surface en m²"),
        whole("lease_holders", 1, 99, "un nombre de titulaires du bail"),
        cents("rent_cents"),
        cents("charges_cents"),
        flag("direct_payment"),
        day("aid_from"),
        digits("former_claimant_number", 7, "un numéro d’allocataire", required=False),
    ),
    key=("caf_code", "claimant_number", "tenancy_ref"),
    merge=_merge,
    arrived=LANDLORD_ARRIVED,
    full=FullFile("locataires", _note, feeds_absences.end_absent_tenancies),
    tables=("tenancies_tenancy",),
    differing=feeds_tenancies.differing,
)
