"""The only way to write the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Json

from parvis.audit.models import Entry
from parvis.kit.actors import Actor
from parvis.kit.db import copy_in, write


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of act: its code, and the sentence shown to people who read the journal.

    ``to_all``: done to a landlord as a whole, every account of theirs may read it among its own. ``quiet``: too many of them to be
    lines of a landlord's file; whoever reads the whole journal sees them.
    """

    code: str
    sentence: str
    to_all: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        """Two kinds of act never share a code."""
        if _SENTENCES.setdefault(self.code, self.sentence) != self.sentence:
            raise ValueError(f"{self.code} says two things.")
        if self.to_all:
            TO_ALL.add(self.code)
        if self.quiet:
            QUIET.add(self.code)


_SENTENCES: dict[str, str] = {}
TO_ALL: set[str] = set()
"""The codes of the acts that every account of a landlord may read."""
QUIET: set[str] = set()
"""The codes of the acts that the journal of one landlord leaves out."""


def sentence_of(code: str) -> str:
    """What the journal says of a kind of act; the code itself for one that no room records any more."""
    return _SENTENCES.get(code, code)


def sentences() -> dict[str, str]:
    """Every kind of act that some room records, with its sentence."""
    return dict(_SENTENCES)


# Written at every act of every page: composing this by the ORM would cost more than the database takes.
_WRITE = """
INSERT INTO audit_entry (at, event, actor_kind, actor_label, account_id, partner_id, subject, details)
VALUES (%(at)s, %(event)s, %(actor_kind)s, %(actor_label)s, %(account_id)s, %(partner_id)s, %(subject)s, %(details)s)
"""


def record(event: Event, *, subject: str, by: Actor, at: datetime, **details: Any) -> None:
    """Write one entry in the transaction of the act it tells. No NIR, IBAN, password, code or full e-mail in details."""
    _inside_a_transaction()
    write(_WRITE, {**_row(event, subject, by, at, details), "details": Json(details)})


def record_many(event: Event, *, subjects: Iterable[tuple[str, dict[str, Any]]], by: Actor, at: datetime) -> None:
    """The same act done to many things at once: one entry each."""
    _inside_a_transaction()
    rows = [_row(event, subject, by, at, details) for subject, details in subjects]
    if rows:
        copy_in(Entry, list(rows[0]), (tuple({**row, "details": json.dumps(row["details"])}.values()) for row in rows))


def _row(event: Event, subject: str, by: Actor, at: datetime, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": at,
        "event": event.code,
        "actor_kind": by.kind.value,
        "actor_label": by.label,
        "account_id": by.account_id,
        "partner_id": by.partner_id,
        "subject": subject,
        "details": details,
    }


def _inside_a_transaction() -> None:
    if not connection.in_atomic_block or transaction.get_autocommit():
        raise RuntimeError("The journal is written in the transaction of the act it tells.")
