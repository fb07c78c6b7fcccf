"""The dates of a campaign: shown to all who follow it, changed by who runs it, after a look at what that changes."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.rules import change_in_words
from parvis.declarations.selectors.campaign import running
from parvis.declarations.services.campaigns import dates as services
from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.backoffice.forms.campaign import DatesForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.campaign.dashboard import asked, tabs
from parvis.web.frame.render import render


@agent_page(Duty.SEE_CAMPAIGN)
def dates(request: AgentRequest) -> HttpResponse:
    """Those of all offices, then of the offices that have their own."""
    year, _ = asked(request)
    lines = running.dates_lines(request.actor, year)
    runs = running.seen_offices(request.actor, Duty.RUN_CAMPAIGN)
    own = {line.code for line in lines}
    context = {
        "year": year,
        "lines": lines,
        "without": {code: name for code, name in runs.items() if code not in own},
        "next_year": running.next_year(at=request.now) if _runs_all(request) else None,
        "tabs": tabs(year, "agent-campaign-dates"),
    }
    return render(request, "backoffice/campaign/dates.html", context)


def _runs_all(request: AgentRequest) -> bool:
    """Whether the agent decides for every office at once."""
    return request.actor.holds(Duty.RUN_CAMPAIGN, [])


@agent_page(Duty.RUN_CAMPAIGN, writes=True)
def create(request: AgentRequest) -> HttpResponse:
    """The campaign of the year that comes, for all offices: typed, looked at, confirmed like any other dates."""
    services.check_may_run(request.actor, "")
    year = running.next_year(at=request.now)
    usual = {"opens_on": date(year, 7, 1), "deadline_on": date(year, 9, 30), "suspension_on": date(year + 1, 1, 15)}
    form = DatesForm(request.POST if request.method == "POST" else None, initial={**usual, **DatesForm.seen_of(None)})
    context = {
        "form": form,
        "year": year,
        "office": "",
        "where": "Toutes les caisses",
        "has_own": False,
        "is_new": True,
    }
    if form.is_valid():
        answer = _typed(request, year, "", form, "Toutes les caisses", context)
        if answer is not None:
            return answer
    return render(request, "backoffice/campaign/change.html", context)


@agent_page(Duty.RUN_CAMPAIGN, writes=True)
def change(request: AgentRequest) -> HttpResponse:
    """Type the dates, see what they change, confirm."""
    year, office = asked(request)
    services.check_may_run(request.actor, office)
    names = running.seen_offices(request.actor, Duty.RUN_CAMPAIGN)
    if office and office not in names:
        raise NotFound
    own, shared = services.dates_of(year, office), services.dates_of(year, "")
    known = own or shared
    start = known._asdict() if known else {}
    form = DatesForm(request.POST if request.method == "POST" else None, initial={**start, **DatesForm.seen_of(own)})
    where = names[office] if office else "Toutes les caisses"
    context = {
        "form": form,
        "year": year,
        "office": office,
        "where": where,
        "has_own": own is not None,
        "is_new": False,
    }
    if form.is_valid():
        answer = _typed(request, year, office, form, where, context)
        if answer is not None:
            return answer
    return render(request, "backoffice/campaign/change.html", context)


def _typed(
    request: AgentRequest, year: int, office: str, form: DatesForm, where: str, context: dict[str, object]
) -> HttpResponse | None:
    """What was typed, shown in words or set; None when it is refused."""
    by, at, reason = request.actor, request.now, form.cleaned_data["reason"]
    try:
        now = services.check_change(year, office, form.dates, by=by, at=at, reason=reason)
        if request.POST.get("step") != "confirm":
            told = change_in_words(where, form.dates, now, today=day_in_paris(at))
            return render(request, "backoffice/campaign/confirm.html", {**context, "told": told})
        services.set_dates(year, office, form.dates, seen=form.seen, reason=reason, by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    done = (
        f"La campagne {year} est créée\u00a0: elle s’ouvrira d’elle-même."
        if now is None
        else "Les nouvelles dates sont en place."
    )
    messages.success(request, f"C’est fait. {done}")
    return HttpResponseRedirect(f"{reverse('agent-campaign-dates')}?annee={year}")
