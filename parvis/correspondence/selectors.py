"""Questions about messages: what was written to an account, where a message is, what waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.expressions import RawSQL

from parvis.audit.happened import Branch
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.correspondence.rendering import belonging
from parvis.kit.actors import Actor
from parvis.kit.refusals import NotFound

PAGE = 25
_SEEN = (
    "reference",
    "number",
    "channel",
    "state",
    "template",
    "subject",
    "created_at",
    "due_at",
    "sent_at",
    "attachment_name",
    "batch__posted_on",
    "batch__expected_on",
    "returned__reason",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its landlord may see it: never its secret. ``attachment_name`` is that of the PDF it carried, if any.

    Of a letter: ``posted_on`` is the day its batch was posted, ``expected_on`` that by which it should have arrived then;
    ``returned`` why it came back. ``sent_at`` is when its PDF was made: nobody has posted it yet.
    """

    reference: str
    number: str
    channel: Channel
    state: MessageState
    template: str
    subject: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attachment_name: str
    posted_on: date | None = None
    expected_on: date | None = None
    returned: str | None = None


def messages_of_account(
    actor: Actor,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = PAGE,
    channel: Channel | None = None,
    words: str = "",
) -> list[Written]:
    """What was written to the actor's account, newest first, or by one way only.

    ``before`` is (created_at, reference) of the last one seen; ``words`` stand in its subject or what it says.
    """
    rows = _of(actor) if channel is None else _of(actor).filter(channel=channel)
    if words:
        rows = rows.filter(Q(subject__icontains=words) | Q(body__icontains=words))
    if before is not None:
        rows = rows.filter(Q(created_at__lt=before[0]) | Q(created_at=before[0], reference__lt=before[1]))
    return [_written(row) for row in rows.order_by("-created_at", "-reference").values_list(*_SEEN)[:limit]]


def message_of_account(actor: Actor, reference: str) -> tuple[Written, str]:
    """One message of the actor's account with its words, secrets masked."""
    row = _of(actor).filter(reference=reference).values_list(*_SEEN, "body").first()
    if row is None:
        raise NotFound
    return _written(row[:-1]), row[-1]


def latest(account_id: int, templates: Collection[str]) -> Written | None:
    """Where the newest message of these templates is: for recovery, which says when a letter left or will leave."""
    rows = Message.objects.filter(account_id=account_id, template__in=templates).order_by("-created_at", "-id")
    row = rows.values_list(*_SEEN).first()
    return None if row is None else _written(row)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the queue stands: ``oldest_due_at`` says how late it is, ``failed`` how many dead letters agents must see."""

    due: int
    failed: int
    oldest_due_at: datetime | None


def waiting(*, at: datetime) -> Waiting:
    """The state of the queue, for health and metrics."""
    # Two questions, each of which has its partial index: asked as one, it would read every message ever written.
    due = Message.objects.filter(state=MessageState.DUE, is_held=False, due_at__lte=at)
    found = due.aggregate(count=Count("id"), oldest=Min("due_at"))
    return Waiting(found["count"], Message.objects.filter(state=MessageState.FAILED).count(), found["oldest"])


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that could not leave, without what it says nor whom it was for; ``due_at`` is when it should have left."""

    pk: int
    reference: str
    template: str
    due_at: datetime
    failure: str


def failed(*, since: datetime | None = None) -> list[Failed]:
    """The messages that did not leave and somebody must look at, the oldest first; only those due ``since``."""
    rows = Message.objects.filter(state=MessageState.FAILED).order_by("due_at", "pk")
    rows = rows if since is None else rows.filter(due_at__gte=since)
    return [Failed(*row) for row in rows.values_list("pk", "reference", "template", "due_at", "failure")]


@dataclass(frozen=True, slots=True)
class Label:
    """What a message is about, for the demonstration's mailbox, which belongs to everybody."""

    reference: str
    number: str
    login_id: str
    account_name: str
    address: list[str]
    subject: str
    body: str
    sent_at: datetime | None


def labels(*, references: Collection[str] = (), numbers: Collection[str] = ()) -> list[Label]:
    """The messages of a demonstration by reference or letter number."""
    rows = Message.objects.filter(Q(reference__in=references) | Q(number__in=[number for number in numbers if number]))
    return [
        Label(reference, number, context["login_id"], context["account_name"], address, subject, body, sent_at)
        for reference, number, context, address, subject, body, sent_at in rows.values_list(
            "reference", "number", "context", "to_address", "subject", "body", "sent_at"
        )
    ]


def _of(actor: Actor) -> QuerySet[Message]:
    """The scope of a partner: its own account, at its own landlord."""
    return Message.objects.filter(account_id=actor.account_id, partner_id=actor.partner_id, account_id__isnull=False)


