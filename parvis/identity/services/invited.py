"""One account for one invited person, with its provisional password by e-mail; and accounts closed and reopened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from parvis.audit.journal import record
from parvis.correspondence.models import Message
from parvis.correspondence.services import queue_email
from parvis.identity import events, rules
from parvis.identity.models import Account, AccountState, Credential, Session, TrustedBrowser
from parvis.identity.services.birth import free_login_ids
from parvis.identity.services.own import copying
from parvis.kit.actors import Actor, system
from parvis.kit.db import change_exactly_one
from parvis.kit.references import opaque

_CLOSING = system("closing")


@transaction.atomic
def open_account(
    partner_id: UUID, *, user_number: str, first_name: str, last_name: str, email: str, by: Actor, at: datetime
) -> Account:
    """Open an account for an invited person; ``email`` is a claim until they prove it."""
    account = Account.objects.create(
        reference=opaque(),
        login_id=free_login_ids(1)[0],
        user_number=user_number,
        partner_id=partner_id,
        credential=Credential.objects.create(),
        first_name=first_name,
        last_name=last_name,
        claimed_email=email,
        created_at=at,
    )
    record(events.ACCOUNT_BORN, subject=account.login_id, by=by, at=at)
    return account


def queue_password(account: Account, context: dict[str, Any], *, to: str, after: Message, at: datetime) -> None:
    """The provisional password, some minutes after the message that brings the identifier."""
    queue_email(
        to=to,
        template="identity/emails/password",
        context=context,
        secret="provisional_by_invitation",  # noqa: S106
        secret_subject=account.credential_id,
        account_id=account.pk,
        partner_id=account.partner_id,
        after=after,
        delay=rules.PASSWORD_AFTER_EMAIL,
        at=at,
    )


@transaction.atomic
def close_account(account_id: int, *, by: Actor, at: datetime) -> bool:
    """Close an account at once; the sessions end too unless they serve another open account. False if it is closed."""
    # The credential first, then the account: the order of those who link and change mailbox.
    holder = Account.objects.values_list("credential_id", flat=True).get(pk=account_id)
    Credential.objects.select_for_update().filter(pk=holder).first()
    account = Account.objects.select_for_update(of=("self",)).select_related("credential").get(pk=account_id)
    if account.state == AccountState.DISABLED:
        return False
    as_seen = Account.objects.filter(pk=account_id, state=account.state)
    change_exactly_one(as_seen, state=AccountState.DISABLED, disabled_at=at, disabled_by=by.label)
    copying.stop_of_credential(account.credential_id, by=_CLOSING, at=at)
    others = Account.objects.filter(credential_id=account.credential_id).exclude(state=AccountState.DISABLED)
    if not others.exists():
        _end_sessions(account.credential, at=at)
    return True


def _end_sessions(credential: Credential, *, at: datetime) -> None:
    """End every session and remembered browser; the rows of the sessions stay, so that their owners can be told why."""
    alive = Session.objects.filter(credential=credential, ends_at__gt=at)
    alive.update(ends_at=at)
    Credential.objects.filter(pk=credential.pk).update(version=F("version") + 1)
    TrustedBrowser.objects.filter(credential=credential).delete()


@transaction.atomic
def reopen_account(account_id: int, *, by: Actor, at: datetime) -> bool:
    """Open a closed account again, as far as it was before. False if it is not closed."""
    closed = Account.objects.filter(pk=account_id, state=AccountState.DISABLED)
    opened = {"disabled_at": None, "disabled_by": ""}
    was_open = closed.filter(opened_at__isnull=False).update(state=AccountState.ACTIVE, **opened)
    return bool(was_open or closed.filter(opened_at=None).update(state=AccountState.NEW, **opened))
