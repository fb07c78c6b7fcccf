"""Files of more lines than an agent takes alone in a day: one asks and says why, another agrees, the first takes it (security.md T64)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from parvis.agents import events
from parvis.agents.models import ExportRequest, ExportState
from parvis.agents.refusals import ExportNotPossible, MoreThanAlone, SecondAgentNeeded
from parvis.agents.selectors.exports import agreed_of, export_of, left_alone
from parvis.audit.journal import record
from parvis.kit.actors import Actor, Duty, check_holds, check_independent
from parvis.kit.db import change_exactly_one, one_row
from parvis.parameters.catalogue import EXPORT_LAPSES, EXPORT_READY
from parvis.parameters.selectors import duration

LONGEST_REASON = 300
GROWS, SPARE = 10, 20
"""A file that grew by more than a tenth, and more than some lines, since it was asked for is not the one that was agreed to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that takes two agents: its sort, its title, what finds it again, how many lines, at which offices of which duty."""

    kind: str
    title: str
    query: str
    rows: int
    duty: Duty
    offices: tuple[str, ...]


@transaction.atomic
def take_alone(title: str, which: str, *, rows: int, by: Actor, at: datetime) -> None:
    """Note, before it leaves, a file that an agent takes without a second one; ``which`` is its fingerprint, whatever its format.

    Refused as soon as it makes more lines than an agent takes alone with the others of the day; of two at once the second one waits.
    """
    one_row("SELECT pg_advisory_xact_lock(hashtext('agents.exports'), hashtext(%s))", [by.label])
    if rows > left_alone(by, which, at=at):
        raise MoreThanAlone
    record(events.EXPORT_ALONE, subject=by.label, by=by, at=at, title=title, rows=rows, query_sha256=which)


def ask(wanted: Wanted, *, reason: str, by: Actor, at: datetime) -> ExportRequest:
    """Ask for a file, with a reason the second agent reads. Asked twice, it is the first request that stands."""
    for office in wanted.offices:
        check_holds(by, wanted.duty, [office])
    reason = " ".join(reason.replace("\0", "").split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ExportNotPossible(
            f"Dites pourquoi vous avez besoin de ce fichier, en {LONGEST_REASON}\u00a0caractères au plus.",
            field="reason",
        )
    try:
        with transaction.atomic():
            return _asked(wanted, reason, by=by, at=at)
    except IntegrityError:
        return _same(wanted, by).get()


def _same(wanted: Wanted, by: Actor) -> QuerySet[ExportRequest]:
    return ExportRequest.objects.filter(
        asked_by=by.label, kind=wanted.kind, query=wanted.query, state=ExportState.ASKED
    )


def _asked(wanted: Wanted, reason: str, *, by: Actor, at: datetime) -> ExportRequest:
    same = _same(wanted, by)
    same.filter(until__lte=at).update(state=ExportState.WITHDRAWN)
    if (standing := same.first()) is not None:
        return standing
    made = ExportRequest.objects.create(
        kind=wanted.kind,
        title=wanted.title,
        query=wanted.query,
        duty=wanted.duty,
        offices=list(wanted.offices),
        rows=wanted.rows,
        reason=reason,
        asked_by=by.label,
        asked_at=at,
        until=at + duration(EXPORT_LAPSES),
    )
    told = {"title": wanted.title, "rows": wanted.rows, "reason": reason}
    record(events.EXPORT_ASKED, subject=str(made.reference), by=by, at=at, **told)
    return made


@transaction.atomic
def agree(reference: UUID, *, by: Actor, at: datetime) -> ExportRequest:
    """Agree to what another agent asks: they may take the file for some hours."""
    found = export_of(by, reference)
    if found.asked_by == by.label:
        raise SecondAgentNeeded
    if found.state != ExportState.ASKED or found.until <= at:
        raise ExportNotPossible(
            "Cette demande n’attend plus d’accord\u00a0: elle est accordée, retirée, ou trop ancienne."
        )
    check_independent(by, found.asked_by)
    waiting = ExportRequest.objects.filter(pk=found.pk, state=ExportState.ASKED, until__gt=at)
    until = at + duration(EXPORT_READY)
    change_exactly_one(waiting, state=ExportState.AGREED, agreed_by=by.label, agreed_at=at, until=until)
    told = {"asked_by": found.asked_by, "title": found.title, "rows": found.rows, "reason": found.reason}
    record(events.EXPORT_AGREED, subject=str(reference), by=by, at=at, **told)
    return found


@transaction.atomic
def withdraw(reference: UUID, *, by: Actor, at: datetime) -> None:
    """Take back what was asked or agreed to: its asker, or whoever could agree. The file can be taken no more."""
    found = export_of(by, reference)
    standing = ExportRequest.objects.filter(pk=found.pk, until__gt=at).exclude(state=ExportState.WITHDRAWN)
    if not standing.update(state=ExportState.WITHDRAWN):
        raise ExportNotPossible("Cette demande est déjà retirée, ou trop ancienne.")
    record(events.EXPORT_WITHDRAWN, subject=str(reference), by=by, at=at, asked_by=found.asked_by, title=found.title)


@transaction.atomic
def take(reference: UUID, *, rows: int, sha256: str, by: Actor, at: datetime) -> None:
    """Note that its asker takes the file, before it leaves: how many lines it has by now, and what proves it."""
    found = agreed_of(by, reference, at=at)
    if rows > found.rows + max(found.rows // GROWS, SPARE):
        raise ExportNotPossible("Ce fichier a bien plus de lignes que celui qui a été accordé. Demandez-le à nouveau.")
    standing = ExportRequest.objects.filter(pk=found.pk, state=ExportState.AGREED, until__gt=at)
    change_exactly_one(standing, taken_at=at)
    told = {
        "asked_by": found.asked_by,
        "agreed_by": found.agreed_by,
        "title": found.title,
        "rows": rows,
        "sha256": sha256,
    }
    record(events.EXPORT_TAKEN, subject=str(reference), by=by, at=at, **told)


def after_restore(*, at: datetime) -> int:
    """What was agreed to before a backup must be asked again; how many."""
    standing = ExportRequest.objects.filter(until__gt=at).exclude(state=ExportState.WITHDRAWN)
    return standing.update(state=ExportState.WITHDRAWN)
