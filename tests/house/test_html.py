"""The HTML of every page that any test of this run has seen is valid. Runs last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SIDE_BY_SIDE
from tests.house import seen


def test_the_checker_finds_faults(tmp_path: Path) -> None:
    """Or its silence below would mean nothing."""
    page = seen.Seen(
        "bad", b"<!doctype html><html lang=fr><title>x</title><p id=a><p id=a><a href=x><button>y</button></a>"
    )
    assert [fault.split(" (")[0] for fault in seen.faults(tmp_path, [page])] == [
        "bad: error: Duplicate ID “a”.",
        "bad: error: The element “button” must not appear as a descendant of the “a” element.",
    ]


@pytest.mark.last
def test_every_page_seen_is_valid(tmp_path: Path) -> None:
    pages = seen.pages()
    if not pages or SIDE_BY_SIDE:
        pytest.skip("no test of this run has seen a page, or each process judges its own at its end")
    assert sorted(set(seen.faults(tmp_path, pages))) == []
