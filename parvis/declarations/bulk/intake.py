"""A file comes in: kept, read at once when it is small, else by the worker; whatever cuts the work short, it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.bulk import columns, confirming
from parvis.declarations.bulk.checking import LEASE, Checking
from parvis.declarations.bulk.models import FileState, RentFile
from parvis.declarations.bulk.refusals import ColumnNotFound, FileClosed, NotKept, NotReadHere, WrongFile
from parvis.declarations.bulk.report import file_of
from parvis.declarations.models import CampaignCount
from parvis.declarations.refusals import NotInCampaign
from parvis.declarations.services.receipts import files as mails
from parvis.identity.models import Account
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ChangedMeanwhile, NotAllowed, Refusal
from parvis.sheets import limits, reading
from parvis.sheets.refusals import Unreadable

SMALL_BYTES = 400_000
"""What is heavier is not even opened within the request."""
SMALL_LINES = 500
MOST_FILES = 20
KEPT_FOR = timedelta(days=30)
MOST_TRIES = 5
log = structlog.get_logger(__name__)


def receive(
    actor: Actor, year: int, *, name: str, content: bytes, at: datetime, reference: UUID | None = None
) -> RentFile:  # fmt: skip
    """Keep a file; read it now if it is small. Refuses, and keeps nothing of, one that cannot be used (Unreadable, WrongFile).

    ``reference`` is the key of the form: sent twice, it is one file.
    """
    _check_may_declare(actor)
    again = RentFile.objects.filter(reference=reference).defer("content").first() if reference else None
    if again is not None:
        return file_of(actor, again.reference)
    if not content.strip():
        raise Unreadable("empty")
    if len(content) > limits.LARGEST_FILE:
        raise Unreadable("too_heavy")
    if not CampaignCount.objects.filter(landlord_id=actor.partner_id, year=year).exists():
        raise NotInCampaign
    try:
        return _kept(actor, year, name=name, content=content, at=at, reference=reference or uuid4())
    except IntegrityError:
        if reference is None:
            raise
        return file_of(actor, reference)


def _kept(actor: Actor, year: int, *, name: str, content: bytes, at: datetime, reference: UUID) -> RentFile:
    with transaction.atomic():
        file = RentFile.objects.create(
            landlord_id=actor.partner_id,
            account_id=own_account(actor),
            person=actor.person,
            offices=sorted(actor.offices),
            year=year,
            name=_clean(name),
            content=content,
            reference=reference,
            received_at=at,
            leased_until=at + LEASE,
        )
        record(events.FILE_RECEIVED, subject=str(file.reference), by=actor, at=at, bytes=len(content), year=year)
        _begin(file, actor, at=at)
        _forget_older(file)
    return file


def _forget_older(file: RentFile) -> None:
    """Of one account the newest files are kept."""
    own = RentFile.objects.filter(account_id=file.account_id).exclude(state=FileState.CONFIRMING)
    newest = list(own.order_by("-received_at", "-id").values_list("pk", flat=True)[:MOST_FILES])
    own.exclude(pk__in=newest).delete()


def _begin(file: RentFile, actor: Actor, *, at: datetime) -> None:
    """Check a small file; leave the others to the worker."""
    if not _is_small(bytes(file.content or b"")):
        change_exactly_one(RentFile.objects.filter(pk=file.pk), in_background=True, leased_until=None)
        file.in_background = True
        return
    try:
        with transaction.atomic():
            Checking(file, actor, at=at).run()
    except ColumnNotFound as refusal:
        _ask_columns(file, refusal)


def _is_small(content: bytes) -> bool:
    if len(content) > SMALL_BYTES:
        return False
    if not content.startswith((b"PK", b"\xd0\xcf")):
        return max(content.count(b"\n"), content.count(b"\r")) <= SMALL_LINES
    table = reading.table(content)
    table.close()
    return table.expected <= SMALL_LINES


def _ask_columns(file: RentFile, refusal: ColumnNotFound) -> None:
    file.refresh_from_db()
    changes = {
        "state": FileState.COLUMNS,
        "header": list(refusal.header),
        "refusal": refusal.sentence[:300],
        "leased_until": None,
    }
    change_exactly_one(RentFile.objects.filter(pk=file.pk, state=file.state), **changes)
    file.refresh_from_db()


def choose_columns(actor: Actor, reference: UUID, places: Mapping[str, int], *, at: datetime) -> RentFile:
    """« Choisir la colonne »: where the rents and the tenants are, by the person; then the file is read."""
    _check_may_declare(actor)
    file = file_of(actor, reference)
    if file.state != FileState.COLUMNS:
        raise FileClosed
    known = {columns.RENT, columns.KEY, columns.NUMBER, columns.PREVIOUS}
    chosen = {name: place for name, place in places.items() if name in known and 0 <= place < len(file.header)}
    if columns.RENT not in chosen or not {columns.KEY, columns.NUMBER} & set(chosen):
        raise ColumnNotFound(file.header, file.year)
    with transaction.atomic():
        as_seen = RentFile.objects.filter(pk=file.pk, state=FileState.COLUMNS)
        change_exactly_one(
            as_seen, state=FileState.RECEIVED, columns=chosen, refusal="", checked=0, leased_until=at + LEASE, tries=0
        )
        file.refresh_from_db()
        _begin(file, actor, at=at)
    return file


def abandon(actor: Actor, reference: UUID, *, at: datetime) -> None:
    """Forget a file: nothing of it was kept. Twice is once."""
    _check_may_declare(actor)
    file = file_of(actor, reference)
    if file.state == FileState.ABANDONED:
        return
    if file.state in (FileState.CONFIRMED, FileState.CONFIRMING):
        raise FileClosed
    with transaction.atomic():
        as_seen = RentFile.objects.filter(pk=file.pk, state=file.state)
        change_exactly_one(as_seen, state=FileState.ABANDONED, content=None, leased_until=None)
        file.rows.all().delete()
        file.blocks.all().delete()
        record(events.FILE_ABANDONED, subject=str(file.reference), by=actor, at=at)


_TAKEN = ", ".join(str(field.column) for field in RentFile._meta.concrete_fields if field.name != "content")
# Of several workers each takes another file; one whose work died is taken up again when its lease is over.
_CLAIM = f"""
UPDATE declarations_rentfile SET leased_until = %(until)s, tries = tries + 1 WHERE id = (
  SELECT id FROM declarations_rentfile
  WHERE state IN ('received', 'reading', 'confirming') AND (leased_until IS NULL OR leased_until <= %(at)s)
  ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {_TAKEN}
"""


def work_one(*, at: datetime) -> bool:
    """Read, or confirm, one file that waits; False if there is none. What the file cannot be read for is told on its page.

    One that fails for a reason nobody foresaw is taken up again when its lease is over; after ``MOST_TRIES`` it is set aside
    with a sentence, so that no file keeps the worker from the others for ever.
    """
    file = next(iter(RentFile.objects.raw(_CLAIM, {"at": at, "until": at + LEASE})), None)
    if file is None:
        return False
    if file.tries > MOST_TRIES:
        _set_aside(file, at=at)
        return True
    try:
        _do(file, _actor_of(file), at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("rent_file_failed", file=str(file.reference), tries=file.tries)
    return True


def _do(file: RentFile, actor: Actor, *, at: datetime) -> None:
    try:
        if file.state == FileState.CONFIRMING:
            confirming.carry_out(actor, file, at=at)
        else:
            Checking(file, actor, at=at).run()
            with transaction.atomic():
                mails.tell_checked(file, at=at)
    except ChangedMeanwhile:
        log.info("rent_file_changed_meanwhile", file=str(file.reference))
    except ColumnNotFound as refusal:
        with transaction.atomic():
            _ask_columns(file, refusal)
            mails.tell_stopped(file, mails.COLUMNS, refusal.sentence, at=at)
    except (Unreadable, WrongFile) as refusal:
        _refuse(file, refusal, at=at)


@transaction.atomic
def _set_aside(file: RentFile, *, at: datetime) -> None:
    """Give a file back to the person: one being kept can be confirmed again, for nothing of it was; another is refused."""
    if file.state == FileState.CONFIRMING:
        refusal = NotKept()
        given_back = RentFile.objects.filter(pk=file.pk, state=FileState.CONFIRMING).update(
            state=FileState.READY, refusal=refusal.sentence, leased_until=None, tries=0
        )
        if given_back:
            mails.tell_stopped(file, mails.NOT_KEPT, refusal.sentence, at=at)
    else:
        _refuse(file, NotReadHere(), at=at)


def _refuse(file: RentFile, refusal: Refusal, *, at: datetime) -> None:
    with transaction.atomic():
        file.rows.all().delete()
        file.blocks.all().delete()
        refused = RentFile.objects.filter(pk=file.pk, state__in=[FileState.RECEIVED, FileState.READING]).update(
            state=FileState.REFUSED, refusal=refusal.sentence[:300], content=None, leased_until=None
        )
        if refused:
            mails.tell_stopped(file, mails.UNREAD, refusal.sentence, at=at)


def _actor_of(file: RentFile) -> Actor:
    """The one who sent the file, as they were then."""
    label = Account.objects.values_list("login_id", flat=True).get(pk=file.account_id)
    return Actor(
        kind=ActorKind.PARTNER,
        label=label,
        account_id=file.account_id,
        partner_id=file.landlord_id,
        rights=frozenset({Right.DECLARE}),
        person=file.person,
        offices=frozenset(file.offices),
    )


def forget_old(*, at: datetime) -> int:
    """Files are kept thirty days; then what they held is in the declarations, or was never wanted."""
    old = RentFile.objects.filter(received_at__lt=at - KEPT_FOR).exclude(state=FileState.CONFIRMING)
    count, _ = old.delete()
    return count


def _clean(name: str) -> str:
    """A file's name as shown: no path, no odd signs."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in bare if sign.isprintable())[:120] or "fichier"


def _check_may_declare(actor: Actor) -> None:
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
