"""Verbs of the correspondence: queue what must leave, take it back, try again. See the room's docstring for the texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from psycopg.types.json import Json

from parvis.audit.journal import record_many
from parvis.correspondence import events, secrets
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.correspondence.rendering import attachments
from parvis.correspondence.rendering.texts import is_written
from parvis.correspondence.rendering.window import country_of, window_lines
from parvis.kit.actors import Actor
from parvis.kit.db import blank_row, copy_in, next_values, one_row
from parvis.kit.references import opaque

ALWAYS_NEEDED = frozenset({"account_name", "login_id", "user_number"})
LETTERS_NEED = ALWAYS_NEEDED | {"office"}
BATCH = 2_000
TRIED_AGAIN_FOR = timedelta(days=30)
"""Nobody awaits an older message any more: it is tried again by name only."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A message to be queued: an e-mail if it has ``to``, a letter if it has ``to_address``.

    ``after`` (a queued message, or another draft of the same list) and ``delay`` hold it back until that long after the
    other one left; ``due_at`` until a moment. ``urgent`` overtakes all that is not: codes only. ``attachment`` and its
    subject name the PDF an e-mail carries, made when it leaves.
    """

    template: str
    context: dict[str, Any]
    to: str = ""
    to_address: Sequence[str] = ()
    account_id: int | None = None
    partner_id: UUID | None = None
    secret: str = ""
    secret_subject: int | None = None
    urgent: bool = False
    after: Draft | Message | None = None
    delay: timedelta | None = None
    due_at: datetime | None = None
    attachment: str = ""
    attachment_subject: int | None = None


class Particulars(TypedDict, total=False):
    """What e-mails and letters share, as :class:`Draft` names it; all of it may be left out."""

    account_id: int | None
    partner_id: UUID | None
    secret: str
    secret_subject: int | None
    urgent: bool
    after: Draft | Message | None
    delay: timedelta | None
    due_at: datetime | None
    attachment: str
    attachment_subject: int | None


def queue_email(
    *, to: str, template: str, context: dict[str, Any], at: datetime, **particulars: Unpack[Particulars]
) -> Message:
    """Queue one e-mail in the transaction of its cause: it leaves if, and only if, that transaction commits."""
    return queue_many([Draft(template, context, to=to, **particulars)], at=at)[0]


def queue_letter(
    *,
    to_address: Sequence[str],
    template: str,
    context: dict[str, Any],
    at: datetime,
    **particulars: Unpack[Particulars],
) -> Message:
    """Queue one letter; ``to_address`` begins with the name and is fitted to the window (6 lines of 38 signs)."""
    return queue_many([Draft(template, context, to_address=to_address, **particulars)], at=at)[0]


def queue_many(drafts: Iterable[Draft], at: datetime) -> list[Message]:
    """Queue any number of messages, in the order given; a draft that waits for another stands after it."""
    if not connection.in_atomic_block:
        raise RuntimeError("A message is queued in the transaction of its cause.")
    drafts = list(drafts)
    _lock_predecessors(drafts)
    made: dict[Draft, Message] = {}
    for follows in (False, True):
        part = [draft for draft in drafts if isinstance(draft.after, Draft) == follows]
        rows = [_row(draft, made, at) for draft in part]
        made.update(zip(part, _insert(rows), strict=True))
    return [made[draft] for draft in drafts]


def queue_set(drafts: Iterable[Draft], at: datetime) -> int:
    """Queue tens of thousands of messages by COPY; a draft may wait only for another of the set. How many were queued."""
    if not connection.in_atomic_block:
        raise RuntimeError("A message is queued in the transaction of its cause.")
    numbered = dict(zip(drafts := list(drafts), next_values(Message, len(drafts)), strict=True))
    blank, windows = blank_row(Message), dict[tuple[str, ...], list[str]]()
    rows = []
    for draft, identifier in numbered.items():
        row = {**blank, **_values(draft, at, windows), "id": identifier}
        if isinstance(draft.after, Draft):
            row |= {"after_id": numbered[draft.after], "after_delay": draft.delay, "is_held": True}
        rows.append(row | {"context": json.dumps(draft.context), "to_address": json.dumps(row["to_address"])})
    copy_in(Message, list(blank), [tuple(row.values()) for row in rows])
    return len(rows)


# One message alone is what every code is: written without the ORM, which takes longer to say it than the database to do it.
_INSERT = """
INSERT INTO correspondence_message (reference, number, channel, template, context, secret, secret_subject, to_email,
  to_address, to_country, account_id, partner_id, urgent, state, due_at, after_id, after_delay, is_held, created_at, attempts, repeated,
  subject, body, failure, attachment, attachment_subject)
