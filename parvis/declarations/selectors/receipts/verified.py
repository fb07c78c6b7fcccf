"""« Vérifier un accusé » : what anybody may learn who holds a receipt and its code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from parvis.declarations.selectors.receipts import CODE_LENGTH, is_code_of
from parvis.kit.references import READABLE

NAMED = 3
"""Receipts of corrections told by number; a campaign of thousands of rents may have been corrected by many."""


class Corrected(NamedTuple):
    """What of a receipt of several was corrected since: how many of its rents or declarations, and by which receipts.

    ``by`` are the first of them (number, moment), in order; ``others`` is how many more there are.
    """

    many: int = 0
    by: tuple[tuple[str, datetime], ...] = ()
    others: int = 0


NOTHING = Corrected()


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of an authentic receipt: no name of a person, no tenant.

    ``landlord`` is empty for an individual; ``newer_number`` is the receipt that corrects the only rent of this one, ``corrected``
    says it of one of several.
    """

    number: str
    at: datetime
    count: int
    landlord: str
    newer_number: str | None
    newer_at: datetime | None
    is_of_rents: bool
    corrected: Corrected = NOTHING


_VERIFY = """
SELECT r.number, r.at, r.count, CASE WHEN p.nature = 'corporate' THEN r.stated ->> 'landlord' ELSE '' END,
       newer.number, newer.at, r.is_of_rents, r.content_hash, declarations_receipt_content(r.id), r.id
FROM declarations_receipt r
JOIN identity_partner p ON p.id = r.landlord_id
LEFT JOIN LATERAL (SELECT n.number, n.at FROM declarations_declaration d
  JOIN declarations_declaration c ON c.corrects_id = d.id AND NOT (c.state IN ('rejected', 'abandoned'))
  JOIN declarations_receipt n ON n.id = c.receipt_id WHERE d.receipt_id = r.id AND d.state = 'corrected'
  ORDER BY c.state = 'corrected', c.id DESC LIMIT 1) newer ON r.count = 1
WHERE r.number = %s
"""
# A July rent and that of the year before, sent with it, are one rent.
_CORRECTED = f"""
WITH corrected AS (
  SELECT d.tenancy_id, CASE d.kind WHEN 'previous_july_rent' THEN 'july_rent' ELSE d.kind END AS kind, newer.receipt_id
  FROM declarations_declaration d CROSS JOIN LATERAL (
    SELECT c.receipt_id FROM declarations_declaration c
    WHERE c.corrects_id = d.id AND c.receipt_id IS NOT NULL AND NOT (c.state IN ('rejected', 'abandoned'))
    ORDER BY c.state = 'corrected', c.id DESC LIMIT 1) newer
  WHERE d.receipt_id = %s AND d.state = 'corrected')
SELECT (SELECT count(DISTINCT (tenancy_id, kind)) FROM corrected)::int, n.number, n.at, (count(*) OVER ())::int
FROM declarations_receipt n WHERE n.id IN (SELECT receipt_id FROM corrected) ORDER BY n.at, n.number LIMIT {NAMED}
"""
_TYPED_NUMBER = re.compile(r"AR(\d{4})(\d{2})(\d{6,10})")
_BLANKS = re.compile(r"[\s\-–—._]+")


def verify(number: str, code: str) -> Verified | None:
    """The receipt these two belong to, read kindly (case, blanks, hyphens); None if they do not
    go together, or if what is kept is no longer what was sealed."""
    read = _TYPED_NUMBER.fullmatch(_BLANKS.sub("", number).upper())
    typed = _BLANKS.sub("", code).upper().replace("8", "B")
    if read is None or len(typed) != CODE_LENGTH or not set(typed) <= set(READABLE):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY, ["AR-" + "-".join(read.groups())])
        row = cursor.fetchone()
    if row is None or not is_code_of(row[0], bytes(row[7]), typed):
        return None
    if bytes(row[7]) != bytes(row[8]):
        return None
    found = Verified(*row[:7])
    return replace(found, corrected=_corrected(row[9])) if found.count > 1 else found


def _corrected(receipt_id: int) -> Corrected:
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTED, [receipt_id])
        rows = cursor.fetchall()
    if not rows:
        return NOTHING
    return Corrected(rows[0][0], tuple((number, at) for _, number, at, _ in rows), rows[0][3] - len(rows))
