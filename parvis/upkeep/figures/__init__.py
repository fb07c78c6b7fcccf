"""How the instance is doing, in figures for whoever watches it: sums and ages from the database, nothing of anybody.

Asked of any process of any machine, they are the same: what web processes count of their pages is added up in the database
(:mod:`parvis.upkeep.figures.requests`). How long each one took is in the logs, a line a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from parvis.agents.models import Alert
from parvis.correspondence.batches.selectors import late_batches, late_letters
from parvis.correspondence.models import BatchState
from parvis.correspondence.selectors import waiting
from parvis.exchange.selectors import health
from parvis.kit.merging import rows
from parvis.landlords.selectors.for_agents.letters import letters_exhausted
from parvis.upkeep.figures import requests
from parvis.upkeep.models import Outcome
from parvis.upkeep.selectors import lines_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One value; figures of one name differ by their ``labels``. ``family`` is what several names are told under."""

    name: str
    means: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()
    kind: str = "gauge"
    family: str = ""


_SIZE = "SELECT pg_database_size(current_database())"
_QUEUES = """
SELECT 'rent_files', (SELECT count(*) FROM declarations_rentfile WHERE state IN ('received', 'reading', 'confirming'))
  + (SELECT count(*) FROM declarations_rentupload WHERE state = 'received')
UNION ALL SELECT 'manual_declarations', count(*) FROM declarations_declaration WHERE state = 'manual'
UNION ALL SELECT 'flagged_bank_changes', count(*) FROM changes_changerequest
  WHERE kind = 'bank_details' AND state IN ('agreement', 'held') AND approved_by = '' AND flags <> '{}'
UNION ALL SELECT 'letters_to_batch', count(*) FROM correspondence_message
  WHERE channel = 'letter' AND state = 'sent' AND batch_id IS NULL AND number <> ''
UNION ALL SELECT 'batches_to_make', count(*) FROM correspondence_letterbatch WHERE state = 'approved' AND made_at IS NULL
"""
_SESSIONS = """
SELECT (SELECT count(*) FROM identity_session WHERE ends_at > %(at)s), (SELECT count(*) FROM agents_agentsession WHERE ends_at > %(at)s)
"""
_CAMPAIGN = """
SELECT year, sum(to_declare + drafted + to_confirm + to_correct), sum(submitted + integrated + rejected)
FROM declarations_campaignfigure GROUP BY year ORDER BY year DESC LIMIT 2
"""


def figures(*, at: datetime) -> list[Figure]:
    """Every figure, those of one name together."""
    asked = (
        _messages(at),
        _letters(at),
        _queues(),
        _alerts(),
        _feeds(at),
        _tasks(at),
        _people(at),
        _campaigns(),
        _database(),
        _requests(),
    )
    return [figure for topic in asked for figure in topic]


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0


def _messages(at: datetime) -> Iterator[Figure]:
    queue = waiting(at=at)
    yield Figure("parvis_messages_due", "Messages that should have left", queue.due)
    yield Figure("parvis_messages_oldest_due_seconds", "How long the oldest has waited", _age(queue.oldest_due_at, at))
    yield Figure("parvis_messages_failed", "Dead letters somebody must look at", queue.failed)


def _letters(at: datetime) -> Iterator[Figure]:
    waiting_late = dict.fromkeys((BatchState.PREPARED, BatchState.APPROVED, BatchState.HANDED_OVER), 0)
    for batch in late_batches(at=at):
        waiting_late[BatchState(batch.state)] += batch.count
    for state, count in (("ready", late_letters(at=at).letters), *waiting_late.items()):
        yield Figure("parvis_letters_late", "Letters nobody took further in time", count, (("state", str(state)),))
    exhausted = letters_exhausted(at=at) is not None
    yield Figure("parvis_letters_exhausted", "Whether the letters of the day were all asked for", int(exhausted))


def _queues() -> Iterator[Figure]:
    for queue, count in rows(_QUEUES):
        yield Figure("parvis_queue", "What waits for a worker or for an agent", count, (("queue", queue),))


def _alerts() -> Iterator[Figure]:
    standing = Alert.objects.filter(closed_at=None).count()
    yield Figure("parvis_agent_alerts", "Alerts about what agents did that nobody has closed", standing)


