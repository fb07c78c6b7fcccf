"""Changing the key of encrypted fields without stopping: what an older key closed is closed anew, a few rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model

from parvis.agents.models import Agent
from parvis.audit.journal import record
from parvis.changes.models import Attachment, ChangeDraft, ChangeRequest
from parvis.contact.models import ConversationMessage
from parvis.exchange.models import OutgoingChange, SetAsideLine
from parvis.exchange.outbound.changes import column_of
from parvis.identity.models import DataCopy
from parvis.kit.actors import Actor
from parvis.kit.encryption import CannotOpen, close, is_of_newest_key, open_
from parvis.landlords.models import Landlord, ReplacementPaper, ThirdPartyNumber, iban_column, nir_column
from parvis.upkeep import events

_BLOCK = 500

FIELDS: tuple[tuple[type[Model], str, Callable[[Any], str]], ...] = (
    (Landlord, "nir", lambda row: nir_column(row.partner.person_index)),
    (ThirdPartyNumber, "iban", lambda row: iban_column(row.office_id, row.number)),
    (ChangeRequest, "iban", lambda row: str(row.iban_column)),
    (Attachment, "content", lambda row: str(row.column)),
    (ChangeDraft, "sealed", lambda row: str(row.column)),
    (ConversationMessage, "text", lambda row: str(row.column)),
    (ReplacementPaper, "content", lambda row: str(row.column)),
    (DataCopy, "content", lambda row: str(row.column)),
    (OutgoingChange, "line", lambda row: column_of(row.change)),
    (SetAsideLine, "line", lambda row: str(row.column)),
    (Agent, "home", lambda row: str(row.home_column)),
    (Agent, "time_secret", lambda row: str(row.secret_column)),
)
"""Every encrypted field, and the words each value is bound to."""


class Rotation(NamedTuple):
    """How many values were closed anew, and the rows (« model pk ») whose value no key here opens: they keep the key they have."""

    done: int
    unopened: list[str]


def rotate(*, by: Actor, at: datetime) -> Rotation:
    """Close anew what an older key closed. Broken off, it goes on where it was; a value that does not open keeps no other waiting."""
    done, unopened = 0, list[str]()
    for model, field, column in FIELDS:
        done += _rotated(model, field, column, unopened)
    with transaction.atomic():
        record(events.KEYS_ROTATED, subject="fields", by=by, at=at, values=done, unopened=len(unopened))
    return Rotation(done, unopened)


def _rotated(model: type[Model], field: str, column: Callable[[Any], str], unopened: list[str]) -> int:
    done, last = 0, None
    everything = model._default_manager.exclude(**{f"{field}__isnull": True}).order_by("pk")
    if model is Landlord:
        everything = everything.select_related("partner")
    while block := list((everything if last is None else everything.filter(pk__gt=last))[:_BLOCK]):
        for row in block:
            stored = bytes(getattr(row, field))
            if stored and not is_of_newest_key(stored):
                try:
                    anew = close(open_(stored, column(row)), column(row))
                except CannotOpen:
                    unopened.append(f"{model._meta.label}.{field} {row.pk}")
                    continue
                # Whoever wrote the value meanwhile wrote it with the newest key.
                done += model._default_manager.filter(pk=row.pk, **{field: stored}).update(**{field: anew})
        last = block[-1].pk
    return done
