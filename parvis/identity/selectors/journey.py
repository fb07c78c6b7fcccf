"""Where the messages with an account's credentials are: asked, posted, on their way (ux.md B8, difficulty 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from parvis.correspondence.models import MessageState
from parvis.correspondence.selectors import Written, latest
from parvis.identity.models import Credential
from parvis.kit.clock import PARIS
from parvis.parameters.catalogue import LETTER_AGAIN_AFTER, PASSWORD_AFTER_LETTER
from parvis.parameters.selectors import duration

IDENTIFIER_LETTER = "identity/letters/identifier"
PASSWORD_LETTER = "identity/letters/password"  # noqa: S105
PASSWORD_EMAIL = "identity/emails/password"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Journey:
    """The two letters of an account: made, posted, and when both should have arrived.

    ``…_made_at`` is when its PDF was made, ``…_posted_on`` the day the post got it; ``arrives_before`` is unknown until the second
    one is posted. ``ends_at`` is the end of the password it brings, once that was drawn.
    """

    first_made_at: datetime | None
    first_posted_on: date | None
    second_made_at: datetime | None
    second_posted_on: date | None
    second_due_at: datetime
    arrives_before: datetime | None
    ends_at: datetime | None
    again_from: datetime

    def travels(self, at: datetime) -> bool:
        """Whether another password now would make the one that waits, is printed or travels useless."""
        if self.second_made_at is not None and self.ends_at is not None and self.ends_at <= at:
            return False
        return self.arrives_before is None or at < self.arrives_before


def letters_of(account_id: int) -> Journey | None:
    """The newest pair of letters of an account; None if no letter was ever queued for it, or one of them came back."""
    second = latest(account_id, [PASSWORD_LETTER])
    if second is None or second.state not in (MessageState.DUE, MessageState.SENT):
        return None
    first = latest(account_id, [IDENTIFIER_LETTER])
    if second.returned or (first is not None and first.returned):
        return None
    return Journey(
        first_made_at=first.sent_at if first else None,
        first_posted_on=first.posted_on if first else None,
        second_made_at=second.sent_at,
        second_posted_on=second.posted_on,
        second_due_at=_leaves(first, second),
        arrives_before=arrival(second.expected_on),
        ends_at=Credential.objects.values_list("provisional_until", flat=True).get(accounts=account_id),
        again_from=second.created_at + duration(LETTER_AGAIN_AFTER),
    )


def arrival(expected_on: date | None) -> datetime | None:
    """The end of the day by which the letters of a batch should have arrived; None until it is posted."""
    return datetime.combine(expected_on, time(23, 59), PARIS) if expected_on is not None else None


def _leaves(first: Written | None, second: Written) -> datetime:
    """When the second letter is to leave: it waits for the first one to have left."""
    if second.sent_at is not None or first is None or first.sent_at is not None:
        return second.sent_at or second.due_at
    return max(second.due_at, first.due_at + duration(PASSWORD_AFTER_LETTER))


def password_mail_waits(account_id: int) -> bool:
    """Whether a provisional password is about to leave by e-mail: another would only make it useless."""
    message = latest(account_id, [PASSWORD_EMAIL])
    return message is not None and message.state == MessageState.DUE
