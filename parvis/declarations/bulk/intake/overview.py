"""What became of a file of several accounts: the file of each, what was found in it, the receipts it gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.bulk.confirming import SEND, to_keep
from parvis.declarations.bulk.models import FileState, RentFile, RentUpload, UploadState
from parvis.declarations.bulk.refusals import HINDRANCES
from parvis.declarations.models import Receipt
from parvis.declarations.selectors.across import Hindrance, accounts_declaring, why_not_declaring
from parvis.kit.actors import Actor

RECENT = 5
AT_WORK = (FileState.RECEIVED, FileState.READING, FileState.CONFIRMING)


class Seen(NamedTuple):
    """The file of one account. ``hindrance``: why its person may not declare there now; then nothing more is told of it.

    ``actor`` is the person there, if they may. ``receipts`` are their numbers, ``sent`` the rents they acknowledge.
    """

    file: RentFile
    account: str
    actor: Actor | None
    title: str
    hindrance: Hindrance | None
    receipts: list[str]
    sent: int

    @property
    def may_declare(self) -> bool:
        """Whether its person may declare there."""
        return self.hindrance is None

    @property
    def why_not(self) -> str:
        """The same in words, empty if they may."""
        return HINDRANCES[self.hindrance] if self.hindrance else ""

    @property
    def is_all_sent(self) -> bool:
        """Whether a receipt acknowledges every line."""
        return bool(self.sent >= sum(self.file.counts.values()))

    @property
    def is_open(self) -> bool:
        """Whether it waits to be confirmed."""
        return self.may_declare and self.file.state == FileState.READY


class Done(NamedTuple):
    """How far the confirmation of all accounts is: ``rents`` of a ``total``, sent where any are to be (``is_sending``), or kept."""

    is_sending: bool
    rents: int
    total: int


class Overview(NamedTuple):
    """All files of one upload, by account; what may be confirmed is ``ready``, or ``unsure`` and to be looked at again."""

    parts: list[Seen]
    is_at_work: bool
    ready: int
    unsure: int
    judged: int

    @property
    def is_open(self) -> bool:
        """Whether any account waits to be confirmed."""
        return any(part.is_open for part in self.parts)

    @property
    def done(self) -> Done:
        """How far the accounts that are confirmed are; each is sent whole."""
        begun = [part for part in self.parts if part.file.state in (FileState.CONFIRMED, FileState.CONFIRMING)]
        is_sending = any(part.file.wish == SEND for part in begun)
        rents = left = 0
        for part in begun:
            if part.file.state == FileState.CONFIRMED:
                rents += part.sent if is_sending else part.file.kept
            elif part.file.wish == SEND or not is_sending:
                left += to_keep(part.file, part.file.wants_unsure and not is_sending)
        return Done(is_sending, rents, rents + left)

    @property
    def is_begun(self) -> bool:
        """Whether any account is confirmed, so that the whole can no more be abandoned."""
        return any(part.file.state in (FileState.CONFIRMED, FileState.CONFIRMING) for part in self.parts)


def overview(upload: RentUpload, *, at: datetime) -> Overview:
    """The files of the accounts that still are this person's."""
    parts = upload.parts.filter(account__credential_id=upload.credential_id).exclude(state=FileState.ABANDONED)
    files = list(parts.defer("content").select_related("account", "landlord").order_by("pk"))
    standing = {account.id: account for account in accounts_declaring(upload.credential_id, at=at)}
    hindrances = why_not_declaring({file.account_id for file in files} - standing.keys(), at=at)
    receipts = _receipts(files)
    seen = []
    for file in files:
        account, own = standing.get(file.account_id), receipts.get(str(file.reference), [])
        sent = sum(count for _, count in own)
        title = account.title if account else file.landlord.name
        numbers, hindrance = [number for number, _ in own], hindrances.get(file.account_id)
        actor = account.actor if account else None
        seen.append(Seen(file, file.account.reference, actor, title, hindrance, numbers, sent))
    counts: Counter[str] = Counter()
    for part in seen:
        counts.update(part.file.counts if part.is_open else {})
    return Overview(
        seen,
        upload.state == UploadState.RECEIVED or any(file.state in AT_WORK for file in files),
        counts["ready"],
        counts["to_confirm"] + counts["to_correct"],
        sum(sum(file.counts.values()) for file in files),
    )


def upload_seen(file: RentFile) -> UUID | None:
    """The upload a file came with, if whoever holds its account can still open its page."""
    if file.upload_id is None:
        return None
    own = RentUpload.objects.filter(pk=file.upload_id, credential__accounts=file.account_id)
    return own.exclude(state=UploadState.ABANDONED).values_list("reference", flat=True).first()


def _receipts(files: Sequence[RentFile]) -> dict[str, list[tuple[str, int]]]:
    done = [file for file in files if file.state == FileState.CONFIRMED]
    found: dict[str, list[tuple[str, int]]] = {}
    own = Receipt.objects.filter(
        landlord_id__in=[file.landlord_id for file in done],
        submission_key__in=[file.reference for file in done],
        account_id__in=[file.account_id for file in done],
    )
    for key, number, count in own.order_by("number").values_list("submission_key", "number", "count"):
        found.setdefault(str(key), []).append((number, count))
    return found


def recent_uploads(credential_id: int) -> list[tuple[RentUpload, str]]:
    """The last files sent, those abandoned left out, and where each stands in words."""
    own = RentUpload.objects.defer("content").filter(credential_id=credential_id)
    uploads = list(own.exclude(state=UploadState.ABANDONED).order_by("-received_at", "-id")[:RECENT])
    states: dict[int, set[str]] = {}
    parts = RentFile.objects.filter(upload__in=[upload.pk for upload in uploads])
    for upload, state in parts.values_list("upload_id", "state").distinct():
        states.setdefault(upload or 0, set()).add(state)
    return [(upload, _in_words(upload, states.get(upload.pk, set()))) for upload in uploads]


def _in_words(upload: RentUpload, states: set[str]) -> str:
    if upload.state != UploadState.PARTED:
        return str(UploadState(upload.state).label)
    # The least advanced of its accounts says how far the whole is; those abandoned say so if there is no other.
    order = (FileState.CONFIRMING, FileState.RECEIVED, FileState.READING, FileState.READY, FileState.CONFIRMED)
    found = next((state for state in (*order, FileState.REFUSED) if state in states), FileState.ABANDONED)
    return str((FileState.READING if found == FileState.RECEIVED else found).label)
