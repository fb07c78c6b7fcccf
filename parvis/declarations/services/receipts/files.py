"""The mails about a file of rents that was worked on while nobody looked: every ending has one, for its page promised it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from parvis.correspondence.services import queue_email
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.identity.models import Account

COLUMNS, UNREAD, NOT_KEPT, LOST = "columns", "unread", "not_kept", "lost"
"""How the work on a file stopped short: a column is to be told, it could not be read, its lines could not be kept, or may not."""


def tell_checked(file: RentFile, *, at: datetime) -> None:
    """« Votre fichier est contrôlé », when it took long enough to leave the page."""
    counts = file.counts
    if file.in_background:
        _write(file, "declarations/emails/file_checked", _told(counts), at=at)


def tell_stopped(file: RentFile, how: str, sentence: str, *, at: datetime) -> None:
    """Why nothing more is done about a file by itself, and what its person may do; of one read at once the page said it."""
    if file.in_background or how in (NOT_KEPT, LOST):
        _write(file, "declarations/emails/file_stopped", {"how": how, "sentence": sentence}, at=at)


def tell_upload_checked(upload: RentUpload, *, at: datetime) -> None:
    """« Votre fichier est contrôlé », of several accounts: once, when the last of them is."""
    counts: Counter[str] = Counter()
    for part in upload.parts.values_list("counts", flat=True):
        counts.update(part)
    _tell(upload, "declarations/emails/file_checked", _told(counts, upload.stray_count - upload.ignored), at=at)


def tell_upload_stopped(upload: RentUpload, how: str, sentence: str, *, at: datetime) -> None:
    """Why a file of several accounts waits for its person, or will not be read."""
    _tell(upload, "declarations/emails/file_stopped", {"how": how, "sentence": sentence}, at=at)


def _told(counts: Mapping[str, int], strays: int = 0) -> dict[str, int]:
    return {
        "ready": counts.get("ready", 0),
        "to_confirm": counts.get("to_confirm", 0) + counts.get("conflict", 0),
        "to_correct": counts.get("to_correct", 0) + counts.get("unknown", 0) + strays,
    }


def _tell(upload: RentUpload, template: str, told: dict[str, Any], *, at: datetime) -> None:
    """In the name of the first account it went to, or of any of the person's."""
    ids = upload.parts.order_by("pk").values_list("account_id", flat=True)
    held = Account.objects.select_related("credential").filter(credential_id=upload.credential_id)
    account = held.filter(pk__in=ids[:1]).first() or held.exclude(state="disabled").order_by("pk").first()
    if account is not None:
        place = f"/comptes/loyers-a-declarer/fichiers/{upload.reference}/"
        _queue(
            account,
            template,
            {
                "account_name": f"{account.first_name} {account.last_name}".strip(),
                "reference": str(upload.reference),
                "name": upload.name,
                "file_page": place,
                **told,
            },
            at=at,
        )


def _write(file: RentFile, template: str, told: dict[str, Any], *, at: datetime) -> None:
    account = Account.objects.select_related("credential").get(pk=file.account_id)
    place = f"/c/{account.reference}/bailleur/fichiers/{file.reference}/"
    _queue(
        account,
        template,
        {"account_name": file.person, "reference": str(file.reference), "name": file.name, "file_page": place, **told},
        at=at,
    )


def _queue(account: Account, template: str, told: dict[str, Any], *, at: datetime) -> None:
    """Nothing without a proved mailbox."""
    if not account.credential.email:
        return
    context = {
        "login_id": account.login_id,
        "user_number": account.user_number,
        "account_reference": account.reference,
        **told,
        "account_name": told["account_name"] or account.login_id,
    }
    queue_email(
        to=account.credential.email,
        template=template,
        context=context,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
