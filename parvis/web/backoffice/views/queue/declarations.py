"""The declarations that an officer treats: the oldest first, each decided once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.selectors.attachments import attachments_of
from parvis.declarations.selectors.deciding import PAGE, awaiting_decision, manual_declaration
from parvis.declarations.services.exchange.deciding import decide
from parvis.kit.actors import Actor, ActorKind, Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.backoffice.forms.queue import DecisionForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render

LONGEST_EDGE = 90


@agent_page(Duty.DECIDE_DECLARATIONS)
def declarations(request: AgentRequest) -> HttpResponse:
    """The queue."""
    found = awaiting_decision(request.actor, after=_edge(request), limit=PAGE + 1)
    following = found[PAGE - 1].edge if len(found) > PAGE else ""
    context = {"lines": found[:PAGE], "following": following, "paged": "apres" in request.GET}
    return render(request, "backoffice/queue/declarations.html", context)


@agent_page(Duty.DECIDE_DECLARATIONS, writes=True)
def declaration(request: AgentRequest, manual: UUID) -> HttpResponse:
    """One of them: what it says, its papers, the decision."""
    line, said = manual_declaration(request.actor, manual)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            decide(
                manual,
                typed["status"],
                reason_code=form.code,
                answer_by=typed["answer_by"],
                note=typed["note"],
                by=request.actor,
                at=request.now,
            )
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. Le bailleur est prévenu par mail.")
            return HttpResponseRedirect(reverse("agent-declarations"))
    reader = Actor(ActorKind.AGENT, request.actor.label, partner_id=line.landlord_id)
    files = attachments_of(reader, line.reference)
    context = {"form": form, "line": line, "said": said, "files": files}
    return render(request, "backoffice/queue/declaration.html", context)


def _edge(request: AgentRequest) -> tuple[datetime, UUID] | None:
    moment, _, opaque = request.GET.get("apres", "")[:LONGEST_EDGE].partition("|")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(opaque)) if at.tzinfo else None
    except ValueError:
        return None
