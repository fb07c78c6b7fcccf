"""Files of personal data: who took which, with how many lines, is written before it leaves; no length of it fills the memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

import parvis.web.landlord
from parvis.audit.models import Entry
from parvis.declarations.bulk import intake
from parvis.sheets import writing
from parvis.sheets.writing import Cell
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import owner
from tests.web.landlord.july import address, five, live_at
from tests.web.landlord.test_files import filled

pytestmark = pytest.mark.django_db


def taken() -> list[tuple[str, dict[str, Any]]]:
    """What the journal says was taken, oldest first."""
    entries = Entry.objects.filter(event="tenancies.exported").order_by("pk")
    return list(entries.values_list("subject", "details"))


def test_tables_of_rents_and_receipts_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)
    me, homes = five()
    browser = me.browser()
    for kind in ("csv", "ods", "xlsx"):
        browser.get(address(me, f"rent-files-{kind}")).getvalue()
    assert taken() == [
        (f"loyers-juillet-{YEAR}.{kind}", {"kind": "rents-to-declare", "rows": 5, "year": YEAR})
        for kind in ("csv", "ods", "xlsx")
    ]
    browser.get(address(me, "rent-files-model-csv")).getvalue()
    assert len(taken()) == 3, "an empty table tells nothing of anybody"
    file = intake.receive(me.actor, YEAR, name="l.csv", content=filled(homes, "525", "x"), at=NOW)
    browser.get(address(me, "rent-file-annotated-csv", file.reference)).getvalue()
    assert taken()[-1][1] == {"kind": "annotated-rents", "rows": 2, "year": YEAR}
    typed(me, homes[0], "525")
    (receipt,) = made.sent(me)
    for name in ("receipt-table", "receipt-pdf"):
        browser.get(address(me, name, receipt.number)).getvalue()
        assert taken()[-1][1] == {"kind": "receipt", "rows": 1, "year": YEAR}
    browser.get(address(me, "july-rents-recap"))
    assert taken()[-1][1] == {"kind": "july-recap", "rows": 1, "year": YEAR}
    browser.get(address(me, "july-rents-paper-pdf"))
    assert taken()[-1][1] == {"kind": "paper-form", "rows": 4, "year": YEAR}
    (entry,) = Entry.objects.filter(event="tenancies.exported", subject=f"{receipt.number}.pdf")
    assert (entry.account_id, entry.partner_id) == (me.account.pk, me.landlord.pk)
    stranger = owner()
    before = len(taken())
    assert stranger.browser().get(address(stranger, "receipt-pdf", receipt.number)).status_code == 404
    assert len(taken()) == before


def test_a_workbook_of_any_length_is_never_whole_in_memory() -> None:
    tracemalloc.start()
    try:
        for kind in writing.TYPES:
            rows: Iterable[Sequence[Cell]] = ([f"{number} " * 40, number, number / 3] for number in range(20_000))
            with writing.kept_file(kind, ["a", "b", "c"], rows) as file:
                assert len(file.read(50)) == 50
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_cannot_be_written_is_not_left_behind() -> None:
    """An open file that nobody closes is a warning, and a warning an error."""
    long = ["x" * 2 * writing.IN_MEMORY]
    with pytest.raises(ZeroDivisionError):
        writing.kept_file("csv", long, ([1 / 0] for _ in range(1)))
    gc.collect()


def test_files_leave_landlord_pages_in_one_place() -> None:
    """Whoever answers with a file of one's own hands would forget the journal."""
    place = Path(parvis.web.landlord.__file__).parent
    allowed = {"downloads.py", "saved.py", "views/documents.py", "views/changes/requests.py"}
    found = {str(path.relative_to(place)) for path in place.rglob("*.py") if "Content-Disposition" in path.read_text()}
    assert found <= allowed
