"""« Mes messages »: what one wrote to one's offices, what they answered, and what one adds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as told
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.changes.models import DraftForm
from parvis.changes.refusals import WrongFile
from parvis.changes.selectors.attachments import content_of
from parvis.changes.services.attachments import keep_attachment, read_paper
from parvis.contact.refusals import SentOtherwise
from parvis.contact.selectors.own import PAGE, conversation_of, conversations_of, file_of
from parvis.contact.services import asking
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import as_saved, render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.changes.messages import ReplyForm
from parvis.web.landlord.forms.declare import papers_in
from parvis.web.landlord.views.changes.keeping import asks_to_keep, kept_alone, left_in, typed_before

PILLS = {"waiting": "info", "answered": "ok", "closed": ""}
LONGEST_EDGE = 60


@page(account_pages)
def messages(request: PageRequest) -> HttpResponse:
    """The threads, newest first."""
    after = request.GET.get("apres", "")[:LONGEST_EDGE]
    found = conversations_of(request.actor, after=after)
    following = f"?{urlencode({'apres': found[PAGE - 1].asked_edge})}" if len(found) > PAGE else None
    context = {"lines": found[:PAGE], "following": following, "first": not after, "pills": PILLS}
    return render(request, "landlord/messages/list.html", context)


@page(account_pages, writes=True)
def conversation(request: PageRequest, conversation: UUID) -> HttpResponse:
    """One thread; what one adds to it."""
    line, _ = conversation_of(request.actor, conversation)
    subject = str(conversation)
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.REPLY, ReplyForm, subject=subject)
    left = left_in(request, DraftForm.REPLY, subject=subject)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReplyForm(*posted, initial=typed_before(left, ReplyForm))
    if request.method == "POST" and _replied(request, conversation, form):
        return HttpResponseRedirect(_here(request, conversation))
    line, said = conversation_of(request.actor, conversation)
    context = {
        "line": line,
        "said": said,
        "form": form,
        "left": left,
        "pills": PILLS,
        "is_late": line.is_late(day_in_paris(request.now)),
    }
    return render(request, "landlord/messages/thread.html", context)


def _replied(request: PageRequest, conversation: UUID, form: ReplyForm) -> bool:
    """Whether it is written; if not, the form says why."""
    if not form.is_valid():
        return False
    typed: dict[str, Any] = form.cleaned_data
    try:
        papers = [read_paper(name, content) for name, content in papers_in(request.FILES)]
        files = [keep_attachment(paper, by=request.actor, at=request.now).opaque for paper in papers]
        asking.reply(conversation, typed["text"], files=files, key=typed["key"], by=request.actor, at=request.now)
    except NotFound:
        raise
    except WrongFile as refusal:
        form.refuse_papers(refusal)
        return False
    except Refusal as refusal:
        form.refuse(refusal)
        if isinstance(refusal, SentOtherwise):
            form.renew_key()
        return False
    told.success(request, "C’est envoyé. Votre caisse vous répondra ici, et un mail vous préviendra.")
    return True


@page(account_pages, writes=True)
def settle(request: PageRequest, conversation: UUID) -> HttpResponse:
    """Nothing more is awaited."""
    conversation_of(request.actor, conversation)
    if request.method == "POST":
        asking.settle(conversation, by=request.actor, at=request.now)
        told.success(request, "C’est noté\u00a0: cet échange est terminé. Vous pouvez toujours le relire.")
    return HttpResponseRedirect(_here(request, conversation))


@page(account_pages)
def file(request: PageRequest, conversation: UUID, attachment: UUID) -> HttpResponse:
    """A file of one's own thread; always saved, never shown by the browser."""
    return as_saved(*content_of(request.actor, file_of(request.actor, conversation, attachment), attachment))


def _here(request: PageRequest, conversation: UUID) -> str:
    return reverse("conversation", args=[request.standing.account_reference, conversation])
