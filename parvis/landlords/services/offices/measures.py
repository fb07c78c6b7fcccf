"""How long an office takes, as an agent types it beside what the feed brings: the newest measure counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from parvis.audit.journal import record
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import ChangedMeanwhile, NotFound
from parvis.landlords import events
from parvis.landlords.models import Office, ProcessingTime
from parvis.landlords.refusals import MeasureNotPossible, NoReasonGiven
from parvis.landlords.selectors.offices import measures_of
from parvis.landlords.topics import TOPICS

MOST_WEEKS = 104
OLDEST = timedelta(days=366)


class Measure(NamedTuple):
    """From how many to how many weeks, measured on a day."""

    min_weeks: int
    max_weeks: int
    measured_on: date


@transaction.atomic
def measure(office: str, topic: str, typed: Measure, *, seen: int | None, reason: str, by: Actor, at: datetime) -> None:
    """Give a topic of an office another time; ``seen`` is the measure in force the agent was shown (None: there was none).

    What is in force already changes nothing: a second click is not a second measure. A later measure of the feed replaces it.
    """
    check_holds(by, Duty.EDIT_TEXTS)
    if by.kind is ActorKind.AGENT and not by.holds(Duty.EDIT_TEXTS, [office]):
        raise NotFound
    if topic not in TOPICS or not Office.objects.select_for_update().filter(pk=office).exists():
        raise NotFound
    now = next(iter(measures_of(office, topic)), None)
    _check(typed, now, today=day_in_paris(at))
    words = " ".join(reason.split())
    if not words:
        raise NoReasonGiven
    before = Measure(now.min_weeks, now.max_weeks, now.measured_on) if now else None
    if before == typed:
        return
    if (now.pk if now else None) != seen:
        raise ChangedMeanwhile
    ProcessingTime.objects.create(
        office_id=office, topic=topic, **typed._asdict(), changed_at=at, changed_by=by.label, reason=words[:200]
    )
    told = {"before": _told(before), "after": _told(typed), "reason": words}
    record(events.PROCESSING_TIME_SET, subject=f"processing_time:{office}:{topic}", by=by, at=at, **told)


def _check(typed: Measure, now: ProcessingTime | None, *, today: date) -> None:
    if not 0 <= typed.min_weeks <= MOST_WEEKS:
        raise MeasureNotPossible(f"Écrivez un nombre de semaines, de 0 à {MOST_WEEKS}.", field="min_weeks")
    if not typed.min_weeks <= typed.max_weeks <= MOST_WEEKS:
        sentence = f"Écrivez un nombre de semaines, du plus court délai à {MOST_WEEKS}."
        raise MeasureNotPossible(sentence, field="max_weeks")
    if typed.measured_on > today:
        raise MeasureNotPossible("Ce jour n’est pas encore venu.", field="measured_on")
    if typed.measured_on < today - OLDEST:
        raise MeasureNotPossible("Cette mesure a plus d’un an.", field="measured_on")
    if now is not None and typed.measured_on < now.measured_on:
        sentence = (
            f"Le délai en vigueur a été mesuré le {day(now.measured_on)}\u00a0: écrivez ce jour ou un jour suivant."
        )
        raise MeasureNotPossible(sentence, field="measured_on")


def _told(measured: Measure | None) -> list[str | int] | None:
    return [measured.min_weeks, measured.max_weeks, measured.measured_on.isoformat()] if measured else None
