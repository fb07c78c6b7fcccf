"""The chain of the journal: how an entry is read, and what its mark is. The key is never in the database.

Whoever holds the database alone cannot make a chain that holds; whoever holds the key too is betrayed by the heads that left
the machine (security.md §2.12).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from parvis.config import environment
from parvis.kit.merging import rows

BEGINNING = bytes(32)
"""What comes before the first entry."""

BLOCK = 5_000

# The database says each value as text, in one way whatever the machine: moments in UTC, details as jsonb keeps them.
FIELDS = """
e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.event, e.actor_kind, e.actor_label, e.account_id,
e.partner_id::text, e.subject, e.details::text
"""


def key() -> bytes:
    """The key of the chain: of the environment, or drawn from the instance's secret where none is given."""
    own = environment.AUDIT_KEY
    return own.encode() if own else hashlib.sha256(b"audit|" + environment.SECRET_KEY.encode()).digest()


def mark(before: bytes, position: int, entry: tuple[Any, ...]) -> bytes:
    """The mark of an entry at this position, after the mark ``before``."""
    said = json.dumps([position, *entry], ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.new(key(), before + said, hashlib.sha256).digest()


_LINKED = f"""
SELECT l.position, l.entry_id, l.mac, {FIELDS}
FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id
WHERE l.position > %s ORDER BY l.position LIMIT {BLOCK}
"""


def linked(after: int) -> Iterator[tuple[int, int, bytes, tuple[Any, ...] | None]]:
    """Each link after a position with the entry it names, or None where that is gone."""
    while block := rows(_LINKED, [after]):
        for position, entry_id, mac, *entry in block:
            yield position, entry_id, bytes(mac), tuple(entry) if entry[0] is not None else None
        after = block[-1][0]
