"""« Mes demandes »: all that was asked, the receipt and history of each, the files joined."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import urlencode

from parvis.changes.models import ChangeKind
from parvis.changes.selectors.attachments import attachments_of, content_of
from parvis.changes.selectors.awaited import awaited_among, papers_about
from parvis.changes.selectors.facts import change_facts
from parvis.changes.selectors.requests import change_of, changes_of, expected_answer
from parvis.changes.selectors.together import siblings_of
from parvis.changes.workflow import MANUAL
from parvis.declarations.paper import typeset
from parvis.kit.actors import Right
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import as_saved, render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.changes.words import CHANGE_PILLS, appeal_words, change_steps, stated_of


@page(account_pages)
def changes(request: PageRequest) -> HttpResponse:
    """All that was asked and that this account may see, newest first."""
    found = changes_of(request.actor, after=request.GET.get("apres", ""), before=request.GET.get("avant", ""))
    context = {
        "lines": found.lines,
        "awaited": awaited_among(request.actor, [line.number for line in found.lines if line.state == MANUAL]),
        "pills": CHANGE_PILLS,
        "previous": f"?{urlencode({'avant': found.previous})}" if found.previous else None,
        "following": f"?{urlencode({'apres': found.next})}" if found.next else None,
        "may_declare": request.actor.may(Right.DECLARE),
        "may_bank": request.actor.may(Right.BANK_DETAILS),
    }
    return render(request, "landlord/changes/requests.html", context)


@page(account_pages)
def change(request: PageRequest, change: str) -> HttpResponse:
    """One request: its receipt, what happens now, its history."""
    line, steps = change_of(request.actor, change)
    awaited, is_bank = papers_about(request.actor, line.number), line.kind == ChangeKind.BANK_DETAILS
    context = {
        "line": line,
        "awaited": awaited,
        "is_awaiting": any(paper.is_awaited for paper in awaited),
        "may_give": request.actor.may(Right.BANK_DETAILS if is_bank else Right.DECLARE),
        "history": steps,
        "facts": change_facts(line),
        "next_steps": change_steps(line, expected_answer(line)),
        "pills": CHANGE_PILLS,
        "files": attachments_of(request.actor, line.number),
        "may_bank": request.actor.may(Right.BANK_DETAILS),
        "is_bank": is_bank,
        "appeal_within": appeal_words(line),
        "siblings": siblings_of(request.actor, line) if is_bank else [],
    }
    return render(request, "landlord/changes/request.html", context)


@page(account_pages)
def change_pdf(request: PageRequest, change: str) -> HttpResponse:
    """The receipt on paper: what was asked as it was asked, and where it stands."""
    line, steps = change_of(request.actor, change)
    stated = stated_of(line, steps, landlord=request.standing.landlord_name, expected=expected_answer(line))
    response = HttpResponse(typeset(stated, at=line.asked_at), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{line.number}.pdf"'
    return response


@page(account_pages)
def attachment(request: PageRequest, change: str, attachment: UUID) -> HttpResponse:
    """A file joined to a request one may see; always saved, never shown by the browser."""
    line, _ = change_of(request.actor, change)
    return as_saved(*content_of(request.actor, line.number, attachment))
