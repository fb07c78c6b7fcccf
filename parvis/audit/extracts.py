"""Extracts of the journal that left as files: signed as they are made, checked when they come back (ux.md B22).

The last line says how many entries stand before it, the first and the last of them, which seal of the chain was the newest, the
fingerprint of all that stands before, and a mark of it all by the key of the chain: whoever changes a sign of the file cannot make it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from parvis.audit.chain import key
from parvis.audit.models import Seal
from parvis.kit.refusals import Refusal

BEGINS = "Fin de l’extrait"
_READ = 1 << 20
_LONGEST_END = 1_000
_LINE = "\r\n"


class ExtractNotAuthentic(Refusal):
    """The file is none of ours, or no longer what it was."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What the last line of an extract says. ``complete`` is false where there were more entries than a file may hold."""

    count: int
    first: int
    last: int
    complete: bool
    at: datetime
    seal: int
    position: int
    mac: str
    sha256: str

    @property
    def said(self) -> str:
        """All of it in a line, without its mark."""
        return ";".join((
            BEGINS, f"entrées {self.count}", f"première {self.first}", f"dernière {self.last}",
            "complet" if self.complete else "incomplet", f"fait {self.at.isoformat()}", f"sceau {self.seal}",
            f"place {self.position}", f"marque {self.mac}", f"sha256 {self.sha256}",
        ))  # fmt: skip


def sign(file: IO[bytes], *, count: int, first: int, last: int, complete: bool, at: datetime) -> Extract:
    """Write the last line of an extract at its end; the file is read from its beginning again afterwards."""
    newest = Seal.objects.order_by("-number").first()
    seal, position, mac = (newest.number, newest.position, bytes(newest.mac).hex()) if newest else (0, 0, "")
    made = Extract(count, first, last, complete, at, seal, position, mac, _digest(file, None))
    file.seek(0, 2)
    file.write(f"{made.said};signature {_mark(made.said)}{_LINE}".encode())
    file.seek(0)
    return made


def check(file: IO[bytes]) -> Extract:
    """What an extract says of itself, once all of it was found true; raises :class:`ExtractNotAuthentic` naming what is not."""
    said, begins = _last_line(file)
    words, _, signature = said.rpartition(";signature ")
    if not words or not hmac.compare_digest(_mark(words).encode(), signature.encode()):
        raise ExtractNotAuthentic("La signature n’est pas celle de ce portail, ou la dernière ligne a changé.")
    found = _read(words)
    if _digest(file, begins) != found.sha256:
        raise ExtractNotAuthentic("Une ligne a été changée, ajoutée ou retirée depuis que l’extrait a été fait.")
    kept = Seal.objects.filter(number=found.seal).values_list("position", "mac").first() if found.seal else None
    if found.seal and (kept is None or (kept[0], bytes(kept[1]).hex()) != (found.position, found.mac)):
        raise ExtractNotAuthentic(
            f"L’extrait est authentique, mais son sceau {found.seal} n’est plus celui du journal\u00a0:"
            " le journal a été réécrit ou restauré."
        )
    return found


def _last_line(file: IO[bytes]) -> tuple[str, int]:
    """The last line, and where it begins."""
    end = file.seek(0, 2)
    begins = max(0, end - _LONGEST_END)
    file.seek(begins)
    tail = file.read()
    place = tail.rfind(f"{_LINE}{BEGINS};".encode())
    if place < 0 or not tail.endswith(_LINE.encode()):
        raise ExtractNotAuthentic(
            "Ce fichier ne finit pas comme un extrait du journal\u00a0: il a été coupé ou enregistré à nouveau."
        )
    place += len(_LINE)
    return tail[place : -len(_LINE)].decode(errors="replace"), begins + place


def _read(words: str) -> Extract:
    """A line that is proved to be ours."""
    _, count, first, last, complete, at, seal, position, mac, sha256 = words.split(";")
    numbers = [int(part.split(" ")[1]) for part in (count, first, last, seal, position)]
    return Extract(
        numbers[0], numbers[1], numbers[2], complete == "complet", datetime.fromisoformat(at.split(" ")[1]), numbers[3],
        numbers[4], mac.partition(" ")[2], sha256.partition(" ")[2],
    )  # fmt: skip


def _digest(file: IO[bytes], until: int | None) -> str:
    """Of the file from its beginning, up to a place."""
    file.seek(0)
    digest, left = hashlib.sha256(), until
    while part := file.read(_READ if left is None else min(_READ, left)):
        digest.update(part)
        left = None if left is None else left - len(part)
    return digest.hexdigest()


def _mark(said: str) -> str:
    return hmac.new(key(), f"extract of the journal|{said}".encode(), hashlib.sha256).hexdigest()
