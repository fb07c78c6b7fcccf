"""Sent files: one byte more than a form takes is let through, and nothing of a stranger's."""

from __future__ import annotations

import pytest
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from parvis.changes.rules.files import LARGEST_FILE as LARGEST_PAPER
from parvis.sheets.limits import LARGEST_FILE as LARGEST_TABLE
from parvis.web.frame.cookies import SESSION


def taken(sizes: list[int], *, field: str = "papers", known: bool = True) -> list[int]:
    """How much is taken in of files of these sizes."""
    content = bytes(max(sizes))
    files = [SimpleUploadedFile(f"{place}.pdf", content[:size]) for place, size in enumerate(sizes)]
    request = RequestFactory().post("/", {field: files, "typed": "stays"})
    if known:
        request.COOKIES[SESSION] = "x"
    kept = [(file.size, len(file.read())) for file in request.FILES.getlist(field)]
    request.close()
    assert request.POST["typed"] == "stays"
    assert all(size == read for size, read in kept)
    return [size for _, size in kept]


def test_a_paper_is_taken_to_one_byte_more_than_is_kept() -> None:
    assert taken([10, LARGEST_PAPER, LARGEST_PAPER + 1, LARGEST_PAPER + 900_000]) == [
        10,
        LARGEST_PAPER,
        LARGEST_PAPER + 1,
        LARGEST_PAPER + 1,
    ]


def test_a_table_may_be_heavier() -> None:
    assert taken([LARGEST_TABLE + 900_000], field="file") == [LARGEST_TABLE + 1]


def test_nothing_of_a_strangers_file_is_kept() -> None:
    assert taken([10, LARGEST_PAPER], known=False) == [0, 0]


def test_of_many_files_the_first_are_taken() -> None:
    assert taken([10] * 9) == [10] * 6 + [0] * 3


def test_far_too_many_are_refused() -> None:
    files = [SimpleUploadedFile(f"{place}.pdf", b"%PDF") for place in range(21)]
    request = RequestFactory().post("/", {"papers": files})
    with pytest.raises(TooManyFilesSent):
        _ = request.FILES
