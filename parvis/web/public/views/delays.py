"""« Délais de traitement »: how long an office takes, how that went for twelve months, and what it means for one's own request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http import HttpResponse

from parvis.kit.clock import day_in_paris
from parvis.kit.days import months_later, read_day
from parvis.kit.periods import day, month, months_back
from parvis.kit.refusals import Refusal
from parvis.kit.text import of
from parvis.landlords.selectors.offices import MonthDelay, delays_by_month, delays_of
from parvis.landlords.topics import TOPICS
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.public.views.offices import LONGEST, search_of, weeks_in_words

MONTHS = 12
OLDEST_REQUEST = 24
"""Months after which a request is no longer a matter of delays."""


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a curve; ``low`` and ``high`` are weeks, None where nothing was measured."""

    month: date
    low: int | None
    high: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One topic at one office: what counts now, its twelve months, and what is likely of a request of a day."""

    topic: str
    title: str
    now: str
    points: Sequence[Point]
    sentence: str
    likely: str
    is_over: bool


@page(public)
def processing_times(request: PageRequest) -> HttpResponse:
    """How long an office takes; with ``jour``, when a request of that day is likely to be answered."""
    search, today = search_of(request), day_in_paris(request.now)
    typed = request.GET.get("jour", "").replace("\x00", "").strip()[:LONGEST]
    asked_on, error = _request_day(typed, today)
    if typed and not (search.asked or search.found):
        search = replace(search, error_choice="Choisissez votre caisse.")
    codes = [office.contact.code for office in search.found]
    context = {
        "search": search,
        "typed_day": typed,
        "error_day": error,
        "curves": _curves(codes, asked_on, today) if codes else {},
    }
    return render(request, "public/offices/processing_times.html", context)


def _request_day(typed: str, today: date) -> tuple[date | None, str]:
    """The day of somebody's request, and what to say where it cannot be one."""
    if not typed:
        return None, ""
    try:
        read = read_day(typed)
    except Refusal as refusal:
        return None, refusal.sentence
    if read > today:
        return None, "Ce jour n’est pas encore venu."
    if months_later(read, OLDEST_REQUEST) < today:
        return None, "Cette demande a plus de deux ans\u00a0: écrivez à votre caisse."
    return read, ""


def _curves(codes: Sequence[str], asked_on: date | None, today: date) -> dict[str, list[Curve]]:
    """The curves of each office, in the order of topics; those that were measured, if only long ago."""
    months = months_back(today, MONTHS)
    by_month = delays_by_month(codes, since=months[0])
    found: dict[str, list[Curve]] = {}
    for code, delays in delays_of(codes).items():
        in_force = {delay.topic: (delay.min_weeks, delay.max_weeks) for delay in delays}
        for topic in TOPICS:
            if topic in in_force:
                points = _points(by_month.get((code, topic), []), months)
                likely, is_over = _likely(in_force[topic], asked_on, today)
                now, title = weeks_in_words(*in_force[topic]), TOPICS[topic]
                curve = Curve(topic, title, now, points, _sentence(title, points), likely, is_over)
                found.setdefault(code, []).append(curve)
    return found


def _points(measured: Sequence[MonthDelay], months: Sequence[date]) -> list[Point]:
    known = {one.month: one for one in measured}
    points = []
    for first in months:
        one = known.get(first)
        words = weeks_in_words(one.min_weeks, one.max_weeks) if one else "—"
        points.append(Point(first, one.min_weeks if one else None, one.max_weeks if one else None, words))
    return points


def _sentence(title: str, points: Sequence[Point]) -> str:
    """What the drawing says, for those who do not see it."""
    span = f"{of(month(points[0].month))} à {month(points[-1].month)}"
    known = [point for point in points if point.low is not None and point.high is not None]
    if not known:
        return f"{title}\u00a0: aucune mesure {span}"
    first, last = known[0], known[-1]
    if first is last:
        return f"{title}, {span}\u00a0: une seule mesure, {last.words} en {month(last.month)}"
    told = [point for point in known if point in (first, last) or _is_alone(point, points)]
    return f"{title}, {span}\u00a0: " + ", ".join(f"{point.words} en {month(point.month)}" for point in told)


def _is_alone(point: Point, points: Sequence[Point]) -> bool:
    """Whether nothing was measured the months before and after: no line leads to it."""
    at = points.index(point)
    return all(one.high is None for one in (*points[max(0, at - 1) : at], *points[at + 1 : at + 2]))


def _likely(weeks: tuple[int, int], asked_on: date | None, today: date) -> tuple[str, bool]:
    """Between which days an answer is likely (ux.md B19), and whether they are over."""
    if asked_on is None:
        return "", False
    first, last = (asked_on + timedelta(weeks=count) for count in weeks)
    yours = f"Votre demande du {day(asked_on)}\u00a0:"
    if last < today:
        return f"{yours} la réponse était probable avant le {day(last)}.", True
    if first == last:
        return f"{yours} réponse probable vers le {day(last)}.", False
    return f"{yours} réponse probable entre le {day(first)} et le {day(last)}.", False
