"""Reading the journal: what was done by an account, or with it, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from parvis.audit.journal import sentence_of
from parvis.audit.models import Entry
from parvis.kit.actors import Actor, ActorKind

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
    own = Q(partner_id=actor.partner_id, account_id=actor.account_id) | Q(subject=actor.label)
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
    return Line(pk, at, sentence_of(event), by, subject, details)
