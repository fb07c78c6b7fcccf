"""« Ma Caf »: which office, how to reach it, how long it takes; found by postcode or chosen in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse

from parvis.kit.refusals import Refusal
from parvis.landlords.selectors import OfficeContact, OfficeDelay, delays_of, offices, offices_for
from parvis.landlords.topics import TOPICS
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

LONGEST = 40


@dataclass(frozen=True, slots=True)
class MeasuredOffice:
    """An office as its card shows it, with its processing times in words and the oldest day they were measured."""

    contact: OfficeContact
    delays: Sequence[tuple[str, str]]
    measured_on: date | None


@dataclass(frozen=True, slots=True)
class OfficeSearch:
    """What was asked, what was found, and what to say when it cannot be read."""

    typed: str
    chosen: str
    found: Sequence[MeasuredOffice]
    choices: Sequence[tuple[str, str]]
    error: str = ""
    error_choice: str = ""

    @property
    def asked(self) -> bool:
        """Whether an answer is due: something readable was asked."""
        return bool(self.typed or self.chosen) and not (self.error or self.error_choice)


@page(public)
def my_office(request: PageRequest) -> HttpResponse:
    """The office, or the offices, of a postcode."""
    return render(request, "public/offices/my_office.html", {"search": search_of(request)})


@page(public)
def all_offices(request: PageRequest) -> HttpResponse:
    """Every office, in one list."""
    return render(request, "public/offices/all_offices.html", {"offices": offices()})


@page(public)
def contact(request: PageRequest) -> HttpResponse:
    """How to reach an office, and what to write to it."""
    return render(request, "public/contact/contact.html", {"search": search_of(request)})


def search_of(request: PageRequest) -> OfficeSearch:
    """Read ``cp`` and ``caisse``. The postcode counts when both are there; blanks alone are a mistake, not an absence."""
    every = offices()
    choices = [("", "Choisir une caisse"), *((office.code, office.name) for office in every)]
    written = request.GET.get("cp")
    typed, chosen = (_asked(request, name) for name in ("cp", "caisse"))
    if typed or (written is not None and not chosen):
        try:
            return OfficeSearch(typed, "", _measured(offices_for(typed)), choices)
        except Refusal as refusal:
            return OfficeSearch(typed, "", [], choices, error=refusal.sentence)
    if chosen:
        found = [office for office in every if office.code == chosen]
        wrong = "" if found else "Cette caisse n’est pas dans la liste. Choisissez-en une autre."
        return OfficeSearch("", chosen, _measured(found), choices, error_choice=wrong)
    return OfficeSearch("", "", _measured(every) if len(every) == 1 else [], choices)


def _asked(request: PageRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _measured(found: Sequence[OfficeContact]) -> list[MeasuredOffice]:
    delays = delays_of(office.code for office in found)
    return [_in_words(office, delays.get(office.code, [])) for office in found]


def _in_words(office: OfficeContact, delays: Sequence[OfficeDelay]) -> MeasuredOffice:
    known = [delay for delay in delays if delay.topic in TOPICS]
    return MeasuredOffice(
        contact=office,
        delays=[(TOPICS[delay.topic], weeks_in_words(delay.min_weeks, delay.max_weeks)) for delay in known],
        measured_on=min((delay.measured_on for delay in known), default=None),
    )


def weeks_in_words(low: int, high: int) -> str:
    """So many weeks, from the shortest to the longest time."""
    if high == 0:
        return "moins d’une semaine"
    if low == high:
        return f"{high}\u00a0semaine{'s' if high > 1 else ''}"
    return f"{low} à {high}\u00a0semaines" if low else f"{high}\u00a0semaine{'s' if high > 1 else ''} au plus"
