"""« Délais » : how long each office takes, as landlords read it; typed here when the feed is late or wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.models import ProcessingTime
from parvis.landlords.selectors.offices import measures_in_force, measures_of, offices
from parvis.landlords.services.offices import measures
from parvis.landlords.topics import TOPICS
from parvis.web.backoffice.forms.settings import TimeForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


def _offices(request: AgentRequest) -> dict[str, str]:
    held = request.actor.offices_of(Duty.EDIT_TEXTS)
    return {office.code: office.name for office in offices() if held is None or office.code in held}


@agent_page(Duty.EDIT_TEXTS)
def times(request: AgentRequest) -> HttpResponse:
    """One office at a time, each topic with what counts."""
    names = _offices(request)
    office = request.GET.get("caisse", "") or next(iter(names), "")
    if office and office not in names:
        raise NotFound
    known = {row.topic: row for row in measures_in_force([office])}
    lines = [(topic, words, known.get(topic)) for topic, words in TOPICS.items()]
    context = {"office": office, "names": names, "lines": lines}
    return render(request, "backoffice/settings/times.html", context)


@agent_page(Duty.EDIT_TEXTS, writes=True)
def time(request: AgentRequest, office: str, topic: str) -> HttpResponse:
    """One topic: another measure, and all those before."""
    names = _offices(request)
    if office not in names or topic not in TOPICS:
        raise NotFound
    known = measures_of(office, topic)
    now = known[0] if known else None
    form = TimeForm(request.POST if request.method == "POST" else None, initial=_initial(request, now))
    if form.is_valid():
        try:
            measures.measure(
                office, topic, form.measure, seen=form.cleaned_data["seen"], reason=form.cleaned_data["reason"],
                by=request.actor, at=request.now,
            )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. Les bailleurs lisent ce délai dès maintenant.")
            return HttpResponseRedirect(f"{reverse('agent-times')}?caisse={office}")
    context = {"form": form, "office": office, "name": names[office], "words": TOPICS[topic], "known": known}
    return render(request, "backoffice/settings/time.html", context)


def _initial(request: AgentRequest, now: ProcessingTime | None) -> dict[str, Any]:
    start: dict[str, Any] = {"measured_on": day(day_in_paris(request.now)), "seen": now.pk if now else None}
    return start | {"min_weeks": now.min_weeks, "max_weeks": now.max_weeks} if now else start
