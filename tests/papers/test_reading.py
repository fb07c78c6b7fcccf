"""Joined PDFs: one that runs, sends or carries something is refused, however it is written; none keeps us waiting."""

from __future__ import annotations

import os
import time
import zlib

import pytest

from parvis.papers import limits
from parvis.papers.reading import Fault, look_into
from tests.factories.papers import PAPER, pdf

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
PACKED_SCRIPT = b"9 0 <</S /J#61vaScript /JS (app.alert\\(1\\))>>"
PICTURE = b"<< /Type /XObject /Subtype /Image /Length 4900000 >>\nstream\n"


def packed(
    text: bytes = PACKED_SCRIPT,
    *,
    kind: bytes = b"/Type /ObjStm",
    filters: bytes = b"/Filter /FlateDecode",
    body: bytes | None = None,
) -> bytes:
    """Objects packed together, as an object."""
    body = zlib.compress(text) if body is None else body
    return b"<< %s /N 1 /First 4 /Length %d %s >>\nstream\n%s\nendstream" % (
        kind,
        len(body),
        filters,
        body,
    )


def predicted() -> bytes:
    """The same, each byte written as a difference."""
    rows = b"".join(b"\x00" + PACKED_SCRIPT[place : place + 1] for place in range(len(PACKED_SCRIPT)))
    return packed(body=zlib.compress(rows), filters=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1 >>")


@pytest.mark.parametrize(
    "content",
    [
        PAPER,
        pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
        pdf(b"<< /S /URI /URI (https://caf.example) >>"),
        pdf(packed(b"9 0 << /Author (Lina) >>")),
        pdf(b"(/JS is a name, and this is a text)"),
        pdf(PICTURE + bytes(4_900_000) + b"\nendstream"),
        pdf(PICTURE + os.urandom(4_900_000) + b"\nendstream"),
    ],
    ids=["paper", "first page", "link", "packed", "text", "scan", "noise"],
)
def test_a_paper_to_read_is_kept(content: bytes) -> None:
    assert look_into(content) is None


@pytest.mark.parametrize(
    "content",
    [
        pdf(SCRIPT),
        pdf(b"<< /S /J#61v#61Script >>"),
        pdf(b"<< /#4aS (app.alert\\(1\\)) >>"),
        pdf(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        pdf(catalog=b"/AA << /WC 4 0 R >>"),
        pdf(b"<< /Type /EmbeddedFile >>"),
        pdf(catalog=b"/AcroForm << /XFA [4 0 R] >>"),
        pdf(packed()),
        pdf(packed(kind=b"/Type /ObjStm /Pad (" + b"x" * 500 + b")")),
        pdf(packed(kind=b"/Type /Obj#53tm")),
        pdf(packed(kind=b"/Type 5 0 R"), b"/ObjStm"),
        pdf(predicted()),
        pdf(after=b"77 0 obj\n" + packed() + b"\nendobj\n"),
        pdf(after=b"77 0 obj % a word\n<< /JS (app.alert\\(1\\)) >>\nendobj\n"),
        pdf(after=b"77 0 obj\n<< /JS (app.alert\\(1\\)) /Broken ] >>\nendobj\n"),
    ],
    ids=[
        "script", "name in numbers", "short name", "program", "by itself", "file", "form", "packed", "far apart",
        "packed, name in numbers", "packed, named elsewhere", "predicted", "packed, unnamed", "unnamed", "unnamed and broken",
    ],
)  # fmt: skip
def test_a_pdf_that_runs_or_carries_something_is_refused(content: bytes) -> None:
    assert look_into(content) is Fault.ACTING


def untyped() -> bytes:
    """A file whose table says that its fifth object is packed within the fourth, which does not say so itself."""
    stream = packed(b"5 0 << /JS (app.alert\\(1\\)) >>", kind=b"")
    whole = pdf(stream)
    content = whole[: whole.index(b"xref\n0")]
    places = [content.index(b"%d 0 obj" % number) for number in range(1, 5)]
    entries = b"\x00\x00\x00\x00\x00" + b"".join(b"\x01" + place.to_bytes(3, "big") + b"\x00" for place in places)
    entries += b"\x02\x00\x00\x04\x00" + b"\x01" + len(content).to_bytes(3, "big") + b"\x00"
    table = b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 3 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
    return content + table % (len(entries), entries) + b"startxref\n%d\n%%%%EOF\n" % len(content)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (pdf(trailer=b"/Encrypt 4 0 R"), Fault.LOCKED),
        (b"%PDF-1.7 begun", Fault.BROKEN),
        (PAPER[: len(PAPER) // 2], Fault.BROKEN),
        (pdf(packed(body=b"not packed")), Fault.BROKEN),
        (pdf(packed(body=zlib.compress(PACKED_SCRIPT)[:-6])), Fault.BROKEN),
        (pdf(packed(body=PACKED_SCRIPT.hex().encode(), filters=b"/Filter /ASCIIHexDecode")), Fault.BROKEN),
        (pdf(packed(bytes(30_000_000))), Fault.BROKEN),
        (pdf(b"[" * 100_000 + b"]" * 100_000), Fault.BROKEN),
        (untyped(), Fault.BROKEN),
    ],
    ids=["locked", "begun", "cut", "unreadable", "half packed", "packed otherwise", "bomb", "deep", "untyped"],
)
def test_a_pdf_nobody_can_look_into_is_refused(content: bytes, fault: Fault) -> None:
    assert look_into(content) is fault


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + b"/ObjStm stream\n" * 333_000 + b"%%EOF",
        b"%PDF-1.7\n" + b"1 " * 2_450_000 + PAPER,
        pdf(*[b"<< /A 1 >>"] * 90_000),
        pdf(after=b"1 0 obj " * 600_000),
        pdf(*[packed(b"9 0 " + bytes(100))] * 9_000),
    ],
    ids=["begun and begun", "numbers", "objects", "unnamed objects", "packs"],
)
def test_no_file_keeps_us_waiting(content: bytes) -> None:
    begun = time.monotonic()
    assert len(content) <= 5_000_000
    look_into(content)
    assert time.monotonic() - begun < limits.WALL_SECONDS + 20
