"""Joined files: nothing that runs is kept, and nothing a picture tells of where, when and by whom it was taken."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import Base
from PIL.PngImagePlugin import PngInfo

from parvis.changes.refusals import WrongFile
from parvis.changes.rules.files import JPEG, PDF, PNG, harmless

PAPER = b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%s\n%%%%EOF\n"


def picture(kind: str, *, turned: int = 1) -> bytes:
    """A photograph that tells where it was taken."""
    out, exif, told = io.BytesIO(), Image.Exif(), PngInfo()
    exif[Base.Artist] = "Lina Moreau"
    exif[Base.Orientation] = turned
    told.add_text("Location", "12 rue des Tilleuls")
    drawn = Image.new("RGB", (40, 20), "teal")
    if kind == "JPEG":
        drawn.save(out, kind, exif=exif, comment=b"12 rue des Tilleuls")
    else:
        drawn.save(out, kind, exif=exif, pnginfo=told)
    return out.getvalue() + b"<script>alert(1)</script>"


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG)])
def test_a_picture_looks_the_same_and_tells_nothing(kind: str, media_type: str) -> None:
    given = picture(kind)
    kept = harmless(given, media_type)
    for told in (b"Lina Moreau", b"Tilleuls", b"<script>"):
        assert told in given
        assert told not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(given)).tobytes()


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_which_way_up_a_photograph_stands_is_kept(turned: int) -> None:
    kept = Image.open(io.BytesIO(harmless(picture("JPEG", turned=turned), JPEG)))
    assert kept.getexif().get(Base.Orientation, 1) == turned
    assert Base.Artist not in kept.getexif()


@pytest.mark.parametrize(
    "part",
    [
        b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"<< /S /J#61v#61Script >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Type /EmbeddedFile >>",
        b"<</XFA [1 0 R]>>",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_that_runs_or_carries_something_is_refused(part: bytes, *, packed: bool) -> None:
    if packed:
        part = b"<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\r\n" + zlib.compress(part) + b"\nendstream"
    with pytest.raises(WrongFile, match="contient un programme"):
        harmless(PAPER % part, PDF)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PAPER % b"trailer << /Encrypt 5 0 R >>", "protégé par un mot de passe"),
        (b"%PDF-1.7 begun", "abîmé"),
        (PAPER % b"<< /Type /ObjStm >>\nstream\nnot packed", "abîmé"),
        (PAPER % (b"<< /Type /ObjStm >>\nstream\n" + zlib.compress(bytes(30_000_000))), "abîmé"),
    ],
    ids=["locked", "cut", "unreadable", "bomb"],
)
def test_a_pdf_nobody_can_look_into_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(WrongFile, match=words):
        harmless(content, PDF)


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG)])
def test_a_picture_cut_short_is_refused(kind: str, media_type: str) -> None:
    whole = picture(kind)
    for length in range(3, 60):
        with pytest.raises(WrongFile):
            harmless(whole[:length], media_type)


def test_an_ordinary_pdf_is_kept_as_it_is() -> None:
    paper = PAPER % b"<< /OpenAction [3 0 R /Fit] /URI (https://caf.example) >>"
    assert harmless(paper, PDF) == paper
