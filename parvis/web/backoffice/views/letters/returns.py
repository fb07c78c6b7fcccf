"""Letters the post brings back: noted one by one or by the pile, then the addresses to check."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.services.openings import record_list
from parvis.correspondence.returns.models import ReturnReason, SettledAs
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, NotFound
from parvis.landlords.selectors import returned as selectors
from parvis.landlords.services import returned as services
from parvis.web.backoffice.forms.letters import ReturnForm, SettleForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.letters.batches import tabs
from parvis.web.frame.render import render


@agent_page(Duty.NOTE_RETURNED_LETTER, writes=True)
def returns(request: AgentRequest) -> HttpResponse:
    """Type or scan the numbers; below, what is to be checked."""
    if request.POST.get("act") == "settle":
        return _settle(request)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    refused: list[services.Noted] = []
    if form.is_valid():
        reason = ReturnReason(form.cleaned_data["reason"])
        told = services.note_many(form.numbers, reason, by=request.actor, at=request.now)
        refused = [one for one in told if one.refusal]
        noted = len(told) - len(refused)
        if noted:
            words = "courrier revenu est noté" if noted == 1 else "courriers revenus sont notés"
            messages.success(request, f"C’est fait. {noted}\u00a0{words}. Rien d’autre ne part à ces adresses.")
        if not refused:
            return HttpResponseRedirect(reverse("agent-returns"))
    lines = selectors.doubtful_addresses(request.actor, after=_after(request), limit=selectors.PAGE + 1)
    record_list("returns", min(len(lines), selectors.PAGE), by=request.actor, at=request.now)
    context = {
        "form": form,
        "opens": request.actor.holds(Duty.OPEN_FILES),
        "refused": refused,
        "lines": [(ReturnReason(line.reason).label, line) for line in lines[: selectors.PAGE]],
        "following": _beyond(lines[selectors.PAGE - 1]) if len(lines) > selectors.PAGE else None,
        "tabs": tabs("agent-returns") if request.actor.holds(Duty.BATCH_LETTERS) else [],
    }
    return render(request, "backoffice/letters/returns.html", context)


def _beyond(line: selectors.DoubtfulAddress) -> str:
    return "?" + urlencode({"apres": f"{line.noted_at.isoformat()}|{line.key}"})


def _after(request: AgentRequest) -> tuple[datetime, int]:
    asked = request.GET.get("apres", "")
    if not asked:
        return selectors.BEGINNING
    moment, _, key = asked.partition("|")
    try:
        found = datetime.fromisoformat(moment)
    except ValueError as error:
        raise NotFound from error
    if found.tzinfo is None or not (key.isdecimal() and key.isascii() and len(key) < 19):
        raise NotFound
    return found, int(key)


def _settle(request: AgentRequest) -> HttpResponse:
    form = SettleForm(request.POST)
    if not form.is_valid():
        raise NotFound
    outcome = SettledAs(form.cleaned_data["outcome"])
    try:
        again = services.settle(form.cleaned_data["number"], outcome, by=request.actor, at=request.now)
    except ChangedMeanwhile:
        messages.warning(request, "Cette adresse est déjà vérifiée.")
    else:
        leaving = (
            f" {again}\u00a0lettre{'s' if again > 1 else ''} en attente {'partent' if again > 1 else 'part'}."
            if again
            else ""
        )
        messages.success(request, f"C’est fait. L’adresse est vérifiée.{leaving}")
    return HttpResponseRedirect(reverse("agent-returns"))
