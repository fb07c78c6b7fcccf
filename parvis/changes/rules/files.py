"""What makes a joined file acceptable, and what of a picture is kept: nothing it tells of its maker. Pure.

The type is read in the content. Pictures lose what they say of where, when and with what they were taken; which way up stays.
PDFs are looked into elsewhere (``parvis.papers``), in a process of its own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.changes.refusals import WrongFile

LARGEST_FILE = 5_000_000
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_KINDS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
BROKEN = "Ce fichier est abîmé. Enregistrez-le à nouveau, ou prenez une photo."


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was looked into and may be kept."""

    name: str
    media_type: str
    content: bytes


def kind_of_file(content: bytes) -> str:
    """The media type of a file, read in its content; refuses all but PDF, JPEG and PNG, and what is too heavy."""
    if not content:
        raise WrongFile("Ce fichier est vide.")
    if len(content) > LARGEST_FILE:
        raise WrongFile("Ce fichier pèse plus de 5\u00a0Mo. Choisissez-en un plus léger.")
    for start, kind in _KINDS:
        if content.startswith(start):
            return kind
    raise WrongFile("Choisissez un fichier PDF, JPEG ou PNG.")


def name_of_file(given: str, kind: str) -> str:
    """A name to show and to save under: no path, no sign a system refuses, the ending of what it is."""
    last = re.split(r"[\\/]", given)[-1].rsplit(".", 1)[0]
    kept = re.sub(r"[^\w\s\-]", "", last, flags=re.UNICODE)
    return (" ".join(kept.split())[:60] or "piece") + _ENDINGS[kind]


def without_telling(content: bytes, kind: str) -> bytes:
    """What is kept of a picture of that kind: what is seen of it, to its end and no further; refuses one that is cut short."""
    return b"".join(_jpeg_parts(content) if kind == JPEG else _png_parts(content))


_SEEN = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
"""Segments of applications without which a JPEG would not look the same; the others tell, comments too."""
_FIRST_APPLICATION, _LAST_APPLICATION, _COMMENT = 0xE0, 0xEF, 0xFE
_SCAN, _END = 0xDA, 0xD9
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends a scan: a marker, and not a byte of the picture that looks like one."""


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    place, turned, drawn = 2, _orientation(content), False
    if turned:
        yield turned
    while place + 2 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _END and drawn:
            yield content[place : place + 2]
            return
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _SCAN:
            # Pictures that come clearer and clearer have many scans, with tables between them.
            after = _AFTER_SCAN.search(content, end)
            end, drawn = after.start() if after else len(content), True
        if _is_seen(marker, content[place + 4 : place + 16]):
            yield content[place:end]
        place = end
    raise WrongFile(BROKEN)


def _is_seen(marker: int, begins: bytes) -> bool:
    if _FIRST_APPLICATION <= marker <= _LAST_APPLICATION:
        return any(marker == known and begins.startswith(word) for known, word in _SEEN)
    return marker != _COMMENT


def _orientation(content: bytes) -> bytes:
    """A segment that says which way up the picture is, and nothing else; none where it stands upright."""
    found = re.search(rb"Exif\x00\x00(II\*\x00|MM\x00\*)", content[:65_536])
    if found is None:
        return b""
    order = "<" if found[1].startswith(b"II") else ">"
    tag = re.search(re.escape(struct.pack(f"{order}HHI", 0x0112, 3, 1)), content[found.end() : found.end() + 1_024])
    if tag is None:
        return b""
    after = found.end() + tag.end()
    if after + 2 > len(content):
        return b""
    (value,) = struct.unpack(f"{order}H", content[after : after + 2])
    if not 2 <= value <= 8:
        return b""
    exif = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif


_SHOWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
"""Chunks of a PNG without which it would not look the same; the others tell."""


def _png_parts(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    place = 8
    while place + 12 <= len(content):
        length, name = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        whole = content[place : place + 12 + length]
        if len(whole) < 12 + length:
            break
        if name in _SHOWN:
            yield whole
        if name == b"IEND":
            return
        place += 12 + length
    raise WrongFile(BROKEN)