VALUES (%(reference)s, '', %(channel)s, %(template)s, %(context)s, %(secret)s, %(secret_subject)s::bigint, %(to_email)s,
  %(to_address)s, %(to_country)s, %(account_id)s::bigint, %(partner_id)s::uuid, %(urgent)s, 'due', %(due_at)s, %(after_id)s::bigint,
  %(after_delay)s::interval, %(is_held)s, %(created_at)s, 0, false, '', '', '', %(attachment)s, %(attachment_subject)s::bigint)
RETURNING id
"""


def _insert(rows: list[Message]) -> list[Message]:
    if len(rows) != 1:
        return Message.objects.bulk_create(rows, batch_size=BATCH)
    known = vars(rows[0])
    written = one_row(_INSERT, {**known, "context": Json(known["context"]), "to_address": Json(known["to_address"])})
    assert written is not None
    rows[0].pk, rows[0]._state.adding = written[0], False
    return rows


def _lock_predecessors(drafts: list[Draft]) -> None:
    """Refresh the messages already queued that others wait for, and keep them from leaving unnoticed meanwhile."""
    waited_for = {draft.after.pk: draft.after for draft in drafts if isinstance(draft.after, Message)}
    for row in Message.objects.select_for_update().filter(pk__in=waited_for).only("state", "sent_at").order_by("pk"):
        waited_for[row.pk].state, waited_for[row.pk].sent_at = row.state, row.sent_at


def _row(draft: Draft, made: dict[Draft, Message], at: datetime) -> Message:
    message = Message(**_values(draft, at))
    first = made[draft.after] if isinstance(draft.after, Draft) else draft.after
    if first is not None:
        message.after, message.after_delay, message.is_held = first, draft.delay, first.sent_at is None
        if first.sent_at is not None:
            message.due_at = max(message.due_at, first.sent_at + (draft.delay or timedelta()))
    return message


def _values(draft: Draft, at: datetime, windows: dict[tuple[str, ...], list[str]] | None = None) -> dict[str, Any]:
    """What a draft says of its row, whatever it waits for; ``windows`` remembers addresses fitted for another of the set."""
    _check(draft)
    windows, address = {} if windows is None else windows, tuple(draft.to_address)
    if address not in windows:
        windows[address] = window_lines(address)
    return {
        "reference": f"M-{opaque()}",
        "channel": (Channel.LETTER if draft.to_address else Channel.EMAIL).value,
        "template": draft.template,
        "context": draft.context,
        "secret": draft.secret,
        "secret_subject": draft.secret_subject,
        "attachment": draft.attachment,
        "attachment_subject": draft.attachment_subject,
        "to_email": draft.to,
        "to_address": windows[address],
        "to_country": country_of(address),
        "account_id": draft.account_id,
        "partner_id": draft.partner_id,
        "urgent": draft.urgent,
        "due_at": max(at, draft.due_at or at),
        "created_at": at,
    }


def _check(draft: Draft) -> None:
    """A message that could never be rendered must fail where it is asked for, not in the worker."""
    missing = (LETTERS_NEED if draft.to_address else ALWAYS_NEEDED) - draft.context.keys()
    if missing:
        raise ValueError(f"{draft.template}: the frame needs {', '.join(sorted(missing))} in the context.")
    if bool(draft.to) == bool(draft.to_address):
        raise ValueError(f"{draft.template}: either an e-mail address or a postal address.")
    if draft.secret and (not secrets.is_registered(draft.secret) or draft.secret_subject is None):
        raise ValueError(f"{draft.template}: nobody draws the secret {draft.secret!r}, or for nobody.")
    if draft.attachment and (not attachments.is_registered(draft.attachment) or draft.attachment_subject is None):
        raise ValueError(f"{draft.template}: nobody makes the paper {draft.attachment!r}, or about nothing.")
    if draft.attachment and draft.to_address:
        raise ValueError(f"{draft.template}: a letter carries no file.")
    if not is_written(draft.template):
        raise ValueError(f"{draft.template}: there is no such text.")
    json.dumps(draft.context)


def _not_leaving(at: datetime) -> Q:
    """Due and in nobody's hands: a failed try that waits for the next one is nobody's."""
    return Q(state=MessageState.DUE) & (Q(leased_until=None) | Q(leased_until__lte=at) | ~Q(failure=""))


@transaction.atomic
def cancel(message_ids: Iterable[int], *, by: Actor, at: datetime, reason: str = "") -> int:
    """Take messages back; returns how many. Those that have left, or are leaving this instant, cannot be."""
    waiting = Message.objects.select_for_update().filter(_not_leaving(at), pk__in=list(message_ids)).order_by("pk")
    rows = dict(waiting.values_list("pk", "reference"))
    Message.objects.filter(pk__in=rows).update(state=MessageState.CANCELLED, leased_until=None, failure=reason)
    subjects = [(reference, {"reason": reason}) for reference in rows.values()]
    record_many(events.CANCELLED, subjects=subjects, by=by, at=at)
    return len(rows)


@transaction.atomic
def take_back_unbatched(account_id: int, templates: Sequence[str], *, by: Actor, at: datetime, reason: str) -> int:
    """Take back the letters of an account that are made and in no batch: nobody posts them any more; returns how many.

    Their PDFs go with the next tidying of the folder, which web processes do not write to.
    """
    made = Message.objects.select_for_update().filter(
        account_id=account_id, template__in=templates, channel=Channel.LETTER, state=MessageState.SENT, batch=None
    )
    known = dict(made.exclude(number="").order_by("pk").values_list("pk", "reference"))
    Message.objects.filter(pk__in=known, batch=None).update(state=MessageState.CANCELLED, failure=reason)
    record_many(events.CANCELLED, subjects=[(name, {"reason": reason}) for name in known.values()], by=by, at=at)
    return len(known)


@transaction.atomic
def retry(message_ids: Iterable[int], *, by: Actor, at: datetime) -> int:
    """Put failed messages back in the queue once their cause is mended; returns how many."""
    failed = Message.objects.select_for_update().filter(pk__in=list(message_ids), state=MessageState.FAILED)
    rows = dict(failed.order_by("pk").values_list("pk", "reference"))
    Message.objects.filter(pk__in=rows).update(state=MessageState.DUE, attempts=0, leased_until=None, due_at=at)
    record_many(events.RETRIED, subjects=[(reference, {}) for reference in rows.values()], by=by, at=at)
    return len(rows)


@transaction.atomic
def abandon(message_ids: Iterable[int], *, by: Actor, at: datetime, reason: str) -> int:
    """Give up failed messages, and those held back until they had left; returns how many failed ones."""
    rows = dict(
        Message.objects.select_for_update()
        .filter(pk__in=list(message_ids), state=MessageState.FAILED)
        .order_by("pk")
        .values_list("pk", "reference")
    )
    held = Message.objects.filter(after__in=rows, is_held=True, state=MessageState.DUE)
    behind = dict(held.select_for_update().order_by("pk").values_list("pk", "reference"))
    given_up = Message.objects.filter(pk__in=[*rows, *behind])
    given_up.update(state=MessageState.CANCELLED, leased_until=None, failure=reason)
    subjects = [(reference, {"reason": reason}) for reference in (*rows.values(), *behind.values())]
    record_many(events.CANCELLED, subjects=subjects, by=by, at=at)
    return len(rows)


@transaction.atomic
def write_anew(letters: QuerySet[Message], *, by: Actor, at: datetime) -> int:
    """Have the worker make letters again whose PDF is lost, under the same number; returns how many."""
    rows = dict(
        letters.select_for_update().filter(state=MessageState.SENT).order_by("pk").values_list("pk", "reference")
    )
    Message.objects.filter(pk__in=rows).update(
        state=MessageState.DUE, sent_at=None, batch=None, attempts=0, leased_until=None, due_at=at
    )
    record_many(events.RETRIED, subjects=[(reference, {}) for reference in rows.values()], by=by, at=at)
    return len(rows)
