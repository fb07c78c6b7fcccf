"""Text as people search it: without case, accents or stray blanks. The same in Python and in SQL.

``parvis_fold`` (migrations kit.0001 and 0003) must answer as :func:`fold` does; a test holds both together. It runs for
every row that is written: letters are decomposed rather than looked up one by one, runs of blanks go without a regular
expression (each blank becomes blank and mark, then « mark, blank » and marks go).
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = "".join(
    map(chr, (0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x309, 0x30A, 0x30B, 0x30C, 0x31B, 0x323, 0x326,
              0x327, 0x328))
)  # fmt: skip
"""The accents of names written in Latin letters, as they stand alone once a letter is decomposed."""
_BLANKS = "-.'’ \t\n\r\f\v\u00a0\u2009\u202f"
_VOWELS = frozenset("aeiou")
_SEPARATOR = "\x01"
_TABLE = str.maketrans(
    {
        **dict.fromkeys(_MARKS + _SEPARATOR, ""),
        **dict.fromkeys(_BLANKS, " "),
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
    }
)


def fold(text: str) -> str:
    """``L’Hermite  Noé`` → ``l hermite noe``: lower case, no accent; blanks, hyphens, dots, apostrophes one space."""
    return re.sub(" +", " ", unicodedata.normalize("NFD", text).translate(_TABLE).lower()).strip(" ")


def like_literal(text: str) -> str:
    """Text as LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def figure(count: int) -> str:
    """``1234`` → ``1 234``, with the narrow no-break space that sets thousands apart."""
    return f"{count:,}".replace(",", "\u202f")


def plural(count: int, one: str, many: str) -> str:
    """``plural(2, "loyer", "loyers")`` → ``2 loyers`` with a no-break space; zero and one are singular in French."""
    return f"{figure(count)}\u00a0{one if count < 2 else many}"


def of(name: str) -> str:
    """``de Lina``, ``d’Anne``, ``d’août 2026``: what belongs to somebody or something. Before an h nothing is elided, for
    writing does not tell which are breathed.
    """
    start = fold(name[:2])
    is_elided = start[:1] in _VOWELS if start[:1] != "y" else start[1:2] not in _VOWELS
    return f"d’{name}" if start and is_elided else f"de {name}"


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


FOLD_SQL = rf"""
CREATE OR REPLACE FUNCTION parvis_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $body$
  SELECT btrim(replace(replace(replace(lower(
    replace(replace(replace(replace(
      translate(normalize(value, NFD), E'{_escaped(_BLANKS)}{_escaped(_MARKS + _SEPARATOR)}', '{" " * len(_BLANKS)}'),
    'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae')),
  ' ', E' \x01'), E'\x01 ', ''), E'\x01', ''))
$body$;
"""
