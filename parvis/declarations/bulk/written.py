"""Judged lines as COPY reads them: text put together by hand, for a hundred thousand of them go through here. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable

from parvis.declarations.bulk.judging import READY, Judged

COLUMNS = """file_id, line, tenancy_id, shown, typed, previous_typed, is_formula, state, cents, fault,
  previous_cents, other_cents, warnings, confirmed, reason"""
_NOTHING_ELSE = "\t\\N\t\\N\t[]\t[]\t"
"""No other amount, no warning, nothing confirmed, no reason: what nearly every line says."""
_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def lines(file: int, judged: Iterable[Judged]) -> str:
    """The rows of a file, in the order of :data:`COLUMNS`."""
    return "".join(_row(file, one) for one in judged)


def _row(file: int, one: Judged) -> str:
    line = one.line
    begin = (
        f"{file}\t{line.number}\t{_number(one.tenancy_id)}\t{_text(line.shown)}\t{_text(line.typed)}\t"
        f"{_text(line.previous_typed)}\t{'t' if line.is_formula else 'f'}\t{one.state}\t{_number(one.cents)}\t{_text(one.fault)}"
    )
    if one.state == READY and one.other_cents is None and one.previous_cents is None and not one.warnings:
        return f"{begin}{_NOTHING_ELSE}\n"
    warnings, confirmed = (_text(json.dumps(list(codes))) for codes in (one.warnings, one.confirmed))
    return f"{begin}\t{_number(one.previous_cents)}\t{_number(one.other_cents)}\t{warnings}\t{confirmed}\t\n"


def _number(value: int | None) -> str:
    return "\\N" if value is None else str(value)


def _text(text: str) -> str:
    return text.translate(_SIGNS) if "\\" in text or not text.isprintable() else text
