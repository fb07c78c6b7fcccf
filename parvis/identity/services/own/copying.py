"""« Télécharger mes données »: asked under a code, told at once, prepared after a delay, taken under another code (security.md §1.7).

An export of personal data is how a thief empties an account: its owner is told before it exists, and « Ce n’est pas moi » ends it.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import F, Q

from parvis.audit.journal import record
from parvis.identity import events
from parvis.identity.models import Account, Credential, DataCopy, PendingChange, Purpose, Session
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services.access import notices, pending
from parvis.identity.services.codes import CodeOutcome, Verdict
from parvis.identity.services.own import contents
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.encryption import close, open_
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.parameters.catalogue import COPY_KEPT, COPY_WAITS
from parvis.parameters.selectors import duration

TAKEN_WITHIN = timedelta(minutes=15)
"""How long the code lets one download, in the very session in which it was typed."""
AGAIN = timedelta(hours=1)
"""After how long a copy that could not be made is tried again."""
ASK, TAKE = "ask", "take"
log = structlog.get_logger(__name__)


def copy_of(session: Session) -> DataCopy | None:
    """The copy of the one who has this session, without its content; none of another version of their identity."""
    rows = DataCopy.objects.filter(credential_id=session.holder_id, credential_version=session.credential_version)
    return rows.defer("content").first()


@transaction.atomic
def begin(session: Session, act: str, *, by: Actor, at: datetime) -> PendingChange:
    """Send the code that asking, or taking, needs: always, whatever was proved before. Refuses like :func:`codes.ask`."""
    found = copy_of(session)
    if act == ASK and found is not None:
        raise ActNotPossible("Une copie est déjà demandée. Annulez-la d’abord pour en demander une autre.")
    if act == TAKE and (found is None or not _is_ready(found, at=at)):
        raise NotFound
    email = Credential.objects.values_list("email", flat=True).get(pk=session.holder_id)
    if email is None:
        raise ActNotPossible("Validez d’abord votre adresse mail dans «\u00a0Mon profil\u00a0».")
    change = pending.live(session.pk, by=by, at=at)
    payload = {"act": act}
    if change is None or (change.purpose, change.payload) != (Purpose.COPY_DATA, payload):
        change = pending.begin(session, Purpose.COPY_DATA, payload, by=by, at=at)
    pending.ask_code(change, session, email, by=by, at=at)
    return change


def _is_ready(copy: DataCopy, *, at: datetime) -> bool:
    return copy.expires_at is not None and copy.expires_at > at


@transaction.atomic
def enter_code(change: PendingChange, session: Session, digits: str, *, by: Actor, at: datetime) -> CodeOutcome:
    """Type the code: the copy is asked and all the mailboxes are told, or this session may take it for a quarter of an hour."""
    outcome = pending.check_code(change, session, digits, at=at)
    if outcome.verdict is Verdict.RIGHT and pending.claim(change, at=at) and change.payload["act"] == ASK:
        _ask(session, by=by, at=at)
    return outcome


def _ask(session: Session, *, by: Actor, at: datetime) -> None:
    Credential.objects.select_for_update().get(pk=session.holder_id)
    if copy_of(session) is not None:
        return
    # One of a former version of the identity is worth nothing any more.
    DataCopy.objects.filter(credential_id=session.holder_id).delete()
    due_at = at + duration(COPY_WAITS)
    account = Account.objects.select_related("credential").get(pk=own_account(by))
    DataCopy.objects.create(
        opaque=uuid4(),
        credential_id=session.holder_id,
        credential_version=session.credential_version,
        account=account,
        asked_at=at,
        due_at=due_at,
    )
    record(events.COPY_ASKED, subject=account.login_id, by=by, at=at, browser=session.browser, until=due_at.isoformat())
    words = {"browser": session.browser, "until": due_at.isoformat()}
    notices.tell(account, events.COPY_ASKED, "identity/emails/copy_asked", words, of_all=True, at=at)


@transaction.atomic
def give_up(session: Session, *, by: Actor, at: datetime) -> bool:
    """« Annuler »: what was asked or is ready is erased. False if there is nothing."""
    Credential.objects.select_for_update().get(pk=session.holder_id)
    gone, _ = DataCopy.objects.filter(credential_id=session.holder_id).delete()
    if gone:
        subject = Account.objects.values_list("login_id", flat=True).get(pk=own_account(by))
        record(events.COPY_STOPPED, subject=subject, by=by, at=at)
    return bool(gone)


def stop_of_credential(credential_id: int, *, by: Actor, at: datetime) -> None:
    """« Ce n’est pas moi » ends the copy too, whatever its state, and so does the closing of one of the accounts, whose data a copy
    made before holds; in the transaction of the freeze or the closing, which holds the credential."""
    copy = DataCopy.objects.select_related("account").defer("content").filter(credential_id=credential_id).first()
    if copy is not None:
        copy.delete()
        record(events.COPY_STOPPED, subject=copy.account.login_id, by=_for(copy.account, by), at=at)


def _for(account: Account, by: Actor) -> Actor:
    return replace(by, account_id=account.pk, partner_id=account.partner_id)


def prepare_due(*, by: Actor, at: datetime) -> int:
    """Prepare what is due, each by itself; erase what is past its days or of an identity that changed. How many were made.

    One that cannot be made is told in the log and tried again after :data:`AGAIN`: those of others are not kept waiting by it.
    """
    forget_old(by=by, at=at)
    due = DataCopy.objects.filter(ready_at=None, due_at__lte=at).order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(_prepared(pk, by=by, at=at) for pk in list(due))


def _prepared(copy_id: int, *, by: Actor, at: datetime) -> bool:
    try:
        return _prepare(copy_id, by=by, at=at)
    except Exception:
        log.exception("data_copy_failed", copy=copy_id)
        DataCopy.objects.filter(pk=copy_id, ready_at=None).update(due_at=at + AGAIN)
        return False


def _prepare(copy_id: int, *, by: Actor, at: datetime) -> bool:
    """Read everything first, with nothing held: « Ce n’est pas moi » must not wait for it, and what it ended is not kept."""
    asked = DataCopy.objects.filter(pk=copy_id, ready_at=None).select_related("account__credential").first()
    if asked is None:
        return False
    content = close(base64.b64encode(contents.archive_of(asked.credential_id, at=at)).decode(), asked.column)
    return _keep(asked, content, by=by, at=at)


@transaction.atomic
def _keep(asked: DataCopy, content: bytes, *, by: Actor, at: datetime) -> bool:
    """Keep what was read, if it is still wanted: the credential first, then the copy, as whoever freezes or closes does."""
    credential = Credential.objects.select_for_update().get(pk=asked.credential_id)
    waiting = DataCopy.objects.filter(pk=asked.pk, ready_at=None, credential_version=credential.version)
    until = at + duration(COPY_KEPT)
    if not waiting.update(content=content, ready_at=at, expires_at=until):
        return False
    account = asked.account
    record(events.COPY_READY, subject=account.login_id, by=_for(account, by), at=at, until=until.isoformat())
    notices.tell(
        account, events.COPY_READY, "identity/emails/copy_ready", {"until": until.isoformat()}, of_all=True, at=at
    )
    return True


@transaction.atomic
def forget_old(*, by: Actor, at: datetime) -> int:
    """Erase what is past its days, and what somebody asked under a former version of their identity; how many."""
    over = Q(expires_at__lte=at) | ~Q(credential_version=F("credential__version"))
    gone = 0
    for copy in DataCopy.objects.filter(over).select_related("account").defer("content").order_by("pk"):
        gone += copy.delete()[0]
        record(events.COPY_ERASED, subject=copy.account.login_id, by=_for(copy.account, by), at=at)
    return gone


@transaction.atomic
def take(session: Session, *, by: Actor, at: datetime) -> tuple[str, bytes] | None:
    """The name and the bytes of the ZIP, noted in the journal; None where there is none, or without a code typed in this
    session a moment ago."""
    copy = copy_of(session)
    if copy is None or not _is_ready(copy, at=at) or not may_take(session, by=by, at=at):
        return None
    content = base64.b64decode(open_(bytes(copy.content or b""), copy.column))
    name = f"mes-donnees-{day_in_paris(copy.ready_at or at):%Y-%m-%d}.zip"
    subject = Account.objects.values_list("login_id", flat=True).get(pk=own_account(by))
    record(events.COPY_TAKEN, subject=subject, by=by, at=at, file=name, bytes=len(content))
    return name, content


def may_take(session: Session, *, by: Actor, at: datetime) -> bool:
    """Whether the code that lets one take it was typed in this session within the quarter of an hour."""
    typed = PendingChange.objects.filter(session_id=session.pk, account_id=own_account(by), purpose=Purpose.COPY_DATA)
    return typed.filter(payload__act=TAKE, done_at__gt=at - TAKEN_WITHIN).exists()
