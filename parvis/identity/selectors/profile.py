"""« Mon profil »: what one may read of oneself (product.md §2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.identity.models import Acceptance, Account, Session, TextKind, TrustedBrowser
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor


@dataclass(frozen=True, slots=True)
class Profile:
    """One's own data and how one signs in."""

    first_name: str
    last_name: str
    job_title: str
    phone: str
    login_id: str
    user_number: str
    email: str
    email_proved_at: datetime | None
    password_changed_at: datetime | None
    campaign_reminders: bool
    payment_emails: str
    letters: str


def profile_of(actor: Actor) -> Profile:
    """The actor's own account."""
    fields = (
        "first_name",
        "last_name",
        "job_title",
        "phone",
        "login_id",
        "user_number",
        "credential__email",
        "credential__email_proved_at",
        "credential__password_changed_at",
        "campaign_reminders",
        "payment_emails",
        "letters",
    )
    return Profile(*Account.objects.values_list(*fields).get(pk=own_account(actor)))


@dataclass(frozen=True, slots=True)
class Device:
    """A session or a remembered browser; ``is_this_one`` is the one that asks."""

    pk: int
    browser: str
    seen_at: datetime
    is_this_one: bool


def sessions_of(session: Session, *, at: datetime) -> list[Device]:
    """The live sessions of the same credential, newest first."""
    rows = Session.objects.filter(
        credential_id=session.holder_id, credential_version=session.credential_version, ends_at__gt=at
    )
    found = rows.order_by("-seen_at", "-pk").values_list("pk", "browser", "seen_at")[:50]
    return [Device(pk, browser or "Appareil inconnu", seen, pk == session.pk) for pk, browser, seen in found]


def browsers_of(session: Session) -> list[Device]:
    """The browsers in which a code was typed and is remembered for the day."""
    rows = TrustedBrowser.objects.filter(
        credential_id=session.holder_id, credential_version=session.credential_version
    ).order_by("-code_validated_at", "-pk")
    found = rows.values_list("pk", "browser", "code_validated_at")[:50]
    return [Device(pk, browser or "Navigateur inconnu", validated, False) for pk, browser, validated in found]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text accepted: which, its version, when."""

    kind: TextKind
    version: int
    accepted_at: datetime


def acceptances_of(actor: Actor) -> list[Accepted]:
    """The texts the actor's account has accepted, newest first."""
    rows = Acceptance.objects.filter(account_id=own_account(actor)).order_by("-accepted_at", "-pk")
    found = rows.values_list("text__kind", "text__version", "accepted_at")[:50]
    return [Accepted(TextKind(kind), version, at) for kind, version, at in found]


@dataclass(frozen=True, slots=True)
class Linked:
    """An account of the same credential, as the choice of those that change mailbox needs it."""

    reference: str
    login_id: str
    partner_id: UUID


def linked_accounts(credential_id: int, limit: int = 500) -> list[Linked]:
    """The accounts of a credential, by identifier."""
    rows = Account.objects.filter(credential_id=credential_id).order_by("login_id")
    return [Linked(*row) for row in rows.values_list("reference", "login_id", "partner_id")[:limit]]
