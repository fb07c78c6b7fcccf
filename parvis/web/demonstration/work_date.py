"""« Changer votre date de travail »: the whole instance lives at the date typed, pages, delays and messages alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.correspondence.selectors import waiting
from parvis.declarations.selectors import campaign_card
from parvis.demo import story
from parvis.design.forms import Form
from parvis.identity.services.demonstration import jump
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.periods import day_and_month, hour, long_day
from parvis.kit.refusals import Refusal
from parvis.web.demonstration.typed import read_moment
from parvis.web.frame.page import demonstration, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

FAR = timedelta(days=730)
"""How far one may go, either side of what lies between the first morning of the demonstration and the real date."""
MORNING = time(9, 0)
_BY = system("demonstration")


class WorkDateForm(Form):
    """The date, and the hour if it matters."""

    day = forms.CharField(label="Date", help_text="Par exemple 01/07/2026 ou 1er juillet 2026.")
    hour = forms.CharField(
        label="Heure", required=False, help_text="Par exemple 9\u00a0h\u00a030. Vide\u00a0: l’heure reste la même."
    )

    def __init__(self, *args: Any, here: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._here = here

    def clean(self) -> dict[str, Any]:
        """Read both, and keep within the bounds; the moment goes into ``moment``."""
        typed = self.cleaned_data
        if "day" in typed and "hour" in typed:
            try:
                moment = read_moment(typed["day"], typed["hour"], here=self._here)
                typed["moment"] = _within_bounds(moment)
            except Refusal as refusal:
                self.refuse(refusal)
        return typed


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A moment worth going to, why, and what its button types: nothing for the real date."""

    label: str
    reason: str
    moment: datetime | None

    @property
    def fields(self) -> dict[str, str]:
        """What the button sends: a moment and not a distance, so that a second click goes nowhere else."""
        if self.moment is None:
            return {"real": "1"}
        local = self.moment.astimezone(clock.PARIS)
        return {"day": f"{local:%d/%m/%Y}", "hour": f"{local:%H:%M}"}


@page(demonstration, writes=True)
def work_date(request: PageRequest) -> HttpResponse:
    """Say what date it is here, and go to another."""
    if request.method != "POST":
        return _show(request, WorkDateForm(here=request.now))
    if "real" in request.POST:
        return _gone(request, jump(None, by=_BY, at=request.now))
    form = WorkDateForm(request.POST, here=request.now)
    if not form.is_valid():
        return _show(request, form)
    return _gone(request, jump(form.cleaned_data["moment"], by=_BY, at=request.now))


def _show(request: PageRequest, form: WorkDateForm) -> HttpResponse:
    earliest, latest = _bounds()
    context = {
        "form": form,
        "now": request.now,
        "today": clock.day_in_paris(request.now),
        "earliest": clock.day_in_paris(earliest),
        "latest": clock.day_in_paris(latest),
        "shortcuts": list(_shortcuts(request.now)),
    }
    return render(request, "demonstration/work_date/work_date.html", context)


def _gone(request: PageRequest, moment: datetime) -> HttpResponse:
    """Tell where we are; whoever was silent for too long meanwhile signs in again."""
    messages.success(request, f"Nous sommes le {long_day(clock.day_in_paris(moment))}, il est {hour(moment)}.")
    visit = request.visit
    if visit is None or visit.credential_id is None or moment < request.now or visit.session.ends_at > moment:
        return HttpResponseRedirect(reverse("work-date"))
    messages.info(request, "Ce saut dans le temps a terminé votre connexion. Reconnectez-vous quand vous voulez.")
    # The cookie stays: it opens nothing any more, but whoever goes back to an old page is led to sign-in, not told that there is none.
    return HttpResponseRedirect(f"{reverse('sign-in')}?fin=1")


def _bounds() -> tuple[datetime, datetime]:
    real = clock.real_now()
    return min(real, story.TODAY) - FAR, max(real, story.TODAY) + FAR


def _within_bounds(moment: datetime) -> datetime:
    earliest, latest = _bounds()
    if earliest <= moment <= latest:
        return moment
    first, last = (long_day(clock.day_in_paris(bound)) for bound in (earliest, latest))
    raise Refusal(f"C’est un peu loin. Choisissez une date entre le {first} et le {last}.", field="day")


def _shortcuts(now: datetime) -> Iterator[Shortcut]:
    card = campaign_card(_BY, at=now)
    if card is not None:
        opening = datetime.combine(card.opens_on, MORNING, clock.PARIS)
        eve = datetime.combine(card.deadline_on - timedelta(days=1), MORNING, clock.PARIS)
        deadline = day_and_month(card.deadline_on)
        yield Shortcut("Aller à l’ouverture de la campagne", f"Les loyers de juillet {card.year} s’ouvrent.", opening)
        yield Shortcut("Aller à la veille de la date conseillée", f"Elle est fixée au {deadline}.", eve)
    letter = "Le mot de passe d’une première connexion part trois jours après l’identifiant."
    yield Shortcut("Avancer de 3 jours", letter, _next_minute(now + timedelta(days=3)))
    due = waiting(at=_bounds()[1]).oldest_due_at
    if due is not None and due > now:
        yield Shortcut("Aller au départ du prochain message", "Mail ou courrier, déjà prévu.", _next_minute(due))
    yield Shortcut(
        "Revenir au début de la démonstration", "Les lettres sont arrivées, la campagne est ouverte.", story.TODAY
    )
    yield Shortcut("Revenir à la vraie date", "Aujourd’hui, à l’heure de votre montre.", None)


def _next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
