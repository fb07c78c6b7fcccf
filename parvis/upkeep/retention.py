"""How long each kind is kept, and the erasing of what is past its time. What has not left is never erased (I23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.audit import purging
from parvis.audit.journal import record
from parvis.kit.actors import Actor
from parvis.kit.merging import execute, rows
from parvis.parameters import catalogue
from parvis.parameters.catalogue import Parameter
from parvis.parameters.selectors import duration
from parvis.upkeep import events

_BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of ``table`` that are past their time: ``past`` says which, of ``%(before)s``."""

    name: str
    label: str
    table: str
    past: str
    keep: Parameter


RULES = (
    Rule("returns", "courriers revenus", "correspondence_returnedletter",
         "settled_at IS NOT NULL AND EXISTS (SELECT 1 FROM correspondence_message m WHERE m.id = x.message_id"
         " AND m.sent_at < %(before)s)", catalogue.KEEP_MESSAGES),
    Rule("messages", "messages", "correspondence_message",
         "state IN ('sent', 'cancelled') AND COALESCE(sent_at, due_at) < %(before)s"
         " AND NOT EXISTS (SELECT 1 FROM correspondence_message f WHERE f.after_id = x.id)"
         " AND NOT EXISTS (SELECT 1 FROM correspondence_returnedletter r WHERE r.message_id = x.id)", catalogue.KEEP_MESSAGES),
    Rule("lines", "lignes écartées", "exchange_setasideline",
         "state <> 'waiting' AND EXISTS (SELECT 1 FROM exchange_deliveryfile f WHERE f.id = x.file_id AND f.loaded_at < %(before)s)",
         catalogue.KEEP_SET_ASIDE),
    Rule("looks", "consultations de dossiers", "tenancies_filelook", "looked_at < %(before)s", catalogue.KEEP_LOOKS),
    Rule("codes", "codes terminés", "identity_onetimecode", "expires_at < %(before)s", catalogue.KEEP_CODES),
    Rule("waiting_proofs", "preuves jamais données", "identity_pendingchange", "asked_at < %(before)s", catalogue.KEEP_PROOFS),
)  # fmt: skip
"""Declarations, receipts and what left for the office are evidence: the law of the business says how long, and erases by archive."""


def purge(by: Actor, at: datetime) -> dict[str, int]:
    """Erase everything that is past its time, in small transactions; how many of each."""
    erased = {rule.label: _purged(rule, at) for rule in RULES}
    erased["entrées du journal"] = purging.purge(before=at - duration(catalogue.KEEP_JOURNAL))
    if any(erased.values()):
        with transaction.atomic():
            record(
                events.PURGED, subject="retention", by=by, at=at, **{"erased": {k: n for k, n in erased.items() if n}}
            )
    return erased


def first_past(rule: Rule, *, at: datetime) -> str | None:
    """The first row that should have been erased, as ``table key``; None where all is well."""
    found = rows(
        f"SELECT id FROM {rule.table} x WHERE {rule.past} ORDER BY id LIMIT 1", {"before": at - duration(rule.keep)}
    )
    return f"{rule.table} {found[0][0]}" if found else None


def _purged(rule: Rule, at: datetime) -> int:
    statement = f"DELETE FROM {rule.table} WHERE id IN (SELECT id FROM {rule.table} x WHERE {rule.past} ORDER BY id LIMIT {_BLOCK})"
    erased, more = 0, _BLOCK
    while more == _BLOCK:
        with transaction.atomic():
            more = execute(statement, {"before": at - duration(rule.keep)})
        erased += more
    return erased
