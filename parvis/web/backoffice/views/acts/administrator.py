"""Replacing a lost administrator: what a user asked, or what an agent opens on a paper; two agents, and time to say no."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.rules.files import LARGEST_FILE
from parvis.changes.services.attachments import read_paper
from parvis.kit.actors import Duty
from parvis.kit.periods import moment
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.landlords.models import AfterReplacement
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.landlords.selectors.for_agents.replacements import (
    ReplacementSheet,
    choices_of,
    paper_content,
    replacements_of,
)
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.role import by_office, replacing, succeeding
from parvis.landlords.services.users.inviting import Guest
from parvis.parameters.catalogue import ADMINISTRATOR_REPLACED_AFTER
from parvis.parameters.selectors import value
from parvis.web.backoffice.files.opened import file_page
from parvis.web.backoffice.forms.acts import NEWCOMER, ActForm, OpenReplacementForm
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.render import as_saved, render

LONGEST_WORDS = 60

Doing = Callable[[AgentRequest, LandlordFile, ReplacementSheet, str], str]
"""Does the act for a reason, and says what was done."""


def _propose(request: AgentRequest, file: LandlordFile, one: ReplacementSheet, reason: str) -> str:
    replacing.propose(one.login_id, reason=reason, by=request.actor, at=request.now)
    return "Un autre agent doit maintenant approuver."


def _approve(request: AgentRequest, file: LandlordFile, one: ReplacementSheet, reason: str) -> str:
    replacing.approve(one.login_id, reason=reason, by=request.actor, at=request.now)
    return "L’administrateur est remplacé."


def _agree(request: AgentRequest, file: LandlordFile, one: ReplacementSheet, reason: str) -> str:
    until = by_office.agree(file.partner_id, reason=reason, by=request.actor, at=request.now)
    return (
        f"Délai d’opposition\u00a0: {value(ADMINISTRATOR_REPLACED_AFTER)}\u00a0jours, jusqu’au {moment(until)}."
        " Une lettre part au siège, un mail à chacun."
    )


def _stop(request: AgentRequest, file: LandlordFile, one: ReplacementSheet, reason: str) -> str:
    by_office.note_objection(file.partner_id, reason=reason, by=request.actor, at=request.now)
    return "Le remplacement est arrêté. Rien n’a changé."


def _invite_again(request: AgentRequest, file: LandlordFile, one: ReplacementSheet, reason: str) -> str:
    succeeding.send_again(file.partner_id, reason=reason, by=request.actor, at=request.now)
    return "Une nouvelle invitation part."


_ACTS: dict[str, Doing] = {
    "proposer": _propose,
    "approuver": _approve,
    "accorder": _agree,
    "arreter": _stop,
    "renvoyer": _invite_again,
}


@file_page(Duty.REPLACE_ADMINISTRATORS, writes=True)
def replacement(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """What waits, how far it is, the next act; and what became of the former ones."""
    known = replacements_of(file.partner_id, at=request.now)
    live = [one for one in known if one.is_live]
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _was_done(request, file, live, form):
        return HttpResponseRedirect(reverse("file-replacement", args=[file.partner_id]))
    people = [f"{who.first_name} {who.last_name}" for who in administrators(file.partner_id, at=request.now)]
    context = {
        "file": file,
        "live": live,
        "over": [one for one in known if not one.is_live],
        "form": form,
        "administrators": people,
        "oneself": request.actor.label,
        "waits": value(ADMINISTRATOR_REPLACED_AFTER),
    }
    return render(request, "backoffice/acts/replacement.html", context)


def _was_done(request: AgentRequest, file: LandlordFile, live: list[ReplacementSheet], form: ActForm) -> bool:
    """Do what was asked to the one that waits; a page that shows another one has nothing to do it to."""
    one = next((one for one in live if str(one.id) == request.POST.get("demande", "")), None)
    act = _ACTS.get(request.POST.get("acte", ""))
    if one is None or act is None:
        raise NotFound
    try:
        done = act(request, file, one, form.cleaned_data["reason"])
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, f"C’est fait. {done}")
    return True


@file_page(Duty.REPLACE_ADMINISTRATORS, writes=True)
def open_replacement(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """« Remplacer l’administrateur » : who, by whom, the paper, what becomes of the former one."""
    if not file.is_corporate:
        raise NotFound
    words = request.GET.get("mots", "").strip()[:LONGEST_WORDS]
    choices = choices_of(file.partner_id, words=words)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OpenReplacementForm(*sent, former=choices.former, users=choices.users)
    if form.is_valid():
        try:
            _open(request, file, form)
        except (NotFound, DutyMissing):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. Un second agent doit maintenant donner son accord.")
            return HttpResponseRedirect(reverse("file-replacement", args=[file.partner_id]))
    context = {"file": file, "form": form, "choices": choices, "words": words}
    context["waits"] = value(ADMINISTRATOR_REPLACED_AFTER)
    return render(request, "backoffice/acts/replacement_open.html", context)


def _open(request: AgentRequest, file: LandlordFile, form: OpenReplacementForm) -> None:
    typed = form.cleaned_data
    paper = read_paper(typed["attachment"].name or "", typed["attachment"].read(LARGEST_FILE + 1))
    new = typed["successor"] == NEWCOMER
    wanted = by_office.Wanted(
        former=typed["former"],
        becomes=AfterReplacement(typed["becomes"]),
        successor="" if new else typed["successor"],
        guest=Guest(typed["first_name"], typed["last_name"], typed["email"]) if new else None,
    )
    proof = by_office.Proof(paper.name, paper.media_type, paper.content)
    by_office.open_replacement(file.partner_id, wanted, proof, reason=typed["reason"], by=request.actor, at=request.now)


@file_page(Duty.REPLACE_ADMINISTRATORS)
def paper(request: AgentRequest, file: LandlordFile, attachment: UUID) -> HttpResponse:
    """The paper that was shown, saved by the browser; who opened it is in the journal."""
    name, media_type, content = paper_content(file.partner_id, attachment)
    request.paper_read = (file.name[:40], name)
    return as_saved(name, media_type, content)
