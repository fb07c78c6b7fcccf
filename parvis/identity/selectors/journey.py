"""Where the messages with an account's credentials are: asked, posted, on their way (ux.md B8, difficulty 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from parvis.correspondence.models import MessageState
from parvis.correspondence.selectors import Written, latest
from parvis.kit.clock import PARIS
from parvis.parameters.catalogue import LETTER_AGAIN_AFTER, PASSWORD_AFTER_LETTER, POSTAL_DELIVERY
from parvis.parameters.selectors import duration

IDENTIFIER_LETTER = "identity/letters/identifier"
PASSWORD_LETTER = "identity/letters/password"  # noqa: S105
PASSWORD_EMAIL = "identity/emails/password"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Journey:
    """The two letters of an account: when each left, or is to leave, and when both should have arrived."""

    first_sent_at: datetime | None
    second_sent_at: datetime | None
    second_due_at: datetime
    arrives_before: datetime
    again_from: datetime

    def travels(self, at: datetime) -> bool:
        """Whether another password now would make the one on its way useless."""
        return at < self.arrives_before


def letters_of(account_id: int) -> Journey | None:
    """The newest pair of letters of an account; None if no letter was ever queued for it, or it came back."""
    second = latest(account_id, [PASSWORD_LETTER])
    if second is None or second.state not in (MessageState.DUE, MessageState.SENT):
        return None
    if second.returned:
        return None
    first = latest(account_id, [IDENTIFIER_LETTER])
    second_due = _leaves(first, second)
    return Journey(
        first_sent_at=first.sent_at if first else None,
        second_sent_at=second.sent_at,
        second_due_at=second_due,
        arrives_before=_arrives(second, second_due),
        again_from=second.created_at + duration(LETTER_AGAIN_AFTER),
    )


def _arrives(letter: Written, due: datetime) -> datetime:
    """By when a letter should be there: as its batch says once it was posted, else counted from its making."""
    if letter.expected_on is not None:
        return datetime.combine(letter.expected_on, time(23, 59), PARIS)
    return (letter.sent_at or due) + duration(POSTAL_DELIVERY)


def _leaves(first: Written | None, second: Written) -> datetime:
    """When the second letter is to leave: it waits for the first one to have left."""
    if second.sent_at is not None or first is None or first.sent_at is not None:
        return second.sent_at or second.due_at
    return max(second.due_at, first.due_at + duration(PASSWORD_AFTER_LETTER))


def password_mail_waits(account_id: int) -> bool:
    """Whether a provisional password is about to leave by e-mail: another would only make it useless."""
    message = latest(account_id, [PASSWORD_EMAIL])
    return message is not None and message.state == MessageState.DUE
