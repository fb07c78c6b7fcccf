"""A file with the rents of several accounts of one person: kept once, parted into a file of each account, which are checked as any.

Who may declare where is asked as the lines are handed out; an account that may not is handed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.bulk.checking import LEASE, Checking
from parvis.declarations.bulk.intake import receiving
from parvis.declarations.bulk.intake.belonging import Belonging
from parvis.declarations.bulk.intake.parting import Parted, Parting, Share
from parvis.declarations.bulk.models import FileState, RentFile, RentUpload, UploadState
from parvis.declarations.bulk.refusals import ColumnNotFound, FileClosed
from parvis.declarations.refusals import NotInCampaign
from parvis.declarations.selectors.across import DeclaringAccount, accounts_declaring
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import NotFound
from parvis.sheets import reading

AT_ONCE = 10
"""So many accounts are checked before the page answers; of more, the worker checks them."""
MOST_UPLOADS = 20


def upload_of(credential_id: int, reference: UUID) -> RentUpload:
    """One's own; that of anybody else does not exist. Without its content."""
    found = RentUpload.objects.defer("content").filter(credential_id=credential_id, reference=reference).first()
    if found is None:
        raise NotFound
    return found


def year_of(accounts: Sequence[DeclaringAccount]) -> int:
    """The campaign of a file of several: the newest any of them declares for. The others have files of their own."""
    return max((account.year for account in accounts), default=0)


def receive(
    credential_id: int, *, name: str, content: bytes, at: datetime, key: UUID | None = None
) -> RentUpload:  # fmt: skip
    """Keep a file and part it; now if it is small. Refuses, and keeps nothing of, one that cannot be used (Unreadable, WrongFile).

    ``key`` is that of the form: sent twice with the same content, it is one file, and one file of each account.
    """
    mine = RentUpload.objects.filter(credential_id=credential_id).defer("content")
    over = (UploadState.ABANDONED, UploadState.REFUSED)
    reference = receiving.free_reference(key, f"{credential_id}", content, mine.filter(state__in=over))
    if again := mine.filter(reference=reference).first():
        return again
    receiving.check_weight(content)
    accounts = accounts_declaring(credential_id, at=at)
    if not accounts:
        raise NotInCampaign
    try:
        with transaction.atomic():
            upload = RentUpload.objects.create(
                credential_id=credential_id,
                year=year_of(accounts),
                name=receiving.clean(name),
                content=content,
                reference=reference,
                received_at=at,
                leased_until=at + LEASE,
            )
            _begin(upload, accounts, at=at)
            _forget_older(credential_id)
    except IntegrityError:
        if key is None:
            raise
        return upload_of(credential_id, reference)
    return upload


def _forget_older(credential_id: int) -> None:
    own = RentUpload.objects.filter(credential_id=credential_id)
    newest = list(own.order_by("-received_at", "-id").values_list("pk", flat=True)[:MOST_UPLOADS])
    own.exclude(pk__in=newest).delete()


def _begin(upload: RentUpload, accounts: Sequence[DeclaringAccount], *, at: datetime) -> None:
    """Part a small file; leave the others to the worker."""
    content = bytes(upload.content or b"")
    table = reading.table(content) if len(content) <= receiving.SMALL_BYTES else None
    if table is None or table.expected > receiving.SMALL_LINES:
        if table is not None:
            table.close()
        change_exactly_one(RentUpload.objects.filter(pk=upload.pk), in_background=True, leased_until=None)
        upload.in_background = True
        return
    try:
        with transaction.atomic():
            part(upload, table, accounts, at=at)
    except ColumnNotFound as refusal:
        ask_columns(upload, refusal)


def ask_columns(upload: RentUpload, refusal: ColumnNotFound) -> None:
    """The person says which column is what."""
    change_exactly_one(
        RentUpload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED),
        state=UploadState.COLUMNS,
        header=list(refusal.header),
        refusal=refusal.sentence[:300],
        leased_until=None,
    )
    upload.refresh_from_db(fields=["state", "header", "refusal", "leased_until"])


