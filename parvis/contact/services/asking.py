"""What a landlord does: write to an office, write again, say that it is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes.models import Attachment, DraftForm
from parvis.changes.refusals import WrongFile
from parvis.changes.services import drafts
from parvis.changes.services.attachments import MOST, join_attachment
from parvis.changes.services.keeping import locked as landlord_locked
from parvis.contact import events, workflow
from parvis.contact.models import Conversation, ConversationMessage, Side
from parvis.contact.refusals import TooMany, WordsNotPossible
from parvis.contact.rules import check_about, check_words
from parvis.contact.selectors.own import offices_to_write_to, own_row, written_since
from parvis.contact.services import keeping, telling
from parvis.contact.topics import TOPICS
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.refusals import NotFound

MOST_A_DAY = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which office, of which topic, about what, in which words, with which files (kept, not joined yet)."""

    office: str
    topic: str
    about: str
    text: str
    files: tuple[UUID, ...] = ()


def check(question: Question, *, by: Actor, at: datetime) -> Question:
    """The question as it would be sent, or a refusal that names its field: before one is shown what the help centre knows."""
    if question.topic not in TOPICS:
        raise WordsNotPossible("Choisissez un objet dans la liste.", field="topic")
    if question.office not in {office.code for office in offices_to_write_to(by, at=at)}:
        raise WordsNotPossible("Choisissez une de vos caisses.", field="office")
    words, about = check_words(question.text), check_about(question.about)
    check_files(question.files, by=by)
    return Question(question.office, question.topic, about, words, question.files)


def check_files(files: Sequence[UUID], *, by: Actor) -> None:
    """Refuse too many, and those that are not this person's own, kept and joined to nothing."""
    if len(files) > MOST:
        raise WrongFile(f"{MOST}\u00a0pièces jointes au maximum.")
    mine = Attachment.objects.filter(account_id=own_account(by), opaque__in=list(files)).count()
    if mine != len(set(files)):
        raise WrongFile("Une pièce n’est plus là. Joignez-la à nouveau.")


@transaction.atomic
def ask(question: Question, *, key: UUID, thread: UUID | None = None, by: Actor, at: datetime) -> Conversation:
    """Write to an office. Clicked twice, it is one message. The person is told by mail that it arrived, and by when it answers.

    ``thread`` is one that was over before these words, typed in it, left: they are no longer left there.
    """
    if by.partner_id is None:
        raise NotFound
    account = own_account(by)
    landlord_locked(by.partner_id)
    before = Conversation.objects.filter(account_id=account, submission_key=key).first()
    if before is not None:
        keeping.check_same(before, key, check_words(question.text))
        return before
    asked = check(question, by=by, at=at)
    _check_pace(by, at)
    days = {office.code: office.answer_by for office in offices_to_write_to(by, at=at)}
    made = Conversation.objects.create(
        number=keeping.number_for(at),
        topic=asked.topic,
        about=asked.about,
        landlord_id=by.partner_id,
        office_id=asked.office,
        account_id=account,
        person=(by.person or by.label)[: keeping.LONGEST_PERSON],
        desk=TOPICS[asked.topic].desk.code,
        state=workflow.WAITING,
        submission_key=key,
        asked_at=at,
        answer_by=days[asked.office],
        waiting_since=at,
    )
    made.refresh_from_db()
    _join(keeping.add(made, Side.LANDLORD, asked.text, key=key, by=by, at=at), asked.files, by=by, at=at)
    told = {"office": asked.office, "kind": TOPICS[asked.topic].label, "files": len(asked.files)}
    record(events.ASKED, subject=made.number, by=by, at=at, **told)
    telling.received(made, at=at)
    drafts.sent(DraftForm.MESSAGE, words=asked.text, by=by, at=at)
    if thread is not None:
        drafts.drop(DraftForm.REPLY, subject=str(thread), by=by)
    return made


@transaction.atomic
def reply(opaque: UUID, text: str, *, files: Sequence[UUID] = (), key: UUID, by: Actor, at: datetime) -> Conversation:
    """Write again in a thread that is not over: the office owes an answer once more."""
    conversation = keeping.locked(own_row(by, opaque))
    words = check_words(text)
    if keeping.said_before(conversation, key):
        keeping.check_same(conversation, key, words)
        return conversation
    check_files(files, by=by)
    _check_pace(by, at)
    since = conversation.waiting_since or at
    fields = {} if conversation.waiting_since else {"waiting_since": since, "answer_by": _new_day(conversation, by, at)}
    keeping.advance(conversation, workflow.REPLY, by=by, **fields)
    _join(keeping.add(conversation, Side.LANDLORD, words, key=key, by=by, at=at), files, by=by, at=at)
    record(events.REPLIED, subject=conversation.number, by=by, at=at, files=len(files))
    drafts.sent(DraftForm.REPLY, subject=str(opaque), words=words, by=by, at=at)
    return conversation


@transaction.atomic
def settle(opaque: UUID, *, by: Actor, at: datetime) -> None:
    """Say that nothing more is awaited; said twice, it is said once."""
    conversation = keeping.locked(own_row(by, opaque))
    if conversation.state == workflow.CLOSED:
        return
    keeping.advance(conversation, workflow.SETTLE, by=by, closed_at=at, waiting_since=None, taken_by="", taken_at=None)
    record(events.SETTLED, subject=conversation.number, by=by, at=at)
    drafts.drop(DraftForm.REPLY, subject=str(opaque), by=by)


def _new_day(conversation: Conversation, by: Actor, at: datetime) -> object:
    days = {office.code: office.answer_by for office in offices_to_write_to(by, at=at)}
    return days.get(conversation.office_id, conversation.answer_by)


def _check_pace(by: Actor, at: datetime) -> None:
    if written_since(by, at - timedelta(days=1)) >= MOST_A_DAY:
        raise TooMany(MOST_A_DAY)


def _join(message: ConversationMessage, files: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    for file in files:
        join_attachment(file, message.files, by=by, at=at)
