"""The declarations that an officer treats: the oldest first, each decided once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.services.openings import record_look
from parvis.changes.selectors.attachments import content_of, joined_to
from parvis.declarations.selectors.deciding import PAGE, ManualLine, awaiting_decision, manual_declaration
from parvis.declarations.services.exchange.deciding import decide
from parvis.kit.actors import Actor, ActorKind, Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.selectors.for_agents.files import phone_of
from parvis.web.backoffice.forms.queue import DecisionForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import as_saved, render

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
    record_look(line.landlord_id, line.reference, by=request.actor, at=request.now)
    files = [file for part in joined_to(_reader(request, line), line.reference).values() for file in part]
    phone = phone_of(line.landlord_id, line.office_code)
    context = {"form": form, "line": line, "said": said, "files": files, "phone": phone}
    return render(request, "backoffice/queue/declaration.html", context)


@agent_page(Duty.DECIDE_DECLARATIONS)
def paper(request: AgentRequest, manual: UUID, attachment: UUID) -> HttpResponse:
    """A paper joined to it, saved by the browser; who opened it is in the journal."""
    line, _ = manual_declaration(request.actor, manual)
    return paper_of(request, line.landlord_id, line.reference, attachment)


def paper_of(request: AgentRequest, landlord_id: UUID, subject: str, attachment: UUID) -> HttpResponse:
    """One of the papers joined to what is decided about."""
    reader = Actor(ActorKind.AGENT, request.actor.label, partner_id=landlord_id)
    for joined, files in joined_to(reader, subject).items():
        for file in files:
            if file.opaque == attachment:
                record_look(landlord_id, subject, paper=file.name, by=request.actor, at=request.now)
                return as_saved(*content_of(reader, joined, attachment))
    raise NotFound


def _reader(request: AgentRequest, line: ManualLine) -> Actor:
    return Actor(ActorKind.AGENT, request.actor.label, partner_id=line.landlord_id)


def _edge(request: AgentRequest) -> tuple[datetime, UUID] | None:
    moment, _, opaque = request.GET.get("apres", "")[:LONGEST_EDGE].partition("|")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(opaque)) if at.tzinfo else None
    except ValueError:
        return None
