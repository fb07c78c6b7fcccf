"""One look at a whole file, block by block: is it UTF-8, how many lines, which columns, nothing monstrous?"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable
from dataclasses import dataclass

from parvis.exchange.refusals import DeliveryRefused

LONGEST_LINE = 65_536
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file is. ``plain``: each line of the file is one record, so that PostgreSQL may read the bytes as they are."""

    header: tuple[str, ...]
    header_bytes: int
    rows: int
    plain: bool


class Meter:
    """Feed it the blocks of a file, then ask for the result; it refuses as soon as it knows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._head = b""
        self._head_done = False
        self._lines = 0
        self._records = 0
        self._quoted = False
        self._line_length = 0
        self._last = b"\n\n"
        self._suspect = False

    def feed(self, block: bytes) -> None:
        """Look at the next block."""
        self._decode(block, final=False)
        self._check_lengths(block)
        if not self._head_done:
            head, newline, _ = (self._head + block).partition(b"\n")
            self._head, self._head_done = head + newline, bool(newline)
        window = self._last + block if self._lines or self._records else block
        if b"\0" in block or b"\n\n" in window or b"\n\r\n" in window:
            self._suspect = True
        self._count(block)
        self._last = (self._last + block)[-2:]

    def result(self) -> Measured:
        """What the file is, once all blocks were fed."""
        self._decode(b"", final=True)
        if not self._head:
            raise DeliveryRefused(f"Le fichier {self.name} est vide : il faut au moins la ligne des noms de colonnes.")
        if self._quoted:
            raise DeliveryRefused(
                f"Le fichier {self.name} se termine dans un champ entre guillemets : un guillemet n’est pas fermé."
            )
        unfinished = not self._last.endswith(b"\n")
        records = self._records + unfinished - 1
        plain = not self._suspect and self._records == self._lines
        return Measured(_header(self._head, self.name), len(self._head), records, plain)

    def _decode(self, block: bytes, *, final: bool) -> None:
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            line = self._lines + error.object[: error.start].count(b"\n") + 1
            raise DeliveryRefused(
                f"Le fichier {self.name} n’est pas en UTF-8 : la ligne {line} contient l’octet "
                f"0x{error.object[error.start]:02x}. Exportez-le en UTF-8."
            ) from error

    def _check_lengths(self, block: bytes) -> None:
        """Every line must end within LONGEST_LINE; looking backwards from there needs few steps a block."""
        start = -self._line_length
        while len(block) - start > LONGEST_LINE:
            cut = block.rfind(b"\n", max(start, 0), start + LONGEST_LINE)
            if cut < 0:
                line = self._lines + block.count(b"\n", 0, max(start, 0)) + 1
                raise DeliveryRefused(
                    f"Le fichier {self.name} a une ligne de plus de {LONGEST_LINE} octets (ligne {line})\u00a0: "
                    "un retour à la ligne manque, ou un champ est démesuré."
                )
            start = cut + 1
        newline = block.rfind(b"\n")
        self._line_length = len(block) - newline - 1 if newline >= 0 else self._line_length + len(block)

    def _count(self, block: bytes) -> None:
        newlines = block.count(b"\n")
        self._lines += newlines
        if not self._quoted and b'"' not in block:
            self._records += newlines
            return
        for index, part in enumerate(block.split(b'"')):
            self._quoted ^= index > 0
            if not self._quoted:
                self._records += part.count(b"\n")
            elif len(part) > LONGEST_LINE:
                raise DeliveryRefused(
                    f"Le fichier {self.name} a un champ de plus de {LONGEST_LINE} octets vers la ligne {self._lines}\u00a0: "
                    "un guillemet n’est sans doute pas fermé."
                )


def measure(name: str, blocks: Iterable[bytes]) -> Measured:
    """Look at all blocks of the file ``name``."""
    meter = Meter(name)
    for block in blocks:
        meter.feed(block)
    return meter.result()


def _header(line: bytes, name: str) -> tuple[str, ...]:
    text = line.removeprefix(_BOM).decode().rstrip("\r\n")
    if "\r" in text:
        raise DeliveryRefused(
            f"Les lignes de {name} se terminent par un retour chariot seul : enregistrez le fichier avec des fins de ligne "
            "LF ou CRLF."
        )
    try:
        columns = next(csv.reader([text], delimiter=";"), [])
    except csv.Error as error:
        raise _no_header(name) from error
    for column in columns:
        if columns.count(column) > 1:
            raise DeliveryRefused(f"Le fichier {name} a deux colonnes « {column[:40]} » : gardez-en une.")
    if len(columns) > 200 or any(len(column) > 60 for column in columns):
        raise _no_header(name)
    return tuple(columns)


def _no_header(name: str) -> DeliveryRefused:
    return DeliveryRefused(f"La première ligne de {name} n’est pas une ligne de noms de colonnes séparés par « ; ».")
