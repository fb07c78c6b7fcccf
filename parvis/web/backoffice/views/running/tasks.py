"""What runs by itself: when each task last ran, what it did, when it comes next."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Duty
from parvis.upkeep import selectors
from parvis.upkeep.clockwork import running
from parvis.upkeep.clockwork.tasks import BY_NAME
from parvis.web.backoffice.acting import acted
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.WATCH_CLOCKWORK)
def tasks(request: AgentRequest) -> HttpResponse:
    """Every task, late ones first."""
    lines = selectors.tasks(request.actor, at=request.now)
    late = [line for line in lines if line.state == "late"]
    failed = [line for line in lines if line.state == "failed"]
    context = {"lines": lines, "late": late, "failed": failed}
    return render(request, "backoffice/running/tasks.html", context)


@agent_page(Duty.WATCH_CLOCKWORK, writes=True)
def start(request: AgentRequest, task: str) -> HttpResponse:
    """Ask for a run as soon as a worker has time."""
    if request.method == "POST":
        label = BY_NAME[task].label if task in BY_NAME else ""
        acted(
            request,
            lambda: running.ask(task, by=request.actor, at=request.now),
            f"«\u00a0{label}\u00a0» part dans les secondes qui viennent.",
        )
    return HttpResponseRedirect(reverse("agent-tasks"))
