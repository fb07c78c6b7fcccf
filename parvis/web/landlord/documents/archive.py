"""Many documents as one ZIP, written as it is sent: no more than one of them is ever in memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from parvis.kit.clock import PARIS
from parvis.kit.text import fold
from parvis.sheets import writing
from parvis.web.landlord.documents import Document

LONGEST_NAME = 80
COLUMNS = ("Date", "Genre", "Document", "Fichier")
SUMMARY = "sommaire.csv"


class _Pipe(io.RawIOBase):
    """What is written is handed on; a ZIP that cannot be sought writes its sizes behind each file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It is written into."""
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override]
        """Keep it until it is taken."""
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def archive(documents: Iterable[Document], *, at: datetime) -> Iterator[bytes]:
    """The files of these documents, in their order, and a table of contents at the end.

    A document that has no file of its own stands in the table alone.
    """
    pipe, names = _Pipe(), set[str]()
    listed: list[tuple[str, ...]] = [COLUMNS]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        for document in documents:
            name = ""
            if document.contents is not None:
                ending, content = document.contents()
                name = _free(f"{name_of(document)}.{ending}", names)
                _add(file, name, content, document.at)
            moment = f"{document.at.astimezone(PARIS):%d/%m/%Y %H:%M}"
            listed.append((moment, document.kind, document.title, name))
            yield pipe.taken()
        _add(file, SUMMARY, writing.csv(listed), at)
    yield pipe.taken()


def name_of(document: Document) -> str:
    """A name that sorts by day, that no system refuses and no spreadsheet executes: letters, digits, hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(document.title)).strip("-")[:LONGEST_NAME].strip("-")
    return f"{document.at.astimezone(PARIS):%Y-%m-%d}-{words or 'document'}"


def _free(name: str, taken: set[str]) -> str:
    stem, _, ending = name.rpartition(".")
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.{ending}"
    taken.add(name)
    return name


def _add(file: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    known = zipfile.ZipInfo(name, at.astimezone(PARIS).timetuple()[:6])
    known.compress_type = zipfile.ZIP_STORED if name.endswith(".pdf") else zipfile.ZIP_DEFLATED
    file.writestr(known, content)
