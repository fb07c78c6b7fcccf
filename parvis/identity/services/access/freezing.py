"""« Ce n’est pas moi »: one click freezes a credential and restores nothing (security.md §2.6, T10)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.correspondence.services import queue_email
from parvis.identity import events
from parvis.identity.models import Account, Credential, FormerMailbox, FreezeLink, PendingChange, Session
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services import limits, sessions
from parvis.kit.actors import Actor, system
from parvis.kit.references import READABLE, fingerprint, token

LINK_LIFE = timedelta(days=30)
STOP_CODE_SIGNS = 10
_OWNER = system("notice")


class WhenFrozen(Protocol):
    """What a room above does in the transaction that freezes a credential."""

    def __call__(self, credential_id: int, *, by: Actor, at: datetime) -> None:
        """Put aside what this credential had begun there."""


_also: list[WhenFrozen] = []


def when_frozen(act: WhenFrozen) -> None:
    """Have something of a room above done at every freeze; called in ``AppConfig.ready()``."""
    if act not in _also:
        _also.append(act)


def link_for(credential_id: int, because: str, *, at: datetime, account_id: int | None = None) -> FreezeLink:
    """A link, still undrawn, for a notice about ``because``; its message draws it.

    ``account_id`` where the notice is about one account: should it part from the credential, the link follows it.
    """
    return FreezeLink.objects.create(
        credential_id=credential_id, account_id=account_id, because=because, made_at=at, expires_at=at + LINK_LIFE
    )


def draw_link(link_id: int, *, at: datetime) -> dict[str, str]:
    """The token of an e-mail's link, drawn as the e-mail is made."""
    value = token()
    _keep(link_id, value)
    return {"freeze": value}


def draw_stop_code(link_id: int, *, at: datetime) -> dict[str, str]:
    """The code of a letter, typed by hand: no sign looks like another."""
    value = "".join(secrets.choice(READABLE) for _ in range(STOP_CODE_SIGNS))
    _keep(link_id, value)
    return {"stop_code": f"{value[:5]}-{value[5:]}"}


def _keep(link_id: int, value: str) -> None:
    waiting = FreezeLink.objects.filter(pk=link_id, used_at=None)
    if not waiting.update(token_hash=fingerprint(value)):
        raise SecretNoLongerNeeded


def live_link(value: str, *, at: datetime) -> FreezeLink | None:
    """The link of a token or a stop code, if it still freezes something; looking uses nothing up."""
    found = FreezeLink.objects.filter(token_hash=fingerprint(value), used_at=None, expires_at__gt=at)
    return found.select_related("credential").first()


def read_stop_code(typed: str) -> str:
    """A code as a letter prints it, whatever the case, the blanks and the hyphens."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())[:40]


def may_type_stop_code(address: str, *, at: datetime) -> bool:
    """Whether this neighbourhood may still try a stop code: twenty an hour."""
    return limits.admit([limits.of_stop_codes(address)], at=at).paused_until is None


@transaction.atomic
def freeze(value: str, *, at: datetime) -> bool:
    """Freeze the credential of a link; False when the link is unknown, old or used: of fifty clicks, one freezes.

    A link about one account freezes what this account has become as well: whoever detached it is let out with the rest.
    """
    link = live_link(value, at=at)
    if link is None or not FreezeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        return False
    freeze_credential(link.credential_id, because=link.because, by=_OWNER, at=at)
    # Read once the first is locked: a detachment that was under way is over.
    now_under = Account.objects.filter(freezelink=link).exclude(credential=link.credential_id)
    for credential_id in now_under.values_list("credential_id", flat=True):
        freeze_credential(credential_id, because=link.because, by=_OWNER, at=at)
    return True


@transaction.atomic
def freeze_own(credential_id: int, *, by: Actor, at: datetime) -> None:
    """« Ce n’était pas moi », said from one's profile."""
    freeze_credential(credential_id, because="profile", by=by, at=at)


def freeze_credential(credential_id: int, *, because: str, by: Actor, at: datetime, by_office: bool = False) -> bool:
    """End every session, put aside what is being changed, and let nobody in until an agent unfreezes.

    Frozen twice is frozen once: False then; but an agent makes theirs what its owner froze. The mailbox is told, and for thirty
    days the one it replaced, without a link: there is nothing left to freeze. ``by_office``: an agent decided it,
    ``because`` of what they say, and not the owner.
    """
    credential = Credential.objects.select_for_update().get(pk=credential_id)
    if credential.frozen_by_office or (credential.frozen_at is not None and not by_office):
        return False
    since = credential.frozen_at or at
    Credential.objects.filter(pk=credential_id).update(frozen_at=since, frozen_by_office=by_office)
    PendingChange.objects.filter(session__in=Session.objects.filter(credential=credential)).delete()
    sessions.end_all_of(credential)
    account = Account.objects.filter(credential=credential).order_by("pk").first()
    told = {"reason": because} if by_office else {"because": because}
    event = events.FROZEN_BY_OFFICE if by_office else events.FROZEN
    record(event, subject=account.login_id if account else str(credential_id), by=by, at=at, **told)
    for act in _also:
        act(credential_id, by=by, at=at)
    if account is not None:
        _tell_frozen(credential, account, by_office=by_office, at=at)
    return True


def _tell_frozen(credential: Credential, account: Account, *, by_office: bool, at: datetime) -> None:
    left = FormerMailbox.objects.filter(credential=credential, told_until__gt=at).values_list("email", flat=True)
    for address in dict.fromkeys(address for address in (credential.email, *left) if address):
        queue_email(
            to=address,
            template="identity/emails/frozen",
            context={**words_of(account), "frozen": at.isoformat(), "by_office": by_office},
            account_id=account.pk,
            partner_id=account.partner_id,
            at=at,
        )


def is_frozen_by_office(credential_id: int) -> bool:
    """Whether the freeze is an agent's decision: then it takes the same duty to undo it."""
    return Credential.objects.filter(pk=credential_id, frozen_by_office=True).exists()


@transaction.atomic
def unfreeze(login_id: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """An agent lets the owner in again, once sure who asks; what was changed meanwhile stays as it is."""
    account = Account.objects.select_related("credential").filter(login_id=login_id).first()
    if account is None:
        return False
    frozen = Credential.objects.filter(pk=account.credential_id, frozen_at__isnull=False)
    if not frozen.update(frozen_at=None, frozen_by_office=False):
        return False
    record(events.UNFROZEN, subject=login_id, by=by, at=at, reason=reason)
    if account.credential.email:
        queue_email(
            to=account.credential.email,
            template="identity/emails/unfrozen",
            context={**words_of(account), "opened": at.isoformat()},
            account_id=account.pk,
            partner_id=account.partner_id,
            at=at,
        )
    return True
