"""Questions about one's own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from parvis.identity.models import Account
from parvis.kit.actors import Actor


def own_account(actor: Actor) -> int:
    """The account an actor stands for; a way in that lets anybody else come this far is broken."""
    if actor.account_id is None:
        raise RuntimeError(f"{actor.label} stands for no account.")
    return actor.account_id


@dataclass(frozen=True, slots=True)
class Introduction:
    """What an account knows of its person while it is not open yet."""

    first_name: str
    last_name: str
    job_title: str
    claimed_email: str
    email: str | None
    provisional_until: datetime | None


def introduction_of(actor: Actor) -> Introduction:
    """What the first pages show of what is known already."""
    fields = (
        "first_name",
        "last_name",
        "job_title",
        "claimed_email",
        "credential__email",
        "credential__provisional_until",
    )
    return Introduction(*Account.objects.values_list(*fields).get(pk=own_account(actor)))


def words_of_account(actor: Actor) -> dict[str, str]:
    """What every message to this account says of it: whom it is for, and the numbers that tell it from a false one."""
    return words_of(
        Account.objects.only("first_name", "last_name", "login_id", "user_number").get(pk=own_account(actor))
    )


class Known(Protocol):
    """What is said of an account, wherever it was read from."""

    @property
    def first_name(self) -> str: ...  # noqa: D102

    @property
    def last_name(self) -> str: ...  # noqa: D102

    @property
    def login_id(self) -> str: ...  # noqa: D102

    @property
    def user_number(self) -> str: ...  # noqa: D102


def words_of(account: Known) -> dict[str, str]:
    """The same, of an account at hand."""
    name = f"{account.first_name} {account.last_name}".strip()
    return {
        "account_name": name or account.login_id,
        "login_id": account.login_id,
        "user_number": account.user_number,
    }
