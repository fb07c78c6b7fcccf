"""Colleagues of an organisation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from parvis.identity.models import Account
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from parvis.landlords.selectors.users import UserLine, user_of
from tests.factories.landlords import Owner, landlord, owner

READING = frozenset({Right.CONSULT})
OFTEN = frozenset({Right.CONSULT, Right.DECLARE})


def moment() -> datetime:
    """The moment of an act."""
    return datetime.now(UTC)


def administrator(of: Owner | None = None, *, first_name: str = "Claire", last_name: str = "Martin") -> Owner:
    """Somebody who has administered for a year; ``of`` is a colleague."""
    me = owner(of.landlord if of else landlord())
    held = Habilitation.objects.filter(account=me.account)
    held.filter(right=Right.CONSULT_FILES).delete()
    held.update(granted_at=moment() - timedelta(days=365))
    Account.objects.filter(pk=me.account.pk).update(first_name=first_name, last_name=last_name)
    me.account.refresh_from_db()
    return Owner(me.landlord, me.account, me.rights - {Right.CONSULT_FILES})


def colleague(
    of: Owner, first_name: str = "Paul", last_name: str = "Girard", *, rights: frozenset[Right] = READING, **more: Any
) -> Owner:
    """Somebody else of the same organisation."""
    made = owner(of.landlord, rights=rights)
    Account.objects.filter(pk=made.account.pk).update(first_name=first_name, last_name=last_name, **more)
    made.account.refresh_from_db()
    return made


def seen(by: Owner, user: Owner) -> str:
    """What a page showed of a user."""
    return line(by, user).as_seen


def line(by: Owner, user: Owner) -> UserLine:
    """A user as an administrator sees them."""
    return user_of(by.actor, user.account.reference, at=moment())
