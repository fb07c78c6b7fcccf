"""How mails and letters leave: the last of each, how many in a day, what waits, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Max, Min, QuerySet

from parvis.correspondence.models import Channel, Message, MessageState

COUNTED_OVER = timedelta(hours=24)
STOPPED_AFTER = timedelta(hours=6)
"""Nothing that is due leaves for so long: it is no delay any more."""
_TITLES = {Channel.EMAIL: "Mails", Channel.LETTER: "Courriers"}


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """One way out; ``sent`` and ``last_at`` are of the last day, ``late_by`` is nothing while what is due leaves in time."""

    title: str
    last_at: datetime | None
    sent: int
    due: int
    failed: int
    oldest_due_at: datetime | None
    late_by: timedelta

    @property
    def state(self) -> str:
        """stopped, late or on_time."""
        if self.late_by >= STOPPED_AFTER:
            return "stopped"
        return "late" if self.late_by else "on_time"


def channels_health(*, at: datetime, patience: timedelta) -> list[ChannelHealth]:
    """Mails, then letters; ``patience`` is how long what is due may wait."""
    recent = _by_channel(
        Message.objects.filter(sent_at__gt=at - COUNTED_OVER, sent_at__lte=at),
        last_at=Max("sent_at"),
        sent=Count("id"),
    )
    due = _by_channel(
        Message.objects.filter(state=MessageState.DUE, is_held=False, due_at__lte=at),
        due=Count("id"),
        oldest=Min("due_at"),
    )
    failed = _by_channel(Message.objects.filter(state=MessageState.FAILED), failed=Count("id"))
    found = []
    for channel, title in _TITLES.items():
        oldest = due.get(channel, {}).get("oldest")
        late = max(timedelta(), at - oldest - patience) if oldest else timedelta()
        found.append(
            ChannelHealth(
                title,
                recent.get(channel, {}).get("last_at"),
                recent.get(channel, {}).get("sent", 0),
                due.get(channel, {}).get("due", 0),
                failed.get(channel, {}).get("failed", 0),
                oldest,
                late,
            )
        )
    return found


def _by_channel(rows: QuerySet[Message], **figures: Aggregate) -> dict[str, dict[str, Any]]:
    """The figures of each channel that has any."""
    return {row["channel"]: dict(row) for row in rows.values("channel").annotate(**figures)}
