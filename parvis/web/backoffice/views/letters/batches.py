"""Batches for the printing house."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.agents.services.openings import record_list
from parvis.correspondence.batches import files, selectors, services
from parvis.correspondence.models import BatchState, LetterBatch
from parvis.kit.actors import Duty
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.landlords.selectors import renamed
from parvis.parameters.catalogue import LETTER_BUDGET, LETTER_PRICE
from parvis.parameters.selectors import value
from parvis.web.backoffice.forms.letters import BatchForm, PostedForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.words import text_names
from parvis.web.frame.render import render
from parvis.web.frame.templating import address

PILLS = {
    BatchState.PREPARED: "warm",
    BatchState.APPROVED: "info",
    BatchState.HANDED_OVER: "info",
    BatchState.POSTED: "ok",
    BatchState.ABANDONED: "",
}


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """The pages of the letters."""
    pages = (("Lots", "agent-letters"), ("Retours", "agent-returns"), ("Modèles", "agent-templates"))
    return [(words, address(name), name == here) for words, name in pages]


@agent_page(Duty.BATCH_LETTERS, writes=True)
def batches(request: AgentRequest) -> HttpResponse:
    """What waits, what was batched; preparing another."""
    names = renamed()
    waiting = selectors.waiting_letters(request.actor, renamed=names, at=request.now)
    form = BatchForm(request.POST if request.method == "POST" else None, waiting=waiting)
    if form.is_valid():
        try:
            template, office = form.chosen
            former = [name for name, now in names.items() if now == office]
            made = services.prepare(template, office, former=former, by=request.actor, at=request.now)
        except (NotFound, DutyMissing):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("agent-batch", args=[made.number]))
    before = request.GET.get("avant", "")
    lines = selectors.batches(request.actor, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {
        "form": form,
        "waiting": [(text_names(line.template), line) for line in waiting],
        "total": sum(line.letters for line in waiting),
        "price": value(LETTER_PRICE),
        "budget": value(LETTER_BUDGET) * 100,
        "spent": services.spent_this_month(at=request.now),
        "lines": lines,
        "pills": PILLS,
        "following": f"?avant={lines[-1].batch.pk}" if len(lines) == selectors.PAGE else None,
        "tabs": tabs("agent-letters"),
    }
    return render(request, "backoffice/letters/batches.html", context)


@agent_page(Duty.BATCH_LETTERS, writes=True)
def batch(request: AgentRequest, batch: str) -> HttpResponse:
    """One batch: three letters of it, its cost, its files, and what comes next."""
    line = selectors.batch_of(request.actor, batch)
    form = PostedForm(request.POST if request.POST.get("act") == "posted" else None)
    if request.method == "POST":
        answer = _act(request, line.batch, form)
        if answer is not None:
            return answer
    shown = selectors.preview(line.batch) if line.batch.state != BatchState.ABANDONED else []
    record_list(line.batch.number, len(shown), by=request.actor, at=request.now)
    context = {
        "batch": line.batch,
        "returned": line.returned,
        "form": form,
        "shade": PILLS[BatchState(line.batch.state)],
        "what": text_names(line.batch.template) if line.batch.template else "Toutes les lettres",
        "letters": shown,
        "files": files.names_of(line.batch) if line.batch.made_at else [],
        "is_mine": line.batch.prepared_by == request.actor.label,
        "over": services.spent_this_month(at=request.now) + line.batch.cost_cents > value(LETTER_BUDGET) * 100,
        "budget": value(LETTER_BUDGET) * 100,
    }
    return render(request, "backoffice/letters/batch.html", context)


_DONE = {
    "approve": "Le lot est validé. Ses fichiers s’écrivent dans les minutes qui viennent.",
    "abandon": "Le lot est abandonné. Ses lettres attendent un autre lot.",
    "hand_over": "Le lot est noté chez l’éditique.",
    "posted": "Le lot est noté posté. Les arrivées attendues sont à jour.",
}


def _act(request: AgentRequest, batch: LetterBatch, form: PostedForm) -> HttpResponse | None:
    """One act of the page; None when the form is to be shown again."""
    act, by, at = request.POST.get("act", ""), request.actor, request.now
    simple = {"approve": services.approve, "abandon": services.abandon, "hand_over": services.hand_over}
    try:
        if act == "posted":
            if not form.is_valid():
                return None
            services.mark_posted(batch.number, form.cleaned_data["posted_on"], by=by, at=at)
        elif act in simple:
            simple[act](batch.number, by=by, at=at)
        else:
            raise NotFound
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        if act == "posted":
            form.refuse(refusal)
            return None
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"C’est fait. {_DONE[act]}")
    return HttpResponseRedirect(reverse("agent-batch", args=[batch.number]))


@agent_page(Duty.BATCH_LETTERS)
def file(request: AgentRequest, batch: str, batch_file: str) -> HttpResponseBase:
    """One file of a batch, noted in the journal; letters with secrets are taken from the folder only."""
    found = selectors.batch_of(request.actor, batch).batch
    if found.made_at is None or batch_file not in files.names_of(found):
        raise NotFound
    path = files.folder_of(found) / batch_file
    if not path.is_file():
        raise NotFound("Ce fichier n’est plus là\u00a0: le lot est posté, ou le dossier a été vidé.")
    try:
        services.record_download(batch, batch_file, by=request.actor, at=request.now)
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return HttpResponseRedirect(reverse("agent-batch", args=[batch]))
    return FileResponse(path.open("rb"), as_attachment=True, filename=batch_file)
