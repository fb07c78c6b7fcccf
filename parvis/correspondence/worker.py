"""The worker: claims one message, draws its secret, renders, hands over, notes. Any number of workers may run.

Nothing is lost: a message is due until it is noted as sent. A crash repeats one message at most, under the same
Message-ID or letter number, marked as a repeat.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.correspondence import events, secrets
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.correspondence.rendering import attachments, blocks, emails, letters
from parvis.correspondence.rendering.plain import plain_text
from parvis.correspondence.rendering.texts import words_of
from parvis.correspondence.returns import bounces
from parvis.correspondence.returns.services import ADDRESS_DOUBTFUL, is_doubtful
from parvis.correspondence.sending import Counter, NotNow, NotSent, Refused, deposit
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import day_in_paris
from parvis.kit.db import next_value, one_row

LEASE = timedelta(minutes=2)
CLOSED_FOR = timedelta(seconds=5)
PAUSES = tuple(timedelta(seconds=s) for s in (30, 120, 600, 1_800, 7_200, 21_600, 43_200))
"""Before the second try, the third…: eight tries in a little under a day."""
MOST_TRIES = len(PAUSES) + 1

log = structlog.get_logger(__name__)

# A try that noted no failure is a worker that died: what it held may have left, hence "repeated".
_CLAIM = """
UPDATE correspondence_message SET
  leased_until = %(until)s, attempts = attempts + 1, failure = '',
  repeated = repeated OR (attempts > 0 AND failure = '')
