"""Messages that did not leave, dealt with by agents: tried again once their cause is mended, or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from parvis.correspondence.returns.services import ADDRESS_DOUBTFUL
from parvis.correspondence.services import TRIED_AGAIN_FOR, abandon, retry
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.refusals import ChangedMeanwhile, NotFound, Refusal
from parvis.landlords.selectors.for_agents.unsent import SEEN, scope_of

MOST_AT_ONCE = 5_000
SHORTEST_REASON, LONGEST_REASON = 5, 200
_SEEN_BY_REFERENCE = f"SELECT m.id, m.state FROM correspondence_message m WHERE m.reference = %(reference)s AND {SEEN}"
_RECENT = f"""
SELECT m.id FROM correspondence_message m WHERE m.state = 'failed' AND m.due_at >= %(since)s AND m.failure <> %(doubtful)s
  AND {SEEN} ORDER BY m.due_at, m.id LIMIT %(limit)s
"""


class WhyGivenUp(Refusal):
    """Nobody gives up what a landlord awaits without saying why."""

    def __init__(self) -> None:
        super().__init__(
            f"Dites en quelques mots pourquoi ({SHORTEST_REASON} à {LONGEST_REASON} caractères).", field="reason"
        )


@transaction.atomic
def try_again(reference: str, *, by: Actor, at: datetime) -> None:
    """Put one message back in the queue."""
    if not retry([_failed(reference, by)], by=by, at=at):
        raise ChangedMeanwhile


@transaction.atomic
def try_all_again(*, by: Actor, at: datetime) -> int:
    """Put those of the last days back in the queue, without letters whose address is doubtful; says how many."""
    check_holds(by, Duty.RUN_FEEDS)
    values: dict[str, Any] = {"since": at - TRIED_AGAIN_FOR, "doubtful": ADDRESS_DOUBTFUL, "limit": MOST_AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, {**scope_of(by), **values})
        found = [key for (key,) in cursor.fetchall()]
    return retry(found, by=by, at=at)


@transaction.atomic
def give_up(reference: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Take one message back for good, and the letter that waits behind it."""
    found, words = _failed(reference, by), " ".join(reason.split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise WhyGivenUp
    if not abandon([found], by=by, at=at, reason=words):
        raise ChangedMeanwhile


def _failed(reference: str, by: Actor) -> int:
    """The message of that reference the agent may see; one that has left since is refused."""
    check_holds(by, Duty.RUN_FEEDS)
    with connection.cursor() as cursor:
        cursor.execute(_SEEN_BY_REFERENCE, {**scope_of(by), "reference": reference})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    if row[1] != "failed":
        raise ChangedMeanwhile
    return int(row[0])
