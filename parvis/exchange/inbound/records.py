"""The records of a file one by one, in Python: for files PostgreSQL cannot read as they are, and lines that need preparing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number of its first line in the file, its bytes, its fields, and what is wrong with its shape."""

    number: int
    raw: bytes
    fields: list[str]
    fault: str = ""


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file, each with its end."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest


def records_of(lines: Iterable[bytes], width: int, first_number: int = 2) -> Iterator[Record]:
    """Group lines into records of ``width`` fields. Blank lines are no records; a wrong width is a fault, not an end."""
    held, number, start = b"", first_number - 1, first_number
    for line in lines:
        number += 1
        if not held:
            start = number
            if not line.strip(b"\r\n"):
                continue
        held += line
        if held.count(b'"') % 2 == 0:
            yield record_of(held, start, width)
            held = b""
    if held:
        yield record_of(held, start, width)


def record_of(raw: bytes, number: int, width: int) -> Record:
    """One record from its bytes, which are valid UTF-8."""
    text = raw.decode().rstrip("\r\n")
    if "\0" in text:
        return Record(
            number, raw, [], "La ligne contient un octet nul : le fichier est abîmé à cet endroit. Redonnez la ligne."
        )
    if '"' in text:
        try:
            fields = next(csv.reader([text], delimiter=";", strict=True))
        except csv.Error:
            return Record(
                number, raw, [], "Un guillemet est mal placé ou n’est pas fermé : doublez ceux qui sont dans le texte."
            )
    else:
        fields = text.split(";")
    if len(fields) != width:
        return Record(
            number,
            raw,
            [],
            f"La ligne a {len(fields)} champs, l’en-tête en a {width} : "
            "un « ; » manque ou est de trop. Mettez entre guillemets un texte qui en contient.",
        )
    return Record(number, raw, fields)
