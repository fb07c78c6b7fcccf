"""A paper the office awaits: which one, by when, the files that are it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.refusals import PaperNotAwaited
from parvis.changes.selectors.attachments import attachments_of, content_of
from parvis.changes.selectors.awaited import paper_line
from parvis.changes.services import awaited
from parvis.changes.services.attachments import read_paper
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import Refusal
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import as_saved, render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.awaited import PapersForm
from parvis.web.landlord.forms.declare import papers_in


@page(account_pages, writes=True)
def paper(request: PageRequest, paper: UUID) -> HttpResponse:
    """What is awaited, until it is given; then what was given."""
    line = paper_line(request.actor, paper)
    form = PapersForm(request.POST, request.FILES) if request.method == "POST" else PapersForm()
    if request.method == "POST" and _given(request, paper, form):
        return HttpResponseRedirect(reverse("awaited-paper", args=[request.standing.account_reference, paper]))
    context = {
        "paper": line,
        "form": form,
        "files": [] if line.is_awaited else attachments_of(request.actor, line.files),
        "is_late": line.is_late(day_in_paris(request.now)),
    }
    return render(request, "landlord/papers/give.html", context)


def _given(request: PageRequest, paper: UUID, form: PapersForm) -> bool:
    """Whether there is nothing left to ask: the files were joined, or no more are awaited."""
    if not form.is_valid():
        return False
    try:
        read = [read_paper(name, content) for name, content in papers_in(request.FILES)]
        awaited.give(paper, read, by=request.actor, at=request.now)
    except PaperNotAwaited as refusal:
        messages.warning(request, refusal.sentence)
        return True
    except Refusal as refusal:
        form.refuse_papers(refusal)
        return False
    messages.success(request, "La pièce est ajoutée. Votre caisse reprend le traitement.")
    return True


@page(account_pages)
def paper_file(request: PageRequest, paper: UUID, attachment: UUID) -> HttpResponse:
    """A file that was given; always saved, never shown by the browser."""
    line = paper_line(request.actor, paper)
    return as_saved(*content_of(request.actor, line.files, attachment))
