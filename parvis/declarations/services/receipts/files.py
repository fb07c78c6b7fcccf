"""The mails about a file of rents that was worked on while nobody looked: every ending has one, for its page promised it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parvis.correspondence.services import queue_email
from parvis.declarations.bulk.models import RentFile
from parvis.identity.models import Account

COLUMNS, UNREAD, NOT_KEPT = "columns", "unread", "not_kept"
"""How the work on a file stopped short: a column is to be told, it could not be read, its lines could not be kept."""


def tell_checked(file: RentFile, *, at: datetime) -> None:
    """« Votre fichier est contrôlé », when it took long enough to leave the page."""
    counts = file.counts
    if file.in_background:
        told = {
            "ready": counts.get("ready", 0),
            "to_confirm": counts.get("to_confirm", 0) + counts.get("conflict", 0),
            "to_correct": counts.get("to_correct", 0) + counts.get("unknown", 0),
        }
        _write(file, "declarations/emails/file_checked", told, at=at)


def tell_stopped(file: RentFile, how: str, sentence: str, *, at: datetime) -> None:
    """Why nothing more is done about a file by itself, and what its person may do; of one read at once the page said it."""
    if file.in_background or how == NOT_KEPT:
        _write(file, "declarations/emails/file_stopped", {"how": how, "sentence": sentence}, at=at)


def _write(file: RentFile, template: str, told: dict[str, Any], *, at: datetime) -> None:
    """Nothing without a proved mailbox."""
    account = Account.objects.select_related("credential").get(pk=file.account_id)
    if not account.credential.email:
        return
    context = {
        "account_name": file.person or account.login_id,
        "login_id": account.login_id,
        "user_number": account.user_number,
        "account_reference": account.reference,
        "reference": str(file.reference),
        "name": file.name,
        **told,
    }
    queue_email(
        to=account.credential.email,
        template=template,
        context=context,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
