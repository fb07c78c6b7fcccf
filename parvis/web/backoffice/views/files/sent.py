"""What a landlord sent, as an agent reads it: one declaration, its receipt, one request, in the landlord's own words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes import workflow as changing
from parvis.changes.models import ChangeKind
from parvis.changes.selectors.attachments import attachments_of
from parvis.changes.selectors.awaited import papers_about
from parvis.changes.selectors.facts import change_facts
from parvis.changes.selectors.requests import ChangeLine, change_of
from parvis.changes.services.bank import by_agent
from parvis.declarations import workflow
from parvis.declarations.paper.whole import whole_paper
from parvis.declarations.reasons import rejection_sentence
from parvis.declarations.refusals import ReceiptAltered
from parvis.declarations.selectors import receipt_of
from parvis.declarations.selectors.history import SentDeclaration, declaration_of, others_of
from parvis.declarations.selectors.receipts import LINES, ReceiptSheet, rents_of
from parvis.declarations.selectors.receipts.facts import facts_of
from parvis.kit.actors import Duty
from parvis.kit.periods import day, moment
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.web.backoffice.files.opened import file_page, reader_of
from parvis.web.backoffice.files.states import DECLARATION_KINDS, told, words_of
from parvis.web.backoffice.forms.queue import BankStopForm
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.render import render


@file_page()
def declaration(request: AgentRequest, file: LandlordFile, declaration: UUID) -> HttpResponse:
    """One declaration: what it says, where it stands, why it was refused."""
    reader = reader_of(request.actor, file)
    sent = declaration_of(reader, declaration)
    context = {
        "file": file,
        "sent": sent,
        "state": (words_of(sent.shown_state), DECLARATION_KINDS.get(sent.shown_state, "")),
        "steps": _steps(sent),
        "reason": rejection_sentence(sent.reason_code) if sent.state == workflow.REJECTED else "",
        "papers": attachments_of(reader, sent.reference),
        "awaited": papers_about(reader, sent.reference),
    }
    return render(request, "backoffice/sent/declaration.html", context)


def _steps(sent: SentDeclaration) -> list[tuple[str, str]]:
    steps = [("Transmise le", moment(sent.submitted_at))]
    steps += [("Partie vers la caisse le", moment(sent.sent_at))] if sent.sent_at else []
    steps += [("Décidée le", moment(sent.decided_at))] if sent.decided_at else []
    steps += [("Réponse attendue vers le", day(sent.expected_on))] if sent.expected_on else []
    return steps


@file_page()
def receipt(request: AgentRequest, file: LandlordFile, number: str) -> HttpResponse:
    """One receipt; of a long one the first rents, its paper has all of them."""
    try:
        sheet = receipt_of(reader_of(request.actor, file), number)
    except ReceiptAltered as refusal:
        return _not_shown(request, file, refusal)
    context = {"file": file, "sheet": sheet, "facts": facts_of(sheet), "kinds": DECLARATION_KINDS, **_lines(sheet)}
    return render(request, "backoffice/sent/receipt.html", context)


def _lines(sheet: ReceiptSheet) -> dict[str, Any]:
    rents = rents_of(sheet, limit=LINES) if sheet.is_of_rents else []
    others = [] if sheet.is_of_rents else others_of(sheet.id)
    return {
        "rents": [(rent, words_of(rent.state)) for rent in rents],
        "others": [told(sent) for sent in others],
    }


def _not_shown(request: AgentRequest, file: LandlordFile, refusal: ReceiptAltered) -> HttpResponse:
    """A receipt that proves nothing any more is not shown."""
    messages.error(request, refusal.sentence)
    return HttpResponseRedirect(reverse("file-declarations", args=[file.partner_id]))


@file_page()
def receipt_pdf(request: AgentRequest, file: LandlordFile, number: str) -> HttpResponse:
    """The very paper the landlord holds; that it was opened is in the journal."""
    try:
        sheet = receipt_of(reader_of(request.actor, file), number, whole=True)
    except ReceiptAltered as refusal:
        return _not_shown(request, file, refusal)
    name = f"{sheet.number}.pdf"
    answer = HttpResponse(whole_paper(sheet), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    request.paper_read = (sheet.number, name)
    return answer


@file_page()
def change(request: AgentRequest, file: LandlordFile, change: str) -> HttpResponse:
    """One request: what was asked, where it stands, until when it is held, why it was refused."""
    reader = reader_of(request.actor, file)
    line, steps = change_of(reader, change)
    context = {
        "file": file,
        "line": line,
        "facts": change_facts(line),
        "waits": _waits(line),
        "may_stop": _may_stop(request, line),
        "history": steps,
        "papers": attachments_of(reader, line.number),
        "awaited": papers_about(reader, line.number),
    }
    return render(request, "backoffice/sent/change.html", context)


def _waits(line: ChangeLine) -> str:
    """What the request waits for, in a sentence; empty once it has left."""
    if line.state == changing.AGREEMENT and line.agreement_until:
        return f"Elle attend l’accord d’une autre personne de l’organisme, jusqu’au {moment(line.agreement_until)}."
    if line.state == changing.HELD and line.kind == ChangeKind.BANK_DETAILS and line.held_until:
        checked = " Un agent doit aussi la vérifier." if line.is_checked and not line.approved else ""
        return f"Elle est gardée jusqu’au {moment(line.held_until)}, puis part vers la caisse.{checked}"
    return "Elle part avec le prochain envoi." if line.state == changing.READY else ""


def _may_stop(request: AgentRequest, line: ChangeLine) -> bool:
    """Whether this agent keeps this bank change from leaving."""
    is_live = line.kind == ChangeKind.BANK_DETAILS and line.state in changing.LIVE
    return is_live and request.actor.holds(Duty.DECIDE_BANK_DETAILS, [line.office_code])


@file_page(Duty.DECIDE_BANK_DETAILS, writes=True)
def stop(request: AgentRequest, file: LandlordFile, change: str) -> HttpResponse:
    """Stop a bank change that has not left, whether it is flagged or not, with a reason its landlord reads."""
    line, _ = change_of(reader_of(request.actor, file), change)
    if not request.actor.holds(Duty.DECIDE_BANK_DETAILS, [line.office_code]):
        raise DutyMissing(Duty.DECIDE_BANK_DETAILS.label)
    here = HttpResponseRedirect(reverse("file-change", args=[file.partner_id, line.number]))
    if not _may_stop(request, line):
        messages.warning(request, by_agent.TOO_LATE)
        return here
    form = BankStopForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _stopped(request, line, form):
        messages.success(request, "C’est arrêté. Le bailleur est prévenu par mail et par lettre.")
        return here
    return render(request, "backoffice/sent/stop.html", {"file": file, "line": line, "form": form})


def _stopped(request: AgentRequest, line: ChangeLine, form: BankStopForm) -> bool:
    code, note = form.cleaned_data["reason_code"], form.cleaned_data["note"]
    try:
        by_agent.stop_for_office(line.number, code, note=note, by=request.actor, at=request.now)
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
