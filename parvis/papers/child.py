"""The process that looks into one PDF: limited in memory and time, without a file to write to. Run by ``reading``.

Reads the file on its input; answers one word, a key of ``reading.Fault``, or ``ok``. Whatever cannot be read whole is broken:
another reader might find in it what this one did not.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import zlib
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    read_object,
)

from parvis.papers import limits
from parvis.papers.acts import FORBIDDEN, IN_BYTES, IN_OBJECTS, LOCK
from parvis.sheets.confined import confine

_HEADER = re.compile(rb"(?<![0-9])[0-9]{1,10}[\0\t\n\f\r ]{1,40}[0-9]{1,5}[\0\t\n\f\r ]{1,40}obj[\0\t\n\f\r ]*")
_LOOKED_AT = 4_096
"""Bytes looked at where something begins like an object and cannot be read as one."""


class Found(Exception):
    """What is wrong; the message is the answer."""


def main() -> None:
    """Look, answer, end."""
    confine(cpu_seconds=limits.CPU_SECONDS, memory_bytes=limits.MEMORY_BYTES)
    logging.disable()
    try:
        Look(sys.stdin.buffer.read()).whole()
        answer = "ok"
    except Found as found:
        answer = str(found)
    except Exception:
        # The library has many ways of stumbling over a broken file, recursion and memory among them.
        answer = "broken"
    sys.stdout.write(answer)


class Look:
    """One file being looked into."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.left = limits.MOST_UNPACKED
        self.unpacked: dict[int, StreamObject] = {}

    def whole(self) -> None:
        """Raise :class:`Found` for what it holds and must not, any error for what cannot be read."""
        if LOCK.search(self.content):
            raise Found("locked")
        if IN_BYTES.search(self.content):
            raise Found("acting")
        self.reader = PdfReader(io.BytesIO(self.content), strict=False)
        if self.reader.is_encrypted:
            raise Found("locked")
        self._check(self.reader.trailer)
        for number, generation in self._known():
            self._check(self.reader.get_object(IndirectObject(number, generation, self.reader)))
        for holder, _ in set(self.reader.xref_objStm.values()):
            self._unpack(self.reader.get_object(holder))
        for found in self._hidden():
            self._check(found)
        if not self.reader.pages:
            raise Found("broken")

    def _known(self) -> list[tuple[int, int]]:
        """The objects the file's own table names, packed or not."""
        plain = [(number, generation) for generation, at in self.reader.xref.items() for number in at]
        return plain + [(number, 0) for number in self.reader.xref_objStm]

    def _hidden(self) -> Iterator[PdfObject]:
        """What stands in the file and not in its table: former versions, and what another reader would find by searching."""
        named = {place for at in self.reader.xref.values() for place in at.values()}
        stream = self.reader.stream
        for found in _HEADER.finditer(self.content):
            if found.start() in named:
                continue
            stream.seek(found.end())
            try:
                one = read_object(stream, self.reader)
            except Exception as error:
                # Mostly bytes of a picture, by chance.
                if IN_OBJECTS.search(self.content, found.end(), found.end() + _LOOKED_AT):
                    raise Found("acting") from error
                continue
            yield one

    def _check(self, found: PdfObject | None) -> None:
        """An object with all that stands within it; what it refers to is an object of its own."""
        waiting: list[object] = [found]
        while waiting:
            one = waiting.pop()
            if isinstance(one, NameObject) and one[1:] in FORBIDDEN:
                raise Found("acting")
            if isinstance(one, DictionaryObject):
                waiting += [*one.keys(), *dict.values(one)]
                if isinstance(one, StreamObject) and _said(one, "/Type") == "/ObjStm":
                    self._unpack(one)
            elif isinstance(one, ArrayObject):
                waiting += list.__iter__(one)

    def _unpack(self, stream: PdfObject | None) -> None:
        """Objects that are packed together, those nothing refers to among them."""
        if not isinstance(stream, StreamObject):
            raise Found("broken")
        if id(stream) in self.unpacked:
            return
        # Kept, so that no other one takes its place in memory, and with it its number.
        self.unpacked[id(stream)] = stream
        self._check_packing(stream)
        text = stream.get_data()
        if IN_OBJECTS.search(text):
            raise Found("acting")

    def _check_packing(self, stream: StreamObject) -> None:
        """Refuse what swells beyond reason, or unpacks otherwise than to its end: readers differ in what they make of that."""
        way = _said(stream, "/Filter")
        if way not in ("/FlateDecode", ["/FlateDecode"], [], None):
            raise Found("broken")
        raw = StreamObject.get_data(stream)
        unpacking = zlib.decompressobj()
        self.left -= len(unpacking.decompress(raw, self.left + 1)) if way else len(raw)
        if self.left < 0 or (way and not unpacking.eof):
            raise Found("broken")


def _said(stream: StreamObject, name: str) -> Any:
    """What a stream says of itself, there or in an object of its own; None if nothing."""
    found = stream.get(name)
    return found.get_object() if found is not None else None


if __name__ == "__main__":
    main()
