"""Numbers of receipts and references of declarations, drawn as they are sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from parvis.kit.clock import PARIS
from parvis.kit.db import next_value
from parvis.kit.references import CHECK_LETTERS


def receipt_number(at: datetime) -> str:
    """``AR-2026-07-000123``: year and month of the sending, in Paris."""
    return f"AR-{at.astimezone(PARIS):%Y-%m}-{next_value('declarations_receipt_number'):06d}"


_SUM = " + ".join(f"{place} * (s.n / {10 ** (9 - place)} %% 10)" for place in range(1, 10))
_LETTER = f"substr('{CHECK_LETTERS}', 1 + (({_SUM}) %% 19)::int, 1)"
REFERENCE = f"'D-' || %(reference_year)s || '-' || lpad(s.n::text, 9, '0') || '-' || {_LETTER}"
"""The reference of number ``s.n``, as SQL: what kit.references.check_letter says of its nine digits."""


def reference_year(at: datetime) -> str:
    """The year in a reference: that of the sending, in Paris."""
    return f"{at.astimezone(PARIS):%Y}"


def references(count: int, at: datetime) -> list[str]:
    """``D-2026-000000123-K``, as many as wanted: the letter changes when a digit is wrong."""
    drawn = "SELECT nextval('declarations_reference') AS n FROM generate_series(1, %(count)s)"
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"count": count, "reference_year": reference_year(at)}
        cursor.execute(f"SELECT {REFERENCE} FROM ({drawn} OFFSET 0) s", values)
        return [row[0] for row in cursor.fetchall()]
