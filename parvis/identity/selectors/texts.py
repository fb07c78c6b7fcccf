"""Which texts are in force, and who accepted them."""

from __future__ import annotations

from datetime import datetime

from parvis.identity.models import Acceptance, TextKind, TextVersion
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor


def in_force(kind: TextKind, *, at: datetime) -> TextVersion:
    """The newest published version of a text; the first one comes with the database."""
    return TextVersion.objects.filter(kind=kind, published_at__lte=at).order_by("-version")[0]


def accepted_at(actor: Actor, text: TextVersion) -> datetime | None:
    """When this account accepted this very version."""
    rows = Acceptance.objects.filter(account_id=own_account(actor), text=text)
    return rows.values_list("accepted_at", flat=True).first()


def accepted_before(actor: Actor, kind: TextKind) -> bool:
    """Whether this account accepted any version of this text: then what is asked now is a change."""
    return Acceptance.objects.filter(account_id=own_account(actor), text__kind=kind).exists()


def versions(kind: TextKind, *, at: datetime) -> list[TextVersion]:
    """Every version published so far, the one in force first; anybody may read them all."""
    return list(TextVersion.objects.filter(kind=kind, published_at__lte=at).order_by("-version"))
