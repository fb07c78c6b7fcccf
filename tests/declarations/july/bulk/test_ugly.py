"""Every ugly table is read as its author meant it, or refused with the sentence that says what to do."""

from __future__ import annotations

import time

import pytest

from parvis.declarations.bulk import intake, report
from parvis.kit.refusals import Refusal
from parvis.sheets import reading
from parvis.sheets.refusals import Unreadable
from tests.declarations.july.bulk.test_path import three
from tests.declarations.july.bulk.ugly import TABLES, YEAR, Ugly, bomb, formulas, laughs
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner

pytestmark = pytest.mark.django_db


def refusal_of(me: Owner, content: bytes) -> str:
    """What is said of a table, whether it is refused or its column asked for."""
    try:
        file = intake.receive(me.actor, YEAR, name="x", content=content, at=NOW)
    except Refusal as refusal:
        return refusal.sentence
    return file.refusal if file.state == "columns" else ""


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_an_ugly_table_is_read_or_refused_in_words(table: Ugly) -> None:
    me, homes = three()
    content = table.make(homes)
    if isinstance(table.expected, str):
        assert table.expected in refusal_of(me, content)
        return
    file = intake.receive(me.actor, YEAR, name="x", content=content, at=NOW)
    rows = report.lines_of(me.actor, file).rows
    assert [row.state if row.state == "no_amount" else f"{row.state}:{row.cents}" for row in rows] == table.expected


def test_a_formula_is_told() -> None:
    me, homes = three()
    file = intake.receive(me.actor, YEAR, name="x", content=formulas(homes), at=NOW)
    row = report.lines_of(me.actor, file).rows[0]
    assert (
        row.remarks == ["Cette cellule contient une formule\u00a0: seule sa valeur est lue."]
        or report.FORMULA in row.remarks
    )


@pytest.mark.parametrize("make", [bomb, laughs], ids=["bomb", "poisoned entities"])
def test_poison_is_dealt_with_at_once(make: object) -> None:
    _, homes = three()
    content = make(homes)  # type: ignore[operator]
    began = time.process_time()
    try:
        rows = list(reading.rows(content))
        assert sum(len(cell) for row in rows for cell in row) < 100_000
    except Unreadable:
        pass
    assert time.process_time() - began < 1
