"""« Messages en échec »: what did not leave is tried again or given up; what came back is read."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.services.openings import record_list, record_look
from parvis.correspondence.services import TRIED_AGAIN_FOR
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, NotFound
from parvis.landlords.selectors.for_agents import unsent as selectors
from parvis.upkeep import unsent as services
from parvis.web.backoffice.forms.running import UnsentForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.words import text_names
from parvis.web.frame.render import render
from parvis.web.frame.templating import address

STATES = {"pas-partis": "failed", "revenus": "bounced"}
_WORDS = {"failed": "Pas partis", "bounced": "Revenus"}


@agent_page(Duty.RUN_FEEDS, writes=True)
def unsent(request: AgentRequest) -> HttpResponse:
    """The latest first; all those of the last days are tried again by one button."""
    if request.method == "POST":
        count = services.try_all_again(by=request.actor, at=request.now)
        if count:
            told = f"{count}\u00a0message{'s repartent' if count > 1 else ' repart'}"
            messages.success(request, f"C’est fait. {told} dans les minutes qui viennent.")
        else:
            messages.warning(request, "Il n’y a rien à relancer.")
        return HttpResponseRedirect(reverse("agent-messages"))
    state = _asked(request)
    lines = selectors.in_trouble(request.actor, state, before=_before(request), limit=selectors.PAGE + 1)
    shown = lines[: selectors.PAGE]
    record_list("messages", len(shown), by=request.actor, at=request.now)
    context = {
        "state": state,
        "lines": [(line, line.subject or text_names(line.template)) for line in shown],
        "following": _address(state, avant=f"{shown[-1].moment.isoformat()}|{shown[-1].key}")
        if len(lines) > len(shown)
        else None,
        "first": _address(state) if request.GET.get("avant") else None,
        "days": TRIED_AGAIN_FOR.days,
        "tabs": [(words, _address(of), of == state) for of, words in _WORDS.items()],
    }
    return render(request, "backoffice/running/unsent.html", context)


@agent_page(Duty.RUN_FEEDS, writes=True)
def sheet(request: AgentRequest, message: str) -> HttpResponse:
    """One of them: what is known of it, and the two acts while it has not left."""
    form = UnsentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = _acted(request, message, form)
        if done is not None:
            return done
    line, state = selectors.one_in_trouble(request.actor, message)
    if line.partner_id is not None:
        record_look(line.partner_id, message, by=request.actor, at=request.now)
    context = {"line": line, "state": state, "form": form, "title": line.subject or text_names(line.template)}
    return render(request, "backoffice/running/unsent_message.html", context)


def _acted(request: AgentRequest, reference: str, form: UnsentForm) -> HttpResponse | None:
    """Tried again or given up; None when it is refused beside its field."""
    by, at, reason = request.actor, request.now, form.cleaned_data["reason"]
    try:
        if form.cleaned_data["act"] == "retry":
            services.try_again(reference, by=by, at=at)
            messages.success(request, "C’est fait. Le message repart dans les secondes qui viennent.")
        else:
            services.give_up(reference, reason, by=by, at=at)
            messages.success(request, "C’est fait. Le message est abandonné.")
    except services.WhyGivenUp as refusal:
        form.refuse(refusal)
        return None
    except ChangedMeanwhile:
        messages.warning(request, "Ce message n’est plus en échec\u00a0: rien ne change.")
    return HttpResponseRedirect(reverse("agent-messages"))


def _asked(request: AgentRequest) -> str:
    state = STATES.get(request.GET.get("etat", "pas-partis"))
    if state is None:
        raise NotFound
    return state


def _address(state: str, **more: str) -> str:
    slug = next(slug for slug, of in STATES.items() if of == state)
    return f"{address('agent-messages')}?{urlencode({'etat': slug, **more})}"


def _before(request: AgentRequest) -> tuple[datetime, int] | None:
    moment, _, key = request.GET.get("avant", "").partition("|")
    if not moment:
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError as error:
        raise NotFound from error
    if found.tzinfo is None or not (key.isdecimal() and key.isascii() and len(key) < 19):
        raise NotFound
    return found, int(key)
