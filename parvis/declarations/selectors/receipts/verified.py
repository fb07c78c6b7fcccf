"""« Vérifier un accusé » : what anybody may learn who holds a receipt and its code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from parvis.declarations.selectors.receipts import CODE_LENGTH, is_code_of
from parvis.kit.references import READABLE


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of an authentic receipt: no name of a person, no tenant.

    ``landlord`` is empty for an individual; ``newer_number`` is the receipt that corrects the only rent of this one.
    """

    number: str
    at: datetime
    count: int
    landlord: str
    newer_number: str | None
    newer_at: datetime | None
    is_of_rents: bool


_VERIFY = """
SELECT r.number, r.at, r.count, CASE WHEN p.nature = 'corporate' THEN r.stated ->> 'landlord' ELSE '' END,
       newer.number, newer.at, r.is_of_rents, r.content_hash, declarations_receipt_content(r.id)
FROM declarations_receipt r
JOIN identity_partner p ON p.id = r.landlord_id
LEFT JOIN LATERAL (SELECT n.number, n.at FROM declarations_declaration d
  JOIN declarations_declaration c ON c.corrects_id = d.id AND NOT (c.state IN ('rejected', 'abandoned'))
  JOIN declarations_receipt n ON n.id = c.receipt_id WHERE d.receipt_id = r.id AND d.state = 'corrected'
  ORDER BY c.state = 'corrected', c.id DESC LIMIT 1) newer ON r.count = 1
WHERE r.number = %s
"""
_TYPED_NUMBER = re.compile(r"AR(\d{4})(\d{2})(\d{6,10})")
_BLANKS = re.compile(r"[\s\-–—._]+")


def verify(number: str, code: str) -> Verified | None:
    """The receipt these two belong to, read kindly (case, blanks, hyphens); None if they do not
    go together, or if what is kept is no longer what was sealed."""
    found = _TYPED_NUMBER.fullmatch(_BLANKS.sub("", number).upper())
    typed = _BLANKS.sub("", code).upper().replace("8", "B")
    if found is None or len(typed) != CODE_LENGTH or not set(typed) <= set(READABLE):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY, ["AR-" + "-".join(found.groups())])
        row = cursor.fetchone()
    if row is None or not is_code_of(row[0], bytes(row[7]), typed):
        return None
    if bytes(row[7]) != bytes(row[8]):
        return None
    return Verified(*row[:7])
