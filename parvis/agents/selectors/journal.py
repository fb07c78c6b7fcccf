"""The whole journal, as those who answer for it search it: by day, act, person, thing, landlord (security.md §2.12).

Never a table read from end to end: a search names a landlord, a thing or an agent, or holds in a month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parvis.audit.journal import sentence_of, sentences
from parvis.audit.models import Entry
from parvis.kit.actors import ActorKind
from parvis.landlords.models import ThirdPartyNumber

PAGE = 50
MOST_EXPORTED = 100_000
KINDS = {ActorKind.PARTNER: "Bailleur", ActorKind.AGENT: "Agent", ActorKind.SYSTEM: "Portail"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search; what is empty is not asked about. ``until`` is the first moment that is too late.

    ``offices`` narrows to landlords of these offices; None asks about everybody.
    """

    since: datetime
    until: datetime
    event: str = ""
    label: str = ""
    subject: str = ""
    partner_id: UUID | None = None
    offices: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One act, with all that was noted of it: no secret ever is."""

    pk: int
    at: datetime
    event: str
    sentence: str
    kind: str
    label: str
    subject: str
    partner_id: UUID | None
    details: dict[str, Any]


def search(asked: Asked, *, before: int | None = None, limit: int = PAGE) -> list[Found]:
    """The newest acts first; ``before`` is the last one seen."""
    return [_found(row) for row in _rows(asked, before)[:limit]]


def everything(asked: Asked, *, most: int = MOST_EXPORTED) -> Iterator[Found]:
    """All that a search finds, up to ``most``, read as it is written."""
    return (_found(row) for row in _rows(asked, None)[:most].iterator(chunk_size=2_000))


def known_events() -> list[tuple[str, str]]:
    """Every kind of act, by its sentence."""
    return sorted(sentences().items(), key=lambda pair: pair[1])


def _rows(asked: Asked, before: int | None) -> QuerySet[Any, tuple[Any, ...]]:
    exact = {"event": asked.event, "actor_label": asked.label, "subject": asked.subject, "partner_id": asked.partner_id}
    rows = Entry.objects.filter(
        at__gte=asked.since, at__lt=asked.until, **{name: value for name, value in exact.items() if value}
    )
    if asked.offices is not None:
        theirs = ThirdPartyNumber.objects.filter(office_id__in=asked.offices)
        rows = rows.filter(partner_id__in=theirs.values("landlord_id"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return rows.order_by("-pk").values_list(
        "pk", "at", "event", "actor_kind", "actor_label", "subject", "partner_id", "details"
    )


def _found(row: tuple[Any, ...]) -> Found:
    pk, at, event, kind, label, subject, partner_id, details = row
    return Found(pk, at, event, sentence_of(event), KINDS[ActorKind(kind)], label, subject, partner_id, details)