def part(upload: RentUpload, table: reading.Table, accounts: Sequence[DeclaringAccount], *, at: datetime) -> None:
    """Hand its lines out; the files of the accounts are checked now if the person waits for few of them, else by the worker."""
    belonging = Belonging(upload.credential_id, upload.year, accounts, at=at)
    parted = Parting(belonging, upload.year, upload.columns).part(table)
    is_long = upload.in_background or len(parted.shares) > AT_ONCE
    change_exactly_one(
        RentUpload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED),
        state=UploadState.PARTED,
        in_background=is_long,
        content=None,
        header=list(parted.layout.header),
        columns=parted.layout.places,
        lines=sum(share.lines for share in parted.shares),
        strays=[list(stray) for stray in parted.strays],
        stray_count=parted.stray_count,
        ignored=parted.ignored,
        unfilled=[[share.account.title, share.lines] for share in parted.unfilled],
        leased_until=None,
        told_at=None if is_long else at,
    )
    upload.refresh_from_db()
    for share in parted.shares:
        file = _handed(upload, parted, share, at=at)
        if not is_long:
            Checking(file, share.account.actor, at=at).run()


def _handed(upload: RentUpload, parted: Parted, share: Share, *, at: datetime) -> RentFile:
    """The file of one account; the same upload makes it once."""
    account, content = share.account, share.content
    file = RentFile.objects.create(
        landlord_id=account.partner_id,
        account_id=account.id,
        person=account.person,
        offices=sorted(account.offices),
        year=upload.year,
        name=upload.name,
        content=content,
        reference=uuid5(upload.reference, account.reference),
        upload=upload,
        head_lines=parted.layout.first,
        header=list(parted.layout.header),
        columns=parted.layout.places,
        received_at=at,
        leased_until=None if upload.in_background else at + LEASE,
    )
    told = {"bytes": len(content), "year": upload.year}
    record(events.FILE_RECEIVED, subject=str(file.reference), by=account.actor, at=at, **told)
    receiving.forget_older(file)
    return file


def choose_columns(credential_id: int, reference: UUID, places: Mapping[str, int], *, at: datetime) -> RentUpload:
    """« Choisir la colonne »: where the rents and the tenants are, by the person; then the file is parted."""
    upload = upload_of(credential_id, reference)
    if upload.state != UploadState.COLUMNS:
        raise FileClosed
    chosen = receiving.columns_said(places, upload.header, upload.year)
    with transaction.atomic():
        as_seen = RentUpload.objects.filter(pk=upload.pk, state=UploadState.COLUMNS)
        lease = at + LEASE
        change_exactly_one(as_seen, state=UploadState.RECEIVED, columns=chosen, refusal="", leased_until=lease, tries=0)
        upload = RentUpload.objects.get(pk=upload.pk)
        _begin(upload, accounts_declaring(credential_id, at=at), at=at)
    return upload


@transaction.atomic
def abandon(credential_id: int, reference: UUID, *, at: datetime) -> int:
    """Forget it, and the files it made that are not confirmed: nothing of them was kept. Answers how many are confirmed already.

    Whatever right is left in an account, what was sent for it goes. The upload is locked first: a worker that parts it meanwhile
    has either made all its files, or will find it abandoned.
    """
    mine = RentUpload.objects.defer("content").filter(credential_id=credential_id, reference=reference)
    upload = mine.select_for_update().first()
    if upload is None:
        raise NotFound
    confirmed = 0
    own = upload.parts.filter(account__credential_id=credential_id).exclude(state=FileState.ABANDONED)
    for file in own.defer("content").select_for_update(of=("self",)).select_related("account").order_by("pk"):
        if file.state in (FileState.CONFIRMED, FileState.CONFIRMING):
            confirmed += 1
        else:
            receiving.forget(file, by=_who_sent(file), at=at)
    state = upload.state if confirmed else UploadState.ABANDONED
    RentUpload.objects.filter(pk=upload.pk).update(
        state=state, content=None, header=[], strays=[], stray_count=0, ignored=0, unfilled=[], leased_until=None
    )
    return confirmed


def _who_sent(file: RentFile) -> Actor:
    account = file.account
    return Actor(ActorKind.PARTNER, account.login_id, account.pk, file.landlord_id, frozenset(), file.person)
