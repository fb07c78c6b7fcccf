"""A file comes in: kept, read at once when it is small, else by the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.bulk import columns
from parvis.declarations.bulk.checking import LEASE, Checking
from parvis.declarations.bulk.models import FileState, RentFile
from parvis.declarations.bulk.refusals import ColumnNotFound, FileClosed
from parvis.declarations.bulk.report import file_of
from parvis.declarations.models import CampaignCount
from parvis.declarations.refusals import NotInCampaign
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import NotAllowed
from parvis.sheets import limits, reading
from parvis.sheets.refusals import Unreadable

SMALL_BYTES = 400_000
"""What is heavier is not even opened within the request."""
SMALL_LINES = 500
MOST_FILES = 20


def receive(
    actor: Actor, year: int, *, name: str, content: bytes, at: datetime, key: UUID | None = None
) -> RentFile:  # fmt: skip
    """Keep a file; read it now if it is small. Refuses, and keeps nothing of, one that cannot be used (Unreadable, WrongFile).

    ``key`` is that of the form: sent twice with the same content, it is one file.
    """
    _check_may_declare(actor)
    own = RentFile.objects.filter(account_id=own_account(actor))
    over = own.filter(state__in=[FileState.ABANDONED, FileState.REFUSED])
    reference = free_reference(key, f"{own_account(actor)} {year}", content, over)
    if own.filter(reference=reference).exists():
        return file_of(actor, reference)
    check_weight(content)
    if not CampaignCount.objects.filter(landlord_id=actor.partner_id, year=year).exists():
        raise NotInCampaign
    try:
        return _kept(actor, year, name=name, content=content, at=at, reference=reference)
    except IntegrityError:
        if key is None:
            raise
        return file_of(actor, reference)


def check_weight(content: bytes) -> None:
    """Refuse (Unreadable) an empty file, and one too heavy to be read."""
    if not content.strip():
        raise Unreadable("empty")
    if len(content) > limits.LARGEST_FILE:
        raise Unreadable("too_heavy")


def free_reference(key: UUID | None, owner: str, content: bytes, over: QuerySet[Any]) -> UUID:
    """What a file is called that came with the ``key`` of a form: the same for the same content of the same ``owner``.

    A page brought back by « Précédent » has its old key: a file mended meanwhile is another one, and so is one sent again after
    the first came to be among those that are ``over`` (abandoned, refused): what it would lead to is gone.
    """
    if key is None:
        return uuid4()
    reference = uuid5(key, f"{owner} {hashlib.sha256(content).hexdigest()}")
    while over.filter(reference=reference).exists():
        reference = uuid5(reference, "again")
    return reference


def _kept(actor: Actor, year: int, *, name: str, content: bytes, at: datetime, reference: UUID) -> RentFile:
    with transaction.atomic():
        file = RentFile.objects.create(
            landlord_id=actor.partner_id,
            account_id=own_account(actor),
            person=actor.person,
            offices=sorted(actor.offices),
            year=year,
            name=clean(name),
            content=content,
            reference=reference,
            received_at=at,
            leased_until=at + LEASE,
        )
        record(events.FILE_RECEIVED, subject=str(file.reference), by=actor, at=at, bytes=len(content), year=year)
        _begin(file, actor, at=at)
        forget_older(file)
    return file


def forget_older(file: RentFile) -> None:
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
        ask_columns(file, refusal)


def _is_small(content: bytes) -> bool:
    if len(content) > SMALL_BYTES:
        return False
    if not content.startswith((b"PK", b"\xd0\xcf")):
        return max(content.count(b"\n"), content.count(b"\r")) <= SMALL_LINES
    table = reading.table(content)
    table.close()
    return table.expected <= SMALL_LINES


def ask_columns(file: RentFile, refusal: ColumnNotFound) -> None:
    """The person says which column is what."""
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
    chosen = columns_said(places, file.header, file.year)
    with transaction.atomic():
        as_seen = RentFile.objects.filter(pk=file.pk, state=FileState.COLUMNS)
        change_exactly_one(
            as_seen, state=FileState.RECEIVED, columns=chosen, refusal="", checked=0, leased_until=at + LEASE, tries=0
        )
        file.refresh_from_db()
        _begin(file, actor, at=at)
    return file


def columns_said(places: Mapping[str, int], header: Sequence[str], year: int) -> dict[str, int]:
    """Where the person says the columns are, if there are such; the rents and the tenants are needed (ColumnNotFound)."""
    known = {columns.RENT, columns.KEY, columns.NUMBER, columns.PREVIOUS}
    chosen = {name: place for name, place in places.items() if name in known and 0 <= place < len(header)}
    if columns.RENT not in chosen or not {columns.KEY, columns.NUMBER} & set(chosen):
        raise ColumnNotFound(header, year)
    return chosen


def abandon(actor: Actor, reference: UUID, *, at: datetime) -> None:
    """Forget a file: nothing of it was kept. Twice is once."""
    _check_may_declare(actor)
    file = file_of(actor, reference)
    if file.state == FileState.ABANDONED:
        return
    if file.state in (FileState.CONFIRMED, FileState.CONFIRMING):
        raise FileClosed
    forget(file, by=actor, at=at)


@transaction.atomic
def forget(file: RentFile, *, by: Actor, at: datetime) -> None:
    """Leave nothing of it but its name; who may ask for that is asked before."""
    as_seen = RentFile.objects.filter(pk=file.pk, state=file.state)
    change_exactly_one(as_seen, state=FileState.ABANDONED, content=None, leased_until=None)
    file.rows.all().delete()
    file.blocks.all().delete()
    record(events.FILE_ABANDONED, subject=str(file.reference), by=by, at=at)


def clean(name: str) -> str:
    """A file's name as shown: no path, no odd signs."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in bare if sign.isprintable())[:120] or "fichier"


def _check_may_declare(actor: Actor) -> None:
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
