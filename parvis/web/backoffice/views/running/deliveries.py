"""Incoming deliveries: every run, what was set aside, what is held and by whom it is released."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import FileResponse, HttpResponseBase
from django.urls import reverse

from parvis.exchange.selectors import health
from parvis.exchange.selectors import lines as aside
from parvis.exchange.services import releasing
from parvis.exchange.services.taking import note_taken
from parvis.kit.actors import Duty
from parvis.kit.refusals import Refusal
from parvis.sheets import writing
from parvis.web.backoffice.forms.running import ReleaseForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.running.keys import key_of, pair_of
from parvis.web.frame.render import render


@agent_page(Duty.RUN_FEEDS)
def received(request: AgentRequest) -> HttpResponse:
    """Every delivery, newest first, or those that were refused."""
    before, refused = key_of(request, "avant"), request.GET.get("etat") == "refusees"
    found = health.runs(request.actor, before=before, refused=refused)
    kept = "etat=refusees&" if refused else ""
    following = f"?{kept}avant={found[health.PAGE - 1].pk}" if len(found) > health.PAGE else None
    context = {"runs": found[: health.PAGE], "following": following, "refused": refused}
    return render(request, "backoffice/running/received.html", context)


@agent_page(Duty.RUN_FEEDS)
def sheet(request: AgentRequest, delivery: int) -> HttpResponse:
    """One delivery, file by file; a held one with its figures."""
    return _sheet(request, delivery, ReleaseForm())


@agent_page(Duty.RUN_FEEDS, writes=True)
def release(request: AgentRequest, delivery: int) -> HttpResponse:
    """Ask that a held delivery may pass; agree to what another agent asks; take it back."""
    here = HttpResponseRedirect(reverse("agent-delivery", args=[delivery]))
    if request.method != "POST":
        return here
    sequence, by, at = aside.delivery(request.actor, delivery).sequence, request.actor, request.now
    try:
        if "agree" in request.POST:
            releasing.agree(sequence, by=by, at=at)
            done = "C’est fait. La livraison repart au prochain chargement, d’ici cinq minutes."
        elif "withdraw" in request.POST:
            releasing.withdraw(sequence, by=by, at=at)
            done = "C’est fait. La demande est retirée\u00a0: la livraison reste retenue."
        else:
            form = ReleaseForm(request.POST)
            if not form.is_valid():
                return _sheet(request, delivery, form)
            releasing.ask(sequence, reason=form.cleaned_data["reason"], by=by, at=at)
            done = "C’est fait. Un autre agent doit maintenant valider."
        messages.success(request, done)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    return here


@agent_page(Duty.RUN_FEEDS)
def lines(request: AgentRequest, delivery: int, position: int) -> HttpResponse:
    """The lines of one file that did not go in, with the sentence."""
    file, settled = aside.file_of(request.actor, delivery, position), request.GET.get("etat") == "reglees"
    found = aside.lines(file, settled=settled, after=pair_of(request, "apres"))
    last, kept = found[: aside.PAGE][-1:], "etat=reglees&" if settled else ""
    following = f"?{kept}apres={last[0].number}-{last[0].pk}" if len(found) > aside.PAGE else None
    context = {"file": file, "lines": found[: aside.PAGE], "following": following, "settled": settled}
    return render(request, "backoffice/running/lines.html", context)


@agent_page(Duty.RUN_FEEDS)
def lines_file(request: AgentRequest, delivery: int, position: int) -> HttpResponseBase:
    """The same as a file: numbers and sentences, nothing of what the lines held."""
    file = aside.file_of(request.actor, delivery, position)
    with transaction.atomic():
        made = writing.kept_file("csv", aside.HEADER, aside.line_rows(file))
        note_taken(file, by=request.actor, at=request.now)
    name = f"lignes-ecartees-{file.delivery}-{file.kind}.csv"
    return FileResponse(made, as_attachment=True, filename=name, content_type=writing.TYPES["csv"])


def _sheet(request: AgentRequest, identifier: int, form: ReleaseForm) -> HttpResponse:
    found = aside.delivery(request.actor, identifier)
    files = list(found.files.order_by("position"))
    held = next((file for file in files if file.state == "held"), None) if found.state == "held" else None
    context = {
        "delivery": found,
        "files": files,
        "held": held,
        "form": form,
        "oneself": found.asked_by == request.actor.label,
        "fingerprint": bytes(found.digest).hex()[:16] if found.digest else "",
    }
    return render(request, "backoffice/running/delivery.html", context)
