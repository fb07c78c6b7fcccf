"""offices.csv: the offices themselves."""

from __future__ import annotations

from parvis.exchange.formats.columns import digits, email, text
from parvis.exchange.formats.format import Circumstances, Format
from parvis.kit.merging import Merged
from parvis.landlords.services.offices import feeds as feeds_offices

CAF_CODE = digits("caf_code", 3, "un code de caisse")

OFFICE_ARRIVED = "EXISTS (SELECT 1 FROM landlords_office o WHERE w.waits_for = 'office ' || o.caf_code)"


def _merge(lines: str, _apart: str, _circumstances: Circumstances) -> Merged:
    return feeds_offices.merge_offices(lines)


OFFICES = Format(
    kind="offices",
    title="caisses",
    columns=(
        CAF_CODE,
        text("name", 80, required=True),
        text(
            "departments",
            60,
            required=True,
            pattern="[0-9][0-9AB][0-9]?( [0-9][0-9AB][0-9]?)*",
            expected="n’est pas une liste de départements : écrivez leurs numéros séparés par un blanc, par exemple 2A 2B.",
        ),
        text("address_1", 60),
        text("address_2", 60),
        text("postcode", 10),
        text("city", 60),
        email("email"),
        email("landlord_email"),
        text("phone", 20),
        text("website", 200),
    ),
    key=("caf_code",),
    merge=_merge,
)
