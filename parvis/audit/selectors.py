"""Reading the journal: what was done by an account, or with it, newest first."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from parvis.audit.journal import QUIET, TO_ALL, Event, sentence_of
from parvis.audit.models import ChainCheck, Entry
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.db import all_rows

PAGE = 25
_BY = {ActorKind.AGENT: "Un agent de votre caisse", ActorKind.SYSTEM: "Le portail"}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the one it concerns may read it: never an agent's name, never a secret."""

    pk: int
    at: datetime
    sentence: str
    by: str
    subject: str
    details: dict[str, Any]


def journal_of(
    actor: Actor, *, events: Collection[str] = (), before: int | None = None, limit: int = PAGE
) -> list[Line]:
    """What was done in the name of the actor's account, or to it, at its own partner; ``before`` is the last one seen."""
    if actor.partner_id is None or actor.account_id is None:
        return []
    own = Q(partner_id=actor.partner_id, account_id=actor.account_id)
    own |= Q(partner_id=actor.partner_id, account_id=None, event__in=sorted(TO_ALL))
    if actor.kind is ActorKind.PARTNER:
        own |= Q(subject=actor.label)
    rows = Entry.objects.filter(own)
    if events:
        rows = rows.filter(event__in=events)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = rows.order_by("-pk").values_list("pk", "at", "event", "actor_kind", "actor_label", "subject", "details")
    return [_line(row, actor) for row in found[:limit]]


def _line(row: tuple[Any, ...], actor: Actor) -> Line:
    pk, at, event, kind, label, subject, details = row
    by = "Vous" if label == actor.label else _BY.get(ActorKind(kind), label)
    return Line(pk, at, _with_reason(event, details), by, subject, details)


def _with_reason(event: str, details: dict[str, Any]) -> str:
    """The sentence of an act, with the reason its landlord may read, if one was given."""
    told = details.get("told_reason")
    return f"{sentence_of(event)}, motif\u00a0: {told}" if told else sentence_of(event)


@dataclass(frozen=True, slots=True)
class FullLine:
    """One act as agents read it: who, as what, and why, in the words that were typed. Never a secret: none is ever written.

    ``event`` is the code of the act.
    """

    pk: int
    at: datetime
    sentence: str
    kind: ActorKind
    by: str
    subject: str
    note: str
    browser: str
    event: str


# Acts in the name of a landlord, and those on its accounts by machinery that acts in nobody's: two indexes, each read in its order.
_OF_PARTNER = """
SELECT id, at, event, actor_kind, actor_label, subject, details::text FROM (
  (SELECT * FROM audit_entry WHERE partner_id = %(partner)s{narrowed} ORDER BY at DESC, id DESC LIMIT %(limit)s)
  UNION ALL
  (SELECT * FROM audit_entry WHERE subject = ANY(%(subjects)s) AND partner_id IS DISTINCT FROM %(partner)s{narrowed}
   ORDER BY at DESC, id DESC LIMIT %(limit)s)) found
ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


def journal_of_partner(
    partner_id: UUID,
    subjects: Collection[str],
    *,
    offices: Collection[str] | None,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> list[FullLine]:
    """What was done by a landlord, for it, or with the accounts named by ``subjects``, newest first; ``before`` is (at, pk).

    ``offices`` are the codes of those the reader sees this landlord by, None for all: an act that tells another one is left out.
    So are the looks inside a file, of which its opening tells.
    """
    values = {"partner": partner_id, "subjects": list(subjects), "limit": limit, "quiet": sorted(QUIET)}
    narrowed = " AND event <> ALL(%(quiet)s)"
    if offices is not None:
        narrowed += " AND COALESCE(details ->> 'office', '') = ANY(%(offices)s)"
        values |= {"offices": ["", *offices]}
    if before is not None:
        narrowed += " AND (at, id) < (%(at)s, %(pk)s)"
        values |= {"at": before[0], "pk": before[1]}
    return [_full(row) for row in all_rows(_OF_PARTNER.replace("{narrowed}", narrowed), values)]


def _full(row: tuple[Any, ...]) -> FullLine:
    pk, at, event, kind, label, subject, text = row
    details = json.loads(text)
    note = " — ".join(str(details[key]) for key in ("told_reason", "reason", "note") if details.get(key))
    return FullLine(
        pk, at, sentence_of(event), ActorKind(kind), label, subject, note, str(details.get("browser") or ""), event
    )


_BY_KEY = """
SELECT id, at, event, actor_kind, actor_label, subject, details::text FROM audit_entry WHERE id = ANY(%(keys)s)
"""


def entries_of(keys: Collection[int]) -> dict[int, FullLine]:
    """Acts by their keys, of whom the caller knows already that the reader may see them."""
    return {row[0]: _full(row) for row in all_rows(_BY_KEY, {"keys": list(keys)})} if keys else {}


def last_check() -> ChainCheck | None:
    """When the chain of the journal was last followed from its beginning, and what was found."""
    return ChainCheck.objects.order_by("-at", "-pk").first()


def has_happened(event: Event, subject: str, *, since: datetime) -> bool:
    """Whether something was written of a subject from a moment on."""
    return Entry.objects.filter(subject=subject, event=event.code, at__gt=since).exists()
