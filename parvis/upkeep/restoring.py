"""After a restore: nothing of the past comes back to life, nothing that left leaves again (security.md T80).

A backup knows nothing of what happened after it: whom a session was taken from, which mail has left, which declaration the
office has already. Whatever could act on that past is ended or put aside, for people to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from parvis.agents.models import AgentSession, RecoveryCode
from parvis.agents.services import exports, people
from parvis.audit import sealing
from parvis.audit.journal import record
from parvis.changes.models import ChangeRequest
from parvis.correspondence.batches import reconciling as batches
from parvis.correspondence.models import BatchState, LetterBatch, Message, MessageState
from parvis.exchange.models import Delivery, OutgoingDelivery
from parvis.exchange.services import reconciling
from parvis.identity.models import Credential, FreezeLink, OneTimeCode, PendingChange, Session, TrustedBrowser
from parvis.kit.actors import Actor
from parvis.kit.merging import execute, rows
from parvis.landlords.models import AdministratorConfirmation, AdministratorReplacement, HandOver, Invitation
from parvis.parameters.catalogue import REPLACEMENT_LAPSES
from parvis.parameters.selectors import duration
from parvis.upkeep import events, retention
from parvis.upkeep.clockwork import running
from parvis.upkeep.models import TaskRun

WRITERS = (
    "tell_payments",
    "remind_july",
    "remind_declarations",
    "notice_silent_administrators",
    "suspend_unused_rights",
    "ask_reviews",
)
"""Tasks that would write again what was written after the backup."""
PAUSE = timedelta(days=1)
NUMBERS = (
    ("declarations_receipt_number", "declarations_receipt", "number", r"^AR-\d{4}-\d{2}-(\d+)$", 1_000_000),
    ("declarations_reference", "declarations_declaration", "reference", r"^D-\d{4}-(\d+)-", 10_000_000),
    ("changes_number", "changes_changerequest", "number", r"^C-\d{4}-(\d+)-", 1_000_000),
    ("contact_number", "contact_conversation", "number", r"^E-\d{4}-(\d+)-", 1_000_000),
)
"""Sequences whose numbers people are given; where they are read, and how many one restore leaps at least."""
QUARANTINED = "Remis depuis une sauvegarde\u00a0: ce message est peut-être déjà parti."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done, in the order of the operator's list."""

    sessions: int
    provisional: int
    agents: int
    approvals: int
    batches: int
    letters: int
    unknown_letters: int
    messages: int
    deliveries: int
    declarations: int
    papers: int
    unknown: int
    heads: int
    erased: int
    numbers: int


def after_restore(outbox: Path, *, by: Actor, at: datetime, closed: Sequence[str] | None = None) -> Restored:
    """Do everything that must be done before an instance restored from a backup opens; done twice, it changes nothing more.

    ``closed`` are the logins of agents closed since the backup, if the office knows them: the others then keep their proofs.
    """
    with transaction.atomic():
        sessions, provisional, agents = (
            _end_sessions(at),
            _end_provisional(at),
            people.after_restore(closed, by=by, at=at),
        )
        approvals, numbers = _end_approvals(at), _go_on()
        running.enter(at=at)
        TaskRun.objects.filter(name__in=WRITERS).update(due_at=at + PAUSE)
    # Before the messages: a letter of a batch that was made has left, whatever the backup says of it.
    found = batches.reconcile(by=by, at=at)
    messages = _quarantine(at)
    left = reconciling.reconcile(outbox, by=by, at=at)
    heads, erased = sealing.note_restored(at=at), sum(retention.purge(by, at).values())
    done = Restored(
        sessions=sessions,
        provisional=provisional,
        agents=agents,
        approvals=approvals + found.voided,
        batches=found.entered,
        letters=found.letters,
        unknown_letters=found.unknown,
        messages=messages,
        deliveries=left.deliveries,
        declarations=left.declarations,
        papers=left.papers,
        unknown=left.unknown,
        heads=heads,
        erased=erased,
        numbers=numbers,
    )
    with transaction.atomic():
        told = {name: getattr(done, name) for name in done.__slots__}
        record(events.RESTORED, subject="database", by=by, at=at, **told)
    return done


