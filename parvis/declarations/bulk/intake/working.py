"""What the worker does of files: reads, parts or confirms one that waits; whatever cuts its work short, it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, transaction

from parvis.declarations.bulk import confirming
from parvis.declarations.bulk.checking import LEASE, Checking
from parvis.declarations.bulk.intake import several
from parvis.declarations.bulk.intake.receiving import ask_columns
from parvis.declarations.bulk.models import FileState, RentFile, RentUpload, UploadState
from parvis.declarations.bulk.refusals import ColumnNotFound, NotKept, NotReadHere, RightLost, WrongFile
from parvis.declarations.selectors.across import accounts_declaring, offices_declaring
from parvis.declarations.services.receipts import files as mails
from parvis.identity.models import Account
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.db import one_file
from parvis.kit.refusals import ChangedMeanwhile, Refusal
from parvis.sheets import reading
from parvis.sheets.refusals import Unreadable

KEPT_FOR = timedelta(days=30)
MOST_TRIES = 5
log = structlog.get_logger(__name__)


_TAKEN = ", ".join(str(field.column) for field in RentFile._meta.concrete_fields if field.name != "content")
_UPLOAD = ", ".join(str(field.column) for field in RentUpload._meta.concrete_fields if field.name != "content")
# Of several workers each takes another file; one whose work died is taken up again when its lease is over.
_CLAIM = f"""
UPDATE declarations_rentfile SET leased_until = %(until)s, tries = tries + 1 WHERE id = (
  SELECT id FROM declarations_rentfile
  WHERE state IN ('received', 'reading', 'confirming') AND (leased_until IS NULL OR leased_until <= %(at)s)
  ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {_TAKEN}
"""
_CLAIM_UPLOAD = f"""
UPDATE declarations_rentupload SET leased_until = %(until)s, tries = tries + 1 WHERE id = (
  SELECT id FROM declarations_rentupload WHERE state = 'received' AND (leased_until IS NULL OR leased_until <= %(at)s)
  ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {_UPLOAD}
"""
PARTING = timedelta(minutes=5)
"""How long the parting of one upload may take before another worker takes it up: it is one transaction."""


def work_one(*, at: datetime) -> bool:
    """Read, or confirm, one file that waits; False if there is none. What the file cannot be read for is told on its page.

    One that fails for a reason nobody foresaw is taken up again when its lease is over; after ``MOST_TRIES`` it is set aside
    with a sentence, so that no file keeps the worker from the others for ever.
    """
    file = next(iter(RentFile.objects.raw(_CLAIM, {"at": at, "until": at + LEASE})), None)
    if file is None:
        return _part_one(at=at)
    if file.tries > MOST_TRIES:
        _set_aside(file, NotKept() if file.state == FileState.CONFIRMING else NotReadHere(), at=at)
        return True
    try:
        actor = _actor_of(file, at=at)
        if actor is None:
            _set_aside(file, RightLost(), at=at)
        else:
            _do(file, actor, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("rent_file_failed", file=str(file.reference), tries=file.tries)
    return True


def _part_one(*, at: datetime) -> bool:
    """Part one file of several accounts that waits; False if there is none. Tried again as the others are."""
    upload = next(iter(RentUpload.objects.raw(_CLAIM_UPLOAD, {"at": at, "until": at + PARTING})), None)
    if upload is None:
        return False
    try:
        if upload.tries > MOST_TRIES:
            raise NotReadHere
        content = one_file("SELECT content FROM declarations_rentupload WHERE id = %s", [upload.pk])
        table = reading.table(content)
        with transaction.atomic():
            several.part(upload, table, accounts_declaring(upload.credential_id, at=at), at=at)
    except ChangedMeanwhile:
        log.info("rent_upload_changed_meanwhile", upload=str(upload.reference))
    except ColumnNotFound as refusal:
        with transaction.atomic():
            several.ask_columns(upload, refusal)
            mails.tell_upload_stopped(upload, mails.COLUMNS, refusal.sentence, at=at)
    except (Unreadable, WrongFile) as refusal:
        _refuse_upload(upload, refusal, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("rent_upload_failed", upload=str(upload.reference), tries=upload.tries)
    return True


@transaction.atomic
def _refuse_upload(upload: RentUpload, refusal: Refusal, *, at: datetime) -> None:
    refused = RentUpload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED).update(
        state=UploadState.REFUSED, refusal=refusal.sentence[:300], content=None, leased_until=None
    )
    if refused:
        mails.tell_upload_stopped(upload, mails.UNREAD, refusal.sentence, at=at)


def _do(file: RentFile, actor: Actor, *, at: datetime) -> None:
    try:
        if file.state == FileState.CONFIRMING:
            confirming.carry_out(actor, file, at=at)
        else:
            Checking(file, actor, at=at).run()
            _tell_checked(file, at=at)
    except ChangedMeanwhile:
        log.info("rent_file_changed_meanwhile", file=str(file.reference))
    except ColumnNotFound as refusal:
        with transaction.atomic():
            ask_columns(file, refusal)
            mails.tell_stopped(file, mails.COLUMNS, refusal.sentence, at=at)
    except (Unreadable, WrongFile) as refusal:
        _refuse(file, refusal, at=at)


@transaction.atomic
def _tell_checked(file: RentFile, *, at: datetime) -> None:
    """Of an upload one mail, when the last of its files is read: whoever ends last finds no other at work."""
    if file.upload_id is None:
        mails.tell_checked(file, at=at)
        return
    upload = RentUpload.objects.defer("content").select_for_update().get(pk=file.upload_id)
    at_work = upload.parts.filter(state__in=[FileState.RECEIVED, FileState.READING])
    if upload.told_at is None and not at_work.exists():
        RentUpload.objects.filter(pk=upload.pk).update(told_at=at)
        mails.tell_upload_checked(upload, at=at)


@transaction.atomic
def _set_aside(file: RentFile, refusal: Refusal, *, at: datetime) -> None:
    """Give a file back to the person: one being kept can be confirmed again, for nothing of it was; another is refused."""
    if file.state == FileState.CONFIRMING:
        given_back = RentFile.objects.filter(pk=file.pk, state=FileState.CONFIRMING).update(
            state=FileState.READY, refusal=refusal.sentence, leased_until=None, tries=0
        )
        if given_back:
            how = mails.LOST if isinstance(refusal, RightLost) else mails.NOT_KEPT
            mails.tell_stopped(file, how, refusal.sentence, at=at)
    else:
        _refuse(file, refusal, at=at)


def _refuse(file: RentFile, refusal: Refusal, *, at: datetime) -> None:
    with transaction.atomic():
        # The upload before its files, in the order of « Abandonner ».
        if file.upload_id is not None:
            RentUpload.objects.select_for_update().filter(pk=file.upload_id).values_list("pk").first()
        file.rows.all().delete()
        file.blocks.all().delete()
        refused = RentFile.objects.filter(pk=file.pk, state__in=[FileState.RECEIVED, FileState.READING]).update(
            state=FileState.REFUSED, refusal=refusal.sentence[:300], content=None, leased_until=None
        )
        if refused and file.upload_id is None:
            mails.tell_stopped(file, mails.UNREAD, refusal.sentence, at=at)
        elif refused:
            _tell_checked(file, at=at)


def _actor_of(file: RentFile, *, at: datetime) -> Actor | None:
    """The one who sent the file, as they were then; None if they may no longer declare. Offices taken from them since are left out."""
    offices = offices_declaring(file.account_id, at=at)
    if offices is None:
        return None
    label = Account.objects.values_list("login_id", flat=True).get(pk=file.account_id)
    then = frozenset(file.offices)
    if then and offices and not then & offices:
        return None
    return Actor(
        kind=ActorKind.PARTNER,
        label=label,
        account_id=file.account_id,
        partner_id=file.landlord_id,
        rights=frozenset({Right.DECLARE}),
        person=file.person,
        offices=then & offices or then or offices,
    )


def forget_old(*, at: datetime) -> int:
    """Files are kept thirty days; then what they held is in the declarations, or was never wanted."""
    old = RentFile.objects.filter(received_at__lt=at - KEPT_FOR).exclude(state=FileState.CONFIRMING)
    count, _ = old.delete()
    RentUpload.objects.filter(received_at__lt=at - KEPT_FOR).delete()
    return count
