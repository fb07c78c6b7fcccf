"""Text as people search it: without case, accents or stray blanks. The same in Python and in SQL.

``parvis_fold`` (migrations kit.0001, 0003 and 0004) must answer as :func:`fold` does; a test holds both together. It runs for
every row that is written: letters are decomposed, where there is more than ASCII; then each sign is replaced by itself, which
takes PostgreSQL a third of the time of one ``translate``; runs of blanks go without a regular expression (each blank becomes
blank and mark, then « mark, blank » and marks go).
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = "".join(
    map(chr, (0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x309, 0x30A, 0x30B, 0x30C, 0x31B, 0x323, 0x326,
              0x327, 0x328))
)  # fmt: skip
"""The accents of names written in Latin letters, as they stand alone once a letter is decomposed."""
_BLANKS = "-.' \t\n\r\f\v"
_WIDE_BLANKS = "’\u00a0\u2009\u202f"
"""Those beyond ASCII."""
_VOWELS = frozenset("aeiou")
_SEPARATOR = "\x01"
_TABLE = str.maketrans(
    {
        **dict.fromkeys(_MARKS + _SEPARATOR, ""),
        **dict.fromkeys(_BLANKS + _WIDE_BLANKS, " "),
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "Æ": "ae",
        # Python alone would write the last one of a word otherwise.
        "Σ": "σ",
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


def _replaced(value: str, signs: str, by: str) -> str:
    """SQL that puts ``by`` in the place of each of these signs in ``value``."""
    for sign in signs:
        value = f"replace({value}, E'\\u{ord(sign):04x}', '{by}')"
    return value


def _beyond_ascii() -> str:
    value = _replaced(_replaced("normalize(value, NFD)", _MARKS, ""), _WIDE_BLANKS, " ")
    return _replaced(_replaced(value, "œŒ", "oe"), "æÆ", "ae")


def _all_signs() -> str:
    value = f"CASE WHEN octet_length(value) = length(value) THEN value ELSE {_beyond_ascii()} END"
    return _replaced(_replaced(value, _SEPARATOR, ""), _BLANKS.replace(" ", ""), " ")


# Not STRICT: PostgreSQL would call the function row by row instead of putting its words in the statement, for the CASE's sake.
FOLD_SQL = rf"""
CREATE OR REPLACE FUNCTION parvis_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
  SELECT btrim(replace(replace(replace(lower({_all_signs()}), ' ', E' \x01'), E'\x01 ', ''), E'\x01', ''))
$body$;
"""
