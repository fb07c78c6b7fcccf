"""« Messages »: what landlords write to the agent's offices; taken by one agent, answered, handed over, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages as told
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.agents.services.openings import record_list, record_look
from parvis.changes.selectors.attachments import content_of
from parvis.contact.answers import answer_choices, answer_words
from parvis.contact.models import Side
from parvis.contact.selectors.queue import PAGE, Shown, joined_subject, may_answer, places_for, queue, thread
from parvis.contact.selectors.reading import Line, Said
from parvis.contact.services import answering
from parvis.kit.actors import Actor, ActorKind, Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.landlords.selectors.for_agents.files import phone_of
from parvis.web.backoffice.acting import acted
from parvis.web.backoffice.forms.queue import AnswerForm, HandOverForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import as_saved, render

LONGEST_EDGE = 60
LONGEST_KEY = 40
_NOBODY_TOLD = (
    "La réponse est dans l’espace du bailleur, mais personne n’est prévenu\u00a0: aucun accès ouvert avec une adresse mail. "
    "Appelez-le ou écrivez-lui."
)
_PILLS = {"waiting": "warm", "answered": "ok", "closed": ""}


@agent_page(Duty.ANSWER_MESSAGES)
def messages(request: AgentRequest) -> HttpResponse:
    """The queue: of one's desk, one's own, of the whole office; and what was answered."""
    wanted = request.GET.get("voir", "")
    shown = Shown(wanted) if wanted in set(Shown) else Shown.DESK
    after = request.GET.get("apres", "")[:LONGEST_EDGE]
    found = queue(request.actor, shown, after=after)
    lines, today = found[:PAGE], day_in_paris(request.now)
    record_list("messages", len(lines), by=request.actor, at=request.now)
    context = {
        "lines": lines,
        "late": {line.opaque for line in lines if line.is_late(today)},
        "tabs": [(one.label, f"?voir={one.value}", one is shown) for one in Shown],
        "shown": shown,
        "pills": _PILLS,
        "first": f"?voir={shown.value}" if after else None,
        "following": _following(found, shown),
    }
    return render(request, "backoffice/queue/messages.html", context)


def _following(found: list[Line], shown: Shown) -> str | None:
    if len(found) <= PAGE:
        return None
    last = found[PAGE - 1]
    return f"?{urlencode({'voir': shown.value, 'apres': last.done_edge if shown is Shown.DONE else last.edge})}"


@agent_page(Duty.ANSWER_MESSAGES, writes=True)
def message(request: AgentRequest, conversation: UUID) -> HttpResponse:
    """One thread: what was said, the answer begun with a template, the other things one may do."""
    line, said = thread(request.actor, conversation)
    if not request.actor.holds(Duty.ANSWER_MESSAGES, [line.office_code]):
        raise NotFound
    posted = request.POST if request.method == "POST" else None
    form, elsewhere = _forms(request, line, said)
    if posted is not None:
        done = _done(request, conversation, line, form, elsewhere)
        if done is not None:
            return done
        line, said = thread(request.actor, conversation)
    record_look(line.landlord_id, line.number, by=request.actor, at=request.now)
    context = {
        "line": line,
        "said": said,
        "form": form,
        "seen": _seen(said),
        "elsewhere": elsewhere,
        "templates": answer_choices(),
        "may_answer": may_answer(request.actor, line),
        "is_mine": line.taken_by == request.agent.login,
        "is_late": line.is_late(day_in_paris(request.now)),
        "phone": phone_of(line.landlord_id, line.office_code),
        "pills": _PILLS,
    }
    return render(request, "backoffice/queue/message.html", context)


def _seen(said: list[Said]) -> int:
    return sum(one.side != Side.INSIDE for one in said)


def _forms(request: AgentRequest, line: Line, said: list[Said]) -> tuple[AnswerForm, HandOverForm]:
    """Both forms; the one that was sent holds what was typed, the answer begins with the template asked for."""
    sent = request.POST.get("faire", "") if request.method == "POST" else ""
    begun: dict[str, Any] = {"seen": _seen(said), "text": answer_words(request.GET.get("modele", "")[:LONGEST_KEY])}
    form = AnswerForm(request.POST if sent == "repondre" else None, initial=begun)
    return form, HandOverForm(request.POST if sent == "passer" else None, places=places_for(line))


def _done(
    request: AgentRequest, conversation: UUID, line: Line, form: AnswerForm, elsewhere: HandOverForm
) -> HttpResponse | None:
    """What the button asks; None where a form has something to say."""
    by, at, sent = request.actor, request.now, request.POST.get("faire", "")
    if sent == "repondre":
        return _answered(request, conversation, form)
    if sent == "passer":
        return _handed_over(request, conversation, elsewhere)
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "prendre": (lambda: answering.take(conversation, by=by, at=at), "Ce message est à vous."),
        "reprendre": (lambda: answering.take(conversation, taking_over=True, by=by, at=at), "Ce message est à vous."),
        "laisser": (lambda: answering.leave(conversation, by=by, at=at), "Ce message est de nouveau dans la file."),
        "fermer": (lambda: answering.close(conversation, by=by, at=at), "Cet échange est fermé."),
    }
    if sent not in acts:
        raise NotFound
    acted(request, *acts[sent])
    return HttpResponseRedirect(reverse("agent-conversation", args=[conversation]))


def _answered(request: AgentRequest, conversation: UUID, form: AnswerForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        reached = answering.answer(
            conversation, typed["text"], seen=typed["seen"], key=typed["key"], by=request.actor, at=request.now
        )
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    if reached:
        told.success(request, "C’est envoyé. Le bailleur est prévenu par mail, et lit la réponse dans son espace.")
    else:
        told.warning(request, _NOBODY_TOLD)
    return HttpResponseRedirect(reverse("agent-conversations"))


def _handed_over(request: AgentRequest, conversation: UUID, form: HandOverForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    try:
        answering.hand_over(conversation, typed["place"], typed["note"], by=request.actor, at=request.now)
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    told.success(request, f"C’est passé à\u00a0: {dict(form.fields['place'].choices)[typed['place']]}.")  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("agent-conversations"))


@agent_page(Duty.ANSWER_MESSAGES)
def paper(request: AgentRequest, conversation: UUID, attachment: UUID) -> HttpResponse:
    """A file of a thread, saved by the browser; who opened it is in the journal."""
    line, _ = thread(request.actor, conversation)
    subject = joined_subject(request.actor, conversation, attachment)
    reader = Actor(ActorKind.AGENT, request.actor.label, partner_id=line.landlord_id)
    name, media_type, content = content_of(reader, subject, attachment)
    record_look(line.landlord_id, line.number, paper=name, by=request.actor, at=request.now)
    return as_saved(name, media_type, content)
