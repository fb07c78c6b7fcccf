"""The address as the window of the envelope shows it (NF Z 10-011): six lines of 38 signs, capitals, no punctuation."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import filterfalse

LINES = 6
SIGNS = 38
_COUNTRY = re.compile(r"\(([A-Z]{2})\)\s*$")
_NOT_PRINTED = re.compile(r"[^A-Z0-9 /-]+")


def window_lines(lines: Sequence[str]) -> list[str]:
    """Fit an address to the window: empty lines go, long ones are cut between words onto free lines.

    Where lines are wanting, the end of the longest ones is given up, never the last line: it holds postcode and city.
    """
    written = [line for line in map(_capitals, lines) if line]
    if not written:
        return []
    *upper, last = written
    upper = upper[: LINES - 1]
    free = LINES - 1 - len(upper)
    fitted: list[str] = []
    for line in upper:
        pieces = textwrap.wrap(line, SIGNS) if len(line) > SIGNS else [line]
        kept = pieces[: 1 + free]
        free -= len(kept) - 1
        fitted += kept
    return [*fitted, last[:SIGNS].rstrip()]


def country_of(lines: Sequence[str]) -> str:
    """The country an address ends with, as ``1000 Bruxelles (BE)``; France where it says none."""
    found = _COUNTRY.search(lines[-1]) if lines else None
    return found[1] if found else "FR"


def _capitals(line: str) -> str:
    """``12 bis, rue de l’Église`` → ``12 BIS RUE DE L EGLISE``."""
    if line.isascii():
        return " ".join(_NOT_PRINTED.sub(" ", line.upper()).split())
    spelled = line.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    bare = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", spelled)))
    return " ".join(_NOT_PRINTED.sub(" ", bare.upper()).split())