WHERE id = (
  SELECT id FROM correspondence_message
  WHERE state = 'due' AND NOT is_held AND due_at <= %(at)s AND (leased_until IS NULL OR leased_until <= %(at)s)
    AND (channel = 'letter' OR %(emails)s)
  ORDER BY urgent DESC, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING *
"""

_MADE = """
UPDATE correspondence_message SET number = %(number)s, subject = %(subject)s, body = %(body)s, rendered_at = %(at)s,
  attachment_name = %(attached)s
WHERE id = %(id)s AND state = 'due' AND attempts = %(attempts)s RETURNING id
"""

# Two statements: whoever queues a follower holds the first message's row, and only a look taken after that sees it.
_RELEASE_FOLLOWERS = """
UPDATE correspondence_message
SET is_held = false, due_at = GREATEST(due_at, %(at)s::timestamptz + COALESCE(after_delay, interval '0'))
WHERE after_id = %(id)s AND is_held AND state = 'due' RETURNING id
"""
_SENT = """
UPDATE correspondence_message SET state = 'sent', sent_at = %(at)s, leased_until = NULL, failure = ''
WHERE id = %(id)s AND state <> 'sent' RETURNING id
"""


class NoLongerOurs(Exception):
    """While this worker was slow, the message was taken by another one or cancelled."""


class Worker:
    """One worker, with its connection to the mail server."""

    def __init__(self) -> None:
        self._counter = Counter()
        self._closed_until: datetime | None = None

    def run_one(self, *, at: datetime) -> bool:
        """Deal with one message that is due; False if there is none."""
        emails_leave = self._closed_until is None or self._closed_until <= at
        message = _claim(at, emails_leave=emails_leave)
        if message is None:
            return False
        try:
            self._send(message, at)
        except (OperationalError, InterfaceError):
            raise
        except NoLongerOurs:
            log.warning("message_taken_over", reference=message.reference)
        except secrets.SecretNoLongerNeeded:
            _note_cancelled(message, at)
        except NotNow as failure:
            if failure.closed:
                self._closed_until = at + CLOSED_FOR
            _note_not_now(message, failure, at)
        except NotSent as failure:
            _note_failed(message, failure.reason, at, status=getattr(failure, "status", ""))
        except Exception as error:  # one message in bad shape must not stop the others
            log.exception("message_in_bad_shape", reference=message.reference, template=message.template)
            _note_failed(message, f"Ce message ne peut pas être composé ({type(error).__name__}).", at)
        return True

    def rest(self) -> None:
        """Nothing to do for now: hang up once this has lasted."""
        self._counter.rest()

    def stop(self) -> None:
        """Nothing to do any more: hang up."""
        self._counter.close()

    def _send(self, message: Message, at: datetime) -> None:
        if message.attempts > MOST_TRIES:
            raise Refused("L’envoi s’est arrêté en route à chaque essai.")
        if message.channel == Channel.LETTER and is_doubtful(message):
            raise Refused(ADDRESS_DOUBTFUL)
        attached = attachments.attached_to(message, at=at)
        words = _render(message, at, attached.name if attached else "")
        if message.channel == Channel.EMAIL:
            self._counter.send(emails.email_of(message, words, attached, at=at))
        else:
            deposit(letters.pdf_of(message, words, at=at), message.number)
        _note_sent(message, at)


def run_one(*, at: datetime) -> bool:
    """Deal with one message that is due; False if there is none."""
    worker = Worker()
    try:
        return worker.run_one(at=at)
    finally:
        worker.stop()


def run_until_empty(*, at: datetime) -> int:
    """Deal with all that is due at this moment; returns how many messages were taken in hand."""
    worker, count = Worker(), 0
    try:
        while worker.run_one(at=at):
            count += 1
    finally:
        worker.stop()
    return count


def _claim(at: datetime, *, emails_leave: bool) -> Message | None:
    claimed = Message.objects.raw(_CLAIM, {"at": at, "until": at + LEASE, "emails": emails_leave})
    return next(iter(claimed), None)


@transaction.atomic
def _render(message: Message, at: datetime, attached: str = "") -> blocks.Words:
    """The words to send, with the secret drawn and its hash stored; what is kept shows a mask instead."""
    drawn = secrets.NOTHING
    if message.secret:
        drawn = secrets.draw(message.secret, message.secret_subject or 0, at=at)
    clear = blocks.read(words_of(message.template, {**message.context, **drawn.clear}))
    kept = blocks.read(words_of(message.template, {**message.context, **drawn.masked})) if message.secret else clear
    if message.channel == Channel.LETTER and not message.number:
        message.number = f"L-{day_in_paris(at).year}-{next_value('correspondence_letter_number'):06d}"
    made = {"number": message.number, "subject": kept.title, "body": plain_text(kept), "at": at, "attached": attached}
    if one_row(_MADE, {**made, "id": message.pk, "attempts": message.attempts}) is None:
        raise NoLongerOurs(message.reference)
    return clear


@transaction.atomic
def _note_sent(message: Message, at: datetime) -> None:
    """It has left, whatever was decided meanwhile; those that waited for it now have their moment."""
    one_row(_SENT, {"id": message.pk, "at": at})
    one_row(_RELEASE_FOLLOWERS, {"id": message.pk, "at": at})
    log.info("message_sent", reference=message.reference, template=message.template, repeated=message.repeated)


def _note_not_now(message: Message, failure: NotNow, at: datetime) -> None:
    if message.attempts >= MOST_TRIES:
        _note_failed(message, f"{failure.reason} {MOST_TRIES} essais.", at)
        return
    pause = PAUSES[message.attempts - 1]
    repeated = message.repeated or failure.may_have_left
    _ours(message).update(leased_until=at + pause, failure=failure.reason, repeated=repeated)
    log.warning("message_waits", reference=message.reference, attempts=message.attempts, reason=failure.reason)


@transaction.atomic
def _note_failed(message: Message, reason: str, at: datetime, *, status: str = "") -> None:
    """A dead letter: seen by agents, tried again by them once mended. ``status``: what the server said of the mailbox."""
    if _ours(message).update(state=MessageState.FAILED, leased_until=None, failure=reason):
        by = _by(message)
        record(events.FAILED, subject=message.reference, by=by, at=at, template=message.template, reason=reason)
        if status:
            bounces.refused_at_once(message.to_email, status, at=at)
        log.error("message_failed", reference=message.reference, template=message.template, reason=reason)


@transaction.atomic
def _note_cancelled(message: Message, at: datetime) -> None:
    reason = "Ce que ce message annonçait n’est plus utile."
    if _ours(message).update(state=MessageState.CANCELLED, leased_until=None, failure=reason):
        record(events.CANCELLED, subject=message.reference, by=_by(message), at=at, reason=reason)


def _ours(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.DUE, attempts=message.attempts)


def _by(message: Message) -> Actor:
    """The worker, in the file of the partner the message was for."""
    return Actor(ActorKind.SYSTEM, "worker", account_id=message.account_id, partner_id=message.partner_id)