def _feeds(at: datetime) -> Iterator[Figure]:
    for feed in health.feeds(at=at):
        labels = (("feed", feed.kind),)
        yield Figure("parvis_feed_late_seconds", "How late a feed is, 0 on time", feed.late_by.total_seconds(), labels)
    yield Figure("parvis_deliveries_held", "Deliveries that wait for two agents", len(health.held()))
    yield Figure(
        "parvis_deliveries_missing", "Deliveries that wait for a missing one", len(health.missing_sequence()[1])
    )
    going = health.going(at=at)
    yield Figure("parvis_declarations_waiting", "Declarations that wait to leave", going.declarations)
    yield Figure("parvis_changes_waiting", "Changes that wait to leave", going.changes)
    yield Figure("parvis_papers_waiting", "Papers that wait to leave", going.papers)
    yield Figure(
        "parvis_export_late_seconds", "How late the outgoing delivery is, 0 on time", going.late_by.total_seconds()
    )


def _tasks(at: datetime) -> Iterator[Figure]:
    lines = lines_of(at=at)
    for line in lines:
        labels = (("task", line.task.name),)
        yield Figure("parvis_task_late_seconds", "How late a task is, 0 on time", line.late_by.total_seconds(), labels)
    for line in lines:
        labels, failed = (("task", line.task.name),), line.run.outcome == Outcome.FAILED
        yield Figure("parvis_task_failed", "Whether the last run of a task failed", int(failed), labels)
    for line in lines:
        labels = (("task", line.task.name),)
        yield Figure("parvis_task_seconds", "How long the last run of a task took", line.run.took_ms / 1000, labels)

    for line in lines:
        labels, ended = (("task", line.task.name),), line.run.ended_at
        if ended is not None:
            yield Figure("parvis_task_ended_timestamp", "When a task last ended", ended.timestamp(), labels)
    for line in lines:
        labels, done = (("task", line.task.name),), line.run.done_at
        if done is not None:
            yield Figure("parvis_task_done_timestamp", "When a task last went well", done.timestamp(), labels)


def _people(at: datetime) -> Iterator[Figure]:
    landlords, agents = rows(_SESSIONS, {"at": at})[0]
    for who, count in (("landlord", landlords), ("agent", agents)):
        yield Figure("parvis_sessions", "Sessions that live", count, (("who", who),))


def _campaigns() -> Iterator[Figure]:
    found = rows(_CAMPAIGN)
    for year, left, _ in found:
        yield Figure("parvis_july_rents_left", "July rents to declare", int(left or 0), (("year", str(year)),))
    for year, _, sent in found:
        yield Figure("parvis_july_rents_sent", "July rents sent", int(sent or 0), (("year", str(year)),))


def _database() -> Iterator[Figure]:
    yield Figure("parvis_database_bytes", "Size of the database", rows(_SIZE)[0][0])


def _requests() -> Iterator[Figure]:
    means, family = "How long answers took, by route and sort of answer", "parvis_request_seconds"
    lines = list(requests.figures())
    for line in (line for line in lines if line.status.endswith("xx")):
        labels = (("route", line.route), ("status", line.status))
        found = [(f"{bound}", getattr(line, column)) for column, bound in requests.BOUNDS.items()]
        for bound, count in (*found, ("+Inf", line.count)):
            yield Figure(f"{family}_bucket", means, count, (*labels, ("le", bound)), "histogram", family)
        yield Figure(f"{family}_sum", means, line.seconds, labels, "histogram", family)
        yield Figure(f"{family}_count", means, line.count, labels, "histogram", family)
    for line in (line for line in lines if not line.status.endswith("xx")):
        told = (("route", line.route), ("why", line.status))
        yield Figure(
            "parvis_requests_given_up_total", "Requests that could not be served then", line.count, told, "counter"
        )


def exposition(found: list[Figure]) -> str:
    """The figures as Prometheus reads them (text format 0.0.4). Names and labels are our own words: nothing to escape."""
    lines, said = [], set()
    for figure in found:
        family = figure.family or figure.name
        if family not in said:
            said.add(family)
            lines += [f"# HELP {family} {figure.means}.", f"# TYPE {family} {figure.kind}"]
        labels = ",".join(f'{name}="{value}"' for name, value in figure.labels)
        lines.append(
            f"{figure.name}{{{labels}}} {float(figure.value)!r}" if labels else f"{figure.name} {float(figure.value)!r}"
        )
    return "\n".join(lines) + "\n"
