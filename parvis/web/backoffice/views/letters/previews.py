"""Every text of the portal with invented data: what an e-mail says, how a letter looks."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.correspondence.rendering.plain import plain_text
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound
from parvis.web.backoffice import samples
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.letters.batches import tabs
from parvis.web.frame.render import render

_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; form-action 'none'"
)
"""An e-mail is styled line by line; nothing of it runs, loads or leaves."""


@agent_page(Duty.BATCH_LETTERS)
def templates(request: AgentRequest) -> HttpResponse:
    """All of them, letters apart."""
    named = [(text, samples.title_of(text)) for text in samples.texts()]
    context = {
        "letters": [pair for pair in named if samples.is_letter(pair[0])],
        "emails": [pair for pair in named if not samples.is_letter(pair[0])],
        "tabs": tabs("agent-templates"),
    }
    return render(request, "backoffice/letters/templates.html", context)


@agent_page(Duty.BATCH_LETTERS)
def preview(request: AgentRequest, text: str) -> HttpResponse:
    """One text: its words, and the way to its page or its layout."""
    _check(text)
    _, words = samples.sample_of(text)
    context = {
        "text": text,
        "title": words.title,
        "parts": plain_text(words).split("\n\n"),
        "is_letter": samples.is_letter(text),
    }
    return render(request, "backoffice/letters/preview.html", context)


@agent_page(Duty.BATCH_LETTERS)
def paper(request: AgentRequest, text: str) -> HttpResponse:
    """The letter as PDF, or the e-mail as it arrives."""
    _check(text)
    if samples.is_letter(text):
        name = text.replace("/", "-")
        disposition = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        return HttpResponse(samples.paper_of(text), content_type="application/pdf", headers=disposition)
    return HttpResponse(samples.html_of(text), headers={"Content-Security-Policy": _MAIL_POLICY})


def _check(text: str) -> None:
    if text not in samples.texts():
        raise NotFound
