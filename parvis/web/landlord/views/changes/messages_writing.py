"""« Écrire à votre caisse »: the form, then the message as it would leave with what may answer it already, then it leaves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.models import DraftForm
from parvis.changes.refusals import WrongFile
from parvis.changes.services import drafts
from parvis.changes.services.attachments import keep_attachment, read_paper
from parvis.contact.meanwhile import answers_to
from parvis.contact.refusals import SentOtherwise
from parvis.contact.selectors.own import Office, files_kept, offices_to_write_to
from parvis.contact.services import asking
from parvis.contact.services.asking import Question
from parvis.contact.topics import TOPICS
from parvis.kit.periods import long_day
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.changes.messages import MessageForm, kept_in
from parvis.web.landlord.forms.declare import papers_in
from parvis.web.landlord.forms.july import reference
from parvis.web.landlord.views.changes.contact import About, about_of
from parvis.web.landlord.views.changes.keeping import (
    asks_to_keep,
    keep_in_passing,
    kept_alone,
    left_in,
    typed_before,
)

LONGEST_ASKED = 200
_TOPICS = {"declaration": "declaration", "versement": "payment", "locataire": "tenant"}
"""The topic that goes with what one comes from; of a request, one chooses."""


@page(account_pages, writes=True)
def write(request: PageRequest) -> HttpResponse:
    """Typed, looked at, sent. What the address names stands in the form already, unless something was left there."""
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.MESSAGE, MessageForm)
    if request.method == "POST" and "effacer" in request.POST:
        return _wiped(request)
    offices = offices_to_write_to(request.actor, at=request.now)
    if request.method != "POST":
        return _asked(request, MessageForm(offices=offices, initial=_begun(request, offices)), offices, [])
    return _written(request, offices)


def _wiped(request: PageRequest) -> HttpResponse:
    """What was left in this form, or in that of a thread that is over."""
    thread = _thread(request)
    if thread is None:
        drafts.drop(DraftForm.MESSAGE, by=request.actor)
        return HttpResponseRedirect(request.path)
    drafts.drop(DraftForm.REPLY, subject=str(thread), by=request.actor)
    return HttpResponseRedirect(reverse("conversation", args=[request.standing.account_reference, thread]))


def _thread(request: PageRequest) -> UUID | None:
    """The thread that was over before these words left, and that they were typed in."""
    return reference(request.POST.get("suite", "")[:40])


def _written(request: PageRequest, offices: list[Office]) -> HttpResponse:
    thread = _thread(request)
    if "envoyer" not in request.POST and (thread is None or "modifier" not in request.POST):
        keep_in_passing(request, DraftForm.MESSAGE, MessageForm)
    form = MessageForm(request.POST, request.FILES, offices=offices)
    kept, is_whole = _kept(request, form)
    if not form.is_valid() or not is_whole or "modifier" in request.POST:
        return _asked(request, form, offices, kept)
    try:
        question = asking.check(_question(form, kept), by=request.actor, at=request.now)
        if "envoyer" in request.POST:
            made = asking.ask(question, key=form.cleaned_data["key"], thread=thread, by=request.actor, at=request.now)
            messages.success(request, f"Votre message est parti. Réponse vers le {long_day(made.answer_by)}.")
            return HttpResponseRedirect(reverse("conversation", args=[request.standing.account_reference, made.opaque]))
    except WrongFile as refusal:
        form.refuse_papers(refusal)
        return _asked(request, form, offices, kept)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        if isinstance(refusal, SentOtherwise):
            form.renew_key()
        return _asked(request, form, offices, kept)
    return _looked_at(request, form, question, offices)


def _begun(request: PageRequest, offices: list[Office]) -> dict[str, Any]:
    about: About = about_of(request)
    topic = next((topic for name, topic in _TOPICS.items() if request.GET.get(name)), "")
    office = about.office or (offices[0].code if len(offices) == 1 else "")
    named = {"office": office, "topic": topic if about.subject else "", "about": about.subject}
    left = typed_before(left_in(request, DraftForm.MESSAGE), MessageForm)
    return (
        named | left
        if left.get("text", "").strip()
        else {**left, **{name: value for name, value in named.items() if value}}
    )


def _kept(request: PageRequest, form: MessageForm) -> tuple[list[UUID], bool]:
    """The files kept before, and those that came now, looked into and kept; whether every one is."""
    kept = [file.opaque for file in files_kept(request.actor, kept_in(request.POST))]
    wanted = set(request.POST.getlist("retirer"))
    kept = [file for file in kept if str(file) not in wanted]
    try:
        for paper in [read_paper(name, content) for name, content in papers_in(request.FILES)]:
            kept.append(keep_attachment(paper, by=request.actor, at=request.now).opaque)
    except Refusal as refusal:
        form.refuse_papers(refusal)
        return kept, False
    return kept, True


def _question(form: MessageForm, kept: list[UUID]) -> Question:
    typed = form.cleaned_data
    return Question(typed["office"], typed["topic"], typed["about"], typed["text"], tuple(kept))


def _asked(request: PageRequest, form: MessageForm, offices: list[Office], kept: list[UUID]) -> HttpResponse:
    left = left_in(request, DraftForm.MESSAGE)
    context = {"form": form, "offices": offices, "files": files_kept(request.actor, kept), "left": left}
    context["thread"] = _thread(request)
    return render(request, "landlord/messages/write.html", context)


def _looked_at(request: PageRequest, form: MessageForm, question: Question, offices: list[Office]) -> HttpResponse:
    """The message as it would leave, with three articles that may answer."""
    topic = TOPICS[question.topic]
    context = {
        "form": form,
        "thread": _thread(request),
        "question": question,
        "topic": topic.label,
        "office": next(office for office in offices if office.code == question.office),
        "files": files_kept(request.actor, question.files),
        "articles": answers_to(question.text[:LONGEST_ASKED], topic.asked),
    }
    return render(request, "landlord/messages/check.html", context)
