"""processing_times.csv: how long each office takes, as last measured."""

from __future__ import annotations

from parvis.exchange.formats.columns import day, text, whole
from parvis.exchange.formats.format import Circumstances, Format, RowCheck
from parvis.exchange.formats.offices import CAF_CODE, OFFICE_ARRIVED
from parvis.kit.merging import Merged
from parvis.landlords.services.offices import feeds as feeds_offices


def _merge(lines: str, apart: str, _circumstances: Circumstances) -> Merged:
    return feeds_offices.merge_processing_times(lines, apart)


PROCESSING_TIMES = Format(
    kind="processing_times",
    title="délais de traitement",
    columns=(
        CAF_CODE,
        text("topic", 40, required=True),
        whole("min_weeks", 0, 999, "un nombre de semaines", required=True),
        whole("max_weeks", 0, 999, "un nombre de semaines", required=True),
        day("measured_on", required=True),
    ),
    key=("caf_code", "topic"),
    checks=(
        RowCheck(
            "max_weeks",
            "min_weeks::int <= max_weeks::int",
            "Le délai le plus long est inférieur au plus court : inversez min_weeks et max_weeks, ou corrigez-les.",
        ),
    ),
    merge=_merge,
    arrived=OFFICE_ARRIVED,
)
