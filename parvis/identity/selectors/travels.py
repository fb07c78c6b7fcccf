"""Every message that brought an account its credentials, and what became of it: « où est ma lettre ? » (ux.md B22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parvis.correspondence.models import Channel, MessageState
from parvis.correspondence.returns.models import ReturnReason
from parvis.correspondence.selectors import Sent, messages_with
from parvis.identity.selectors.journey import IDENTIFIER_LETTER, PASSWORD_EMAIL, PASSWORD_LETTER, arrival

IDENTIFIER_EMAIL, IDENTIFIER_AGAIN = "identity/emails/identifier", "identity/emails/identifier_again"
INVITATION, MAILBOX_LETTER = "landlords/emails/invited", "landlords/letters/mailbox_lost"
_PASSWORDS = {PASSWORD_LETTER, PASSWORD_EMAIL}
BRINGS = {
    IDENTIFIER_LETTER: "Lettre de l’identifiant",
    PASSWORD_LETTER: "Lettre du mot de passe",
    IDENTIFIER_EMAIL: "Mail de l’identifiant",
    PASSWORD_EMAIL: "Mail du mot de passe provisoire",
    IDENTIFIER_AGAIN: "Mail qui rappelle l’identifiant",
    INVITATION: "Mail d’invitation",
    MAILBOX_LETTER: "Lettre pour changer d’adresse mail",
}
"""What each of them is, in the words of the file."""
_MOST = 20
"""Of each account: many more than anybody who never came in was sent."""


class Stage(StrEnum):
    """Where one of these messages is; ``PRINTING``: a letter that is made, and that nobody has posted yet."""

    WAITS = "waits"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"
    PRINTING = "printing"
    TRAVELS = "travels"
    ARRIVED = "arrived"
    RETURNED = "returned"
    REPLACED = "replaced"
    EXPIRED = "expired"
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class Travel:
    """One message: made, due, sent, expected; ``valid_until`` is the end of the password it brings, if that is the one in use."""

    message: Sent
    stage: Stage
    expected_by: datetime | None
    valid_until: datetime | None

    @property
    def brings(self) -> str:
        """What it is."""
        return BRINGS[self.message.template]

    @property
    def is_letter(self) -> bool:
        """Whether it goes by post."""
        return self.message.channel is Channel.LETTER

    def is_on_its_way(self, at: datetime) -> bool:
        """Whether a letter is to leave, or should not have arrived yet."""
        return self.is_letter and self.stage in (Stage.WAITS, Stage.PRINTING, Stage.TRAVELS)

    @property
    def returned(self) -> str:
        """Why the post brought it back, as the envelope says it; empty if it did not."""
        return ReturnReason(self.message.returned).label if self.message.returned else ""


def travels_of(accounts: Sequence[tuple[int, datetime | None]], *, at: datetime) -> dict[int, tuple[Travel, ...]]:
    """The latest messages with credentials of each account, the newest first; each with the end of its provisional password."""
    ends = dict(accounts)
    found: dict[int, list[Travel]] = {}
    for message in messages_with(list(ends), list(BRINGS), limit=_MOST):
        if message.account_id is None:
            continue
        theirs = found.setdefault(message.account_id, [])
        theirs.append(_travel(message, theirs, ends[message.account_id], at))
    return {account: tuple(travels) for account, travels in found.items()}


def travel_alone(message: Sent, *, at: datetime) -> Travel:
    """Where one message is, whatever it says; of a password, not whether it still opens anything."""
    return Travel(message, _on_its_way(message, at), arrival(message.expected_on), None)


def _travel(message: Sent, newer: list[Travel], ends_at: datetime | None, at: datetime) -> Travel:
    stage = _stage(message, newer, ends_at, at)
    in_use = message.template in _PASSWORDS and stage in (Stage.PRINTING, Stage.TRAVELS, Stage.ARRIVED)
    return Travel(message, stage, arrival(message.expected_on), ends_at if in_use else None)


def _stage(message: Sent, newer: list[Travel], ends_at: datetime | None, at: datetime) -> Stage:
    stage = _on_its_way(message, at)
    if message.template not in _PASSWORDS or stage not in (Stage.PRINTING, Stage.TRAVELS, Stage.ARRIVED):
        return stage
    # The password of a message is drawn as it leaves, and kills the one before.
    if any(other.message.template in _PASSWORDS and other.message.sent_at for other in newer):
        return Stage.REPLACED
    if ends_at is None:
        return Stage.SERVED
    return Stage.EXPIRED if ends_at <= at else stage


_NOT_GONE = {
    MessageState.FAILED: Stage.FAILED,
    MessageState.BOUNCED: Stage.BOUNCED,
    MessageState.CANCELLED: Stage.CANCELLED,
    MessageState.DUE: Stage.WAITS,
}


def _on_its_way(message: Sent, at: datetime) -> Stage:
    if message.state in _NOT_GONE:
        return _NOT_GONE[message.state]
    if message.returned:
        return Stage.RETURNED
    if message.channel is not Channel.LETTER:
        return Stage.ARRIVED
    expected = arrival(message.expected_on)
    if expected is None:
        return Stage.PRINTING
    return Stage.TRAVELS if at < expected else Stage.ARRIVED
