"""What makes a joined file acceptable, and what of it is kept: a paper to read, nothing that runs, nothing it tells of its maker. Pure.

The type is read in the content. Pictures lose what they say of where, when and with what they were taken; which way up stays.
A PDF is refused if it can run, open or carry something, or if nobody can look whether it does.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from parvis.changes.refusals import WrongFile

LARGEST_FILE = 5_000_000
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_KINDS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
BROKEN = "Ce fichier est abîmé. Enregistrez-le à nouveau, ou prenez une photo."


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


def harmless(content: bytes, kind: str) -> bytes:
    """What is kept of a file of that kind; refuses what cannot be made harmless."""
    if kind == JPEG:
        return b"".join(_jpeg_parts(content))
    if kind == PNG:
        return b"".join(_png_parts(content))
    _check_pdf(content)
    return content


_TELLING = {0xE1, 0xED, 0xFE}
"""Segments of a JPEG that hold EXIF and XMP, IPTC, comments."""
_SCAN, _END = 0xDA, 0xD9


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    place, turned = 2, _orientation(content)
    if turned:
        yield turned
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise WrongFile(BROKEN)
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        length = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _SCAN:
            end = content.rfind(bytes((0xFF, _END)))
            if end < place:
                raise WrongFile(BROKEN)
            yield content[place : end + 2]
            return
        if marker not in _TELLING:
            yield content[place : place + length]
        place += length
    raise WrongFile(BROKEN)


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


def _name(*names: str) -> str:
    """A pattern for these names of a PDF, each sign of which may be written with its number: /XF#41 is /XFA."""
    written = ("".join(f"(?:{sign}|#{ord(sign):x}|#{ord(sign):X})" for sign in name) for name in names)
    return f"/(?:{'|'.join(written)})(?![A-Za-z0-9#])"


# Short names would be found by chance in compressed pictures: a script always says that it is /JavaScript.
_ACTS = re.compile(
    _name("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "SubmitForm", "ImportData", "GoToE",
          "GoToR").encode()
)  # fmt: skip
_LOCKED = re.compile(_name("Encrypt").encode())
_PACKED = re.compile(_name("ObjStm").encode() + rb".{0,400}?stream\r?\n", re.DOTALL)
MOST_UNPACKED = 20_000_000


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2_048:]:
        raise WrongFile(BROKEN)
    if _LOCKED.search(content):
        raise WrongFile("Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection.")
    if any(_ACTS.search(part) for part in (content, *_unpacked(content, MOST_UNPACKED))):
        raise WrongFile("Ce PDF contient un programme ou un autre fichier. Imprimez-le en PDF, puis joignez la copie.")


def _unpacked(content: bytes, most: int) -> Iterator[bytes]:
    """The objects that are packed together, each unpacked; refuses what swells beyond reason."""
    for found in _PACKED.finditer(content):
        unpacking = zlib.decompressobj()
        try:
            part = unpacking.decompress(content[found.end() :], most)
        except zlib.error as error:
            raise WrongFile(BROKEN) from error
        most -= len(part)
        if most <= 0:
            raise WrongFile(BROKEN)
        yield part
