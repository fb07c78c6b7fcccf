"""CSV as people produce it: any usual encoding, any usual separator. Pure."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

_SEPARATORS = ";\t,|"
_SAMPLE = 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(content: bytes) -> str | None:
    """The text, by its mark, else as UTF-8, else as Windows writes it; None if it is no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _as(content, encoding)
    if b"\0" in content[:4_096]:
        return _as_unmarked_utf16(content)
    return _as(content, "utf-8") or _as(content, "cp1252") or content.decode("latin-1")


def _as_unmarked_utf16(content: bytes) -> str | None:
    """Text of two bytes a sign that lost its mark: nearly every other byte is null."""
    first = content[:4_096]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if first[start::2].count(0) > 0.8 * len(first) / 2 and first[1 - start :: 2].count(0) == 0:
            return _as(content, encoding)
    return None


def _as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def separator_of(text: str) -> str:
    """The sign that parts most of the first lines into the same number of fields; ``;`` where nothing tells."""
    first = text.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[4]
    lines = [line for line in io.StringIO(text[:20_000]).read().splitlines()[:_SAMPLE] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        width = max(set(counts), key=lambda count: (counts.count(count), count), default=1)
        return (counts.count(width) if width > 1 else 0, width)

    best = max(_SEPARATORS, key=score, default=";")
    return best if score(best)[0] else ";"


def rows_of(text: str) -> Iterator[list[str]]:
    """The rows; a first line ``sep=…``, which spreadsheets understand, is not one of them."""
    delimiter = separator_of(text)
    is_told = text[:4].lower() == "sep="
    if '"' not in text:
        # Nothing to unfold: four times quicker than asking the reader.
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if not lines[-1]:
            lines.pop()
        return (line.split(delimiter) if line else [] for line in islice(lines, is_told, None))
    source = io.StringIO(text, newline="")
    if is_told:
        source.readline()
    csv.field_size_limit(1_000_000)
    return csv.reader(source, delimiter=delimiter)
