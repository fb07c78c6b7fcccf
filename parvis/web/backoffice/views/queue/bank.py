"""The flagged bank changes: looked at by an agent before they leave (security.md §2.9)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.agents.services.openings import record_look
from parvis.changes.selectors.flagged import PAGE, flagged_change, flagged_changes, flagged_choices
from parvis.changes.services.bank import by_agent
from parvis.changes.services.deciding import approve_bank_change
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.selectors.for_agents.files import phone_of
from parvis.web.backoffice.forms.queue import CheckForm, FlaggedForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.queue.declarations import paper_of
from parvis.web.frame.render import render


@agent_page(Duty.DECIDE_BANK_DETAILS)
def bank_changes(request: AgentRequest) -> HttpResponse:
    """The queue, all of it or narrowed."""
    form = FlaggedForm(request.GET, choices=flagged_choices(request.actor))
    after, asked = request.GET.get("apres", "")[:24], form.query()
    found = flagged_changes(request.actor, form.filters(request.now), after=after, limit=PAGE + 1)
    here = reverse("agent-bank-changes")
    context = {
        "form": form,
        "changes": found[:PAGE],
        "is_narrowed": bool(asked),
        "first": f"{here}?{urlencode(asked)}" if after else None,
        "following": f"?{urlencode({**asked, 'apres': found[PAGE - 1].number})}" if len(found) > PAGE else None,
    }
    return render(request, "backoffice/queue/bank_changes.html", context)


@agent_page(Duty.DECIDE_BANK_DETAILS, writes=True)
def bank_change(request: AgentRequest, flagged: str) -> HttpResponse:
    """One of them: why it is looked at, its papers, the decision."""
    change = flagged_change(request.actor, flagged)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _decided(request, change.number, form)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. Votre décision est dans le journal.")
            return HttpResponseRedirect(reverse("agent-bank-changes"))
    record_look(UUID(change.landlord_id), change.number, by=request.actor, at=request.now)
    phone = phone_of(UUID(change.landlord_id), change.office_code)
    return render(request, "backoffice/queue/bank_change.html", {"form": form, "change": change, "phone": phone})


def _decided(request: AgentRequest, number: str, form: CheckForm) -> None:
    typed = form.cleaned_data
    if typed["decision"] == "approve":
        approve_bank_change(number, reason=typed["note"], by=request.actor, at=request.now)
    else:
        by_agent.refuse_flagged(number, typed["reason_code"], note=typed["note"], by=request.actor, at=request.now)


@agent_page(Duty.DECIDE_BANK_DETAILS)
def paper(request: AgentRequest, flagged: str, attachment: UUID) -> HttpResponse:
    """The paper joined to it, saved by the browser; who opened it is in the journal."""
    change = flagged_change(request.actor, flagged)
    return paper_of(request, UUID(change.landlord_id), change.number, attachment)
