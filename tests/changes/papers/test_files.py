"""Joined pictures: nothing is kept that tells where, when and by whom they were taken."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PIL.ExifTags import Base
from PIL.PngImagePlugin import PngInfo

from parvis.changes.refusals import WrongFile
from parvis.changes.rules.files import JPEG, PNG, without_telling

BEHIND = b"<script>alert(1)</script>"


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
    return out.getvalue() + BEHIND


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG)])
def test_a_picture_looks_the_same_and_tells_nothing(kind: str, media_type: str) -> None:
    given = picture(kind)
    kept = without_telling(given, media_type)
    for told in (b"Lina Moreau", b"Tilleuls", b"<script>"):
        assert told in given
        assert told not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(given)).tobytes()


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_which_way_up_a_photograph_stands_is_kept(turned: int) -> None:
    kept = Image.open(io.BytesIO(without_telling(picture("JPEG", turned=turned), JPEG)))
    assert kept.getexif().get(Base.Orientation, 1) == turned
    assert Base.Artist not in kept.getexif()


def with_its_neighbour() -> bytes:
    """A photograph that a telephone saved with a smaller one behind it, which tells where it was taken."""
    return picture("JPEG").removesuffix(BEHIND) + picture("JPEG")


def test_nothing_behind_the_picture_is_kept() -> None:
    given = with_its_neighbour()
    kept = without_telling(given, JPEG)
    assert kept.count(b"\xff\xd8\xff") == 1
    assert b"Tilleuls" not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(given)).tobytes()


def test_a_picture_of_many_scans_is_kept_whole() -> None:
    out = io.BytesIO()
    drawn = Image.effect_mandelbrot((80, 60), (-2, -1, 1, 1), 50).convert("RGB")
    drawn.save(out, "JPEG", progressive=True, quality=95, restart_marker_blocks=2)
    kept = without_telling(out.getvalue() + BEHIND, JPEG)
    assert kept == out.getvalue()


def test_what_a_telephone_adds_of_its_own_is_taken_off_and_the_colours_stay() -> None:
    plain, colours = picture("JPEG"), b"ICC_PROFILE\0\1\1" + b"x" * 40
    own = b"".join(
        b"\xff" + bytes((marker,)) + (len(said) + 2).to_bytes(2, "big") + said
        for marker, said in ((0xE2, b"MPF\0 second picture"), (0xE5, b"Lina Moreau"), (0xE2, colours))
    )
    kept = without_telling(plain[:2] + own + plain[2:], JPEG)
    assert (b"MPF" in kept, b"Lina" in kept, colours in kept) == (False, False, True)


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG)])
def test_a_picture_cut_short_is_refused(kind: str, media_type: str) -> None:
    whole = picture(kind)
    for length in range(3, 60):
        with pytest.raises(WrongFile):
            without_telling(whole[:length], media_type)