def _written(row: tuple[Any, ...]) -> Written:
    reference, number, channel, state, *rest = row
    return Written(reference, number, Channel(channel), MessageState(state), *rest)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as agents see it: whom it was for stays masked, and so does its secret.

    Of a letter: ``batch`` is the number of its batch, ``posted_on`` the day that was posted, ``expected_on`` that by which the letter
    should have arrived then, ``returned`` why it came back.
    """

    pk: int
    reference: str
    number: str
    channel: Channel
    state: MessageState
    template: str
    subject: str
    to_email: str
    to_address: list[str]
    account_id: int | None
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    is_held: bool
    failure: str
    bounced_at: datetime | None = None
    batch: str | None = None
    posted_on: date | None = None
    expected_on: date | None = None
    returned: str | None = None


_ELSEWHERE = {
    "batch": "batch__number",
    "posted_on": "batch__posted_on",
    "expected_on": "batch__expected_on",
    "returned": "returned__reason",
}
_KEPT = tuple(_ELSEWHERE.get(name, name) for name in Sent.__dataclass_fields__)


def messages_of_partner(
    partner_id: UUID,
    offices: Collection[str] | None,
    *,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> list[Sent]:
    """What was written to the people of a landlord, newest first; ``before`` is (created_at, pk) of the last one seen.

    ``offices`` are the names, now and before, of those the reader sees this landlord by, None for all: what was written for another
    one is not theirs to read. What is about access is of no office in particular.
    """
    rows = _for_offices(partner_id, offices)
    if before is not None:
        rows = rows.filter(Q(created_at__lt=before[0]) | Q(created_at=before[0], pk__lt=before[1]))
    return [_sent(row) for row in rows.order_by("-created_at", "-pk").values_list(*_KEPT)[:limit]]


def message_of_partner(partner_id: UUID, offices: Collection[str] | None, reference: str) -> tuple[Sent, str]:
    """One message to the people of a landlord, with its words, secrets masked; of another office than ``offices``, none."""
    row = _for_offices(partner_id, offices).filter(reference=reference).values_list(*_KEPT, "body").first()
    if row is None:
        raise NotFound
    return _sent(row[:-1]), row[-1]


def _for_offices(partner_id: UUID, offices: Collection[str] | None) -> QuerySet[Message]:
    """A message tells its office as the head of its letter or in its words; one that tells none may name no tenant (``belonging``)."""
    return Message.objects.filter(_seen_at(offices), partner_id=partner_id)


def _seen_at(offices: Collection[str] | None) -> Q:
    if offices is None:
        return Q()
    names = list(offices)
    told = Q(context__office__name__in=names) | Q(context__office__in=names) | Q(context__offices__has_any_keys=names)
    silent = Q(template__in=belonging.about_nobody()) & ~Q(context__has_any_keys=["office", "offices"])
    return Q(template__regex=belonging.everybodys()) | told | silent


def written_to(partner_id: UUID, offices: Collection[str] | None) -> Branch:
    """The same messages as lines of what happened around a landlord, at the moment they were asked for."""
    return Branch(Message.objects.filter(partner_id=partner_id), "created_at", _seen_at(offices))


def messages_of_keys(keys: Collection[int]) -> dict[int, Sent]:
    """Messages by their keys, of whom the caller knows already that the reader may see them."""
    rows = Message.objects.filter(pk__in=list(keys)).values_list(*_KEPT) if keys else ()
    return {row[0]: _sent(row) for row in rows}


LOOKED_AT = 500
"""Of each account, how many of its newest messages :func:`messages_with` looks at."""
_WITH = """
SELECT found.id FROM unnest(%s::bigint[]) AS of(account_id) CROSS JOIN LATERAL (
  SELECT looked.id FROM (
    SELECT m.id, m.template, m.created_at FROM correspondence_message m
    WHERE m.account_id = of.account_id ORDER BY m.created_at DESC, m.id DESC LIMIT %s
  ) looked WHERE looked.template = ANY(%s) ORDER BY looked.created_at DESC, looked.id DESC LIMIT %s
) found
"""


def messages_with(account_ids: Collection[int], templates: Collection[str], *, limit: int = PAGE) -> list[Sent]:
    """The messages of some templates to some accounts, newest first: of each account its ``limit`` newest ones.

    They are looked for among the :data:`LOOKED_AT` newest of each account, however many it got in its years; the older ones are
    on the pages of :func:`messages_of_partner`.
    """
    found = RawSQL(_WITH, [list(account_ids), LOOKED_AT, list(templates), limit])  # noqa: S611 - its values are bound
    rows = Message.objects.filter(pk__in=found).order_by("-created_at", "-pk")
    return [_sent(row) for row in rows.values_list(*_KEPT)]


def partner_of_letter(number: str) -> UUID | None:
    """Whom a letter with this number was for, who has it in hand."""
    rows = Message.objects.exclude(number="").filter(number=number)
    return rows.values_list("partner_id", flat=True).first()


def _sent(row: tuple[Any, ...]) -> Sent:
    pk, reference, number, channel, state, *rest = row
    return Sent(pk, reference, number, Channel(channel), MessageState(state), *rest)