def _end_sessions(at: datetime) -> int:
    """A new version of every identity: whatever was signed, remembered or sent under the old one is dead."""
    OneTimeCode.objects.all().delete()
    PendingChange.objects.all().delete()
    ended = Session.objects.all().delete()[0] + AgentSession.objects.all().delete()[0]
    TrustedBrowser.objects.all().delete()
    execute(f'UPDATE "{Credential._meta.db_table}" SET version = version + 1')
    FreezeLink.objects.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    return ended


def _end_provisional(at: datetime) -> int:
    """Whoever chose a password since has the provisional one of the backup again, and a letter that still lies about opens: it ends.

    Those who never signed in are told so at the door, where another one is asked for.
    """
    return Credential.objects.filter(provisional_until__gt=at).update(provisional_until=at)


def _end_approvals(at: datetime) -> int:
    """What somebody agreed to must be agreed to again: it may have been taken back since."""
    ended = Invitation.objects.filter(accepted_at=None, cancelled_at=None, expires_at__gt=at).update(expires_at=at)
    ended += HandOver.objects.filter(accepted_at=None, closed_at=None, expires_at__gt=at).update(expires_at=at)
    ended += AdministratorReplacement.objects.filter(closed_at=None).exclude(proposed_by="").update(proposed_by="")
    ended += AdministratorReplacement.objects.filter(closed_at=None, state="agreed").update(
        state="proposed", approved_by="", agreed_at=None, waits_until=at + duration(REPLACEMENT_LAPSES)
    )
    ended += exports.after_restore(at=at)
    ended += AdministratorConfirmation.objects.filter(confirmed_at=None).delete()[0]
    ended += Delivery.objects.filter(state="held").exclude(asked_by="").update(asked_by="", asked_at=None)
    # A change of bank details waits again: for its agent where one agreed, for people to look at it where it was about to leave.
    changes = ChangeRequest.objects.filter(kind="bank_details")
    ended += changes.filter(state="held").exclude(approved_by="").update(approved_by="")
    return ended + changes.filter(state="ready").update(state="held", held_until=at + PAUSE, approved_by="")


@transaction.atomic
def _quarantine(at: datetime) -> int:
    """Messages that waited may have left since: they become dead letters, which somebody sends again or does not."""
    due = Message.objects.filter(state=MessageState.DUE, is_held=False)
    return due.update(state=MessageState.FAILED, leased_until=None, failure=QUARANTINED)


def _go_on() -> int:
    """Numbers people may hold since the backup are given to nobody else: each numbering leaps; how many did.

    How far it had gone is not known: it goes on at the beginning of a block after the next one, further than any instance goes
    between two backups. The block is that of the rows that are there, so that doing it twice leaps once. Letters and batches go
    on after those in their folder; identifiers are drawn at random.
    """
    moved = 0
    for sequence, table, column, number, block in NUMBERS:
        highest = int(
            rows(f"SELECT COALESCE(max(substring({column} FROM %s)::bigint), 0) FROM {table}", [number])[0][0]
        )
        goal = (highest // block + 2) * block
        moved += len(rows(f"SELECT setval('{sequence}', %s) FROM {sequence} WHERE last_value < %s", [goal, goal]))
    return moved


def survivors(*, at: datetime) -> dict[str, int]:
    """What must be none after a restore: for the drill and its test."""
    return {
        "sessions": Session.objects.count() + AgentSession.objects.count(),
        "codes": OneTimeCode.objects.count(),
        "browsers": TrustedBrowser.objects.count(),
        "messages": Message.objects.filter(state=MessageState.DUE, is_held=False).count(),
        "provisional": Credential.objects.filter(provisional_until__gt=at).count(),
        "recovery_codes": RecoveryCode.objects.count(),
        "approved_batches": LetterBatch.objects.filter(state=BatchState.APPROVED).count(),
        "unreconciled": OutgoingDelivery.objects.filter(written_at=None).count(),
    }
