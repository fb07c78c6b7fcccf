"""Text as people search it: without case, accents or stray blanks. The same in Python and in SQL.

``parvis_fold`` (migration kit.0001) must answer as :func:`fold` does; a test holds both together.
"""

from __future__ import annotations

import re
import unicodedata

_FROM = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿšžÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸŠŽ"
_TO = "aaaaaaceeeeiiiinooooouuuuyyszaaaaaaceeeeiiiinooooouuuuyysz"
_TABLE = str.maketrans({**dict(zip(_FROM, _TO, strict=True)), "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'"})
_BLANKS = re.compile(r"[\s'\-.]+")


def fold(text: str) -> str:
    """``L’Hermite  Noé`` → ``l hermite noe``: lower case, no accent; blanks, hyphens, dots, apostrophes one space."""
    composed = unicodedata.normalize("NFC", text)
    return _BLANKS.sub(" ", composed.translate(_TABLE).lower()).strip()


FOLD_SQL = rf"""
CREATE OR REPLACE FUNCTION parvis_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $body$
  SELECT btrim(regexp_replace(lower(translate(
    replace(replace(replace(replace(value, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'),
    '{_FROM}’', '{_TO}''')), '[\s''.-]+', ' ', 'g'))
$body$;
"""
