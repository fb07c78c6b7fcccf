"""« Santé des flux »: what comes, what leaves, what is late or held."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.correspondence.channels import channels_health
from parvis.correspondence.selectors import waiting
from parvis.exchange.selectors import health
from parvis.exchange.selectors import outgoing as leaving
from parvis.exchange.services import outbound
from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import Refusal
from parvis.parameters import catalogue
from parvis.parameters.selectors import duration
from parvis.upkeep.clockwork import running
from parvis.web.backoffice.acting import acted
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.running.keys import key_of
from parvis.web.frame.render import render


@agent_page(Duty.RUN_FEEDS)
def feeds(request: AgentRequest) -> HttpResponse:
    """Everything at a glance."""
    queue, at = waiting(at=request.now), request.now
    patience = duration(catalogue.MESSAGES_LEAVE_IN)
    context = {
        "feeds": health.feeds(at=at),
        "amounts_on": day_in_paris(as_of) if (as_of := health.amounts_as_of()) else None,
        "going": health.going(at=at),
        "held": health.held(),
        "sequence": health.missing_sequence(),
        "channels": channels_health(at=at, patience=patience),
        "queue": queue,
        "queue_is_late": queue.oldest_due_at is not None and at - queue.oldest_due_at > patience,
        "runs": health.runs(request.actor)[:5],
    }
    return render(request, "backoffice/running/feeds.html", context)


@agent_page(Duty.RUN_FEEDS, writes=True)
def start(request: AgentRequest) -> HttpResponse:
    """Look into the inbox, or send out, now."""
    if request.method == "POST":
        wanted = "send_out" if request.POST.get("sens") == "envoi" else "take_in"
        try:
            running.ask(wanted, by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "C’est fait. La tâche part dans les secondes qui viennent.")
    return HttpResponseRedirect(reverse("agent-feeds"))


@agent_page(Duty.RUN_FEEDS)
def sent(request: AgentRequest) -> HttpResponse:
    """Outgoing deliveries, newest first."""
    before = key_of(request, "avant")
    found = leaving.sent(request.actor, before=before)
    following = f"?avant={found[leaving.PAGE - 1].sequence}" if len(found) > leaving.PAGE else None
    context = {"sent": found[: leaving.PAGE], "following": following, "first": before is None}
    return render(request, "backoffice/running/sent.html", context)


@agent_page(Duty.RUN_FEEDS, writes=True)
def outgoing(request: AgentRequest, sequence: int) -> HttpResponse:
    """One outgoing delivery: what it held, what the office answered; written again on demand."""
    found = leaving.outgoing(request.actor, sequence)
    if request.method == "POST":
        acted(
            request,
            lambda: outbound.ask_again(sequence, by=request.actor, at=request.now),
            f"La livraison {found.delivery} sera écrite à nouveau, à l’octet près, d’ici une minute.",
        )
        return HttpResponseRedirect(reverse("agent-outgoing", args=[sequence]))
    return render(request, "backoffice/running/outgoing.html", {"found": found, "delivery": found.delivery})
