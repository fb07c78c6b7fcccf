"""What was declared: the list, one declaration, its correction."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.selectors.attachments import attachments_of
from parvis.changes.selectors.awaited import papers_about
from parvis.declarations import workflow
from parvis.declarations.kinds.arrears.following import STAGES
from parvis.declarations.kinds.withdrawal import WITHDRAWAL
from parvis.declarations.models import OF_JULY, Kind
from parvis.declarations.reasons import rejection_sentence
from parvis.declarations.selectors.bundles.building import siblings_count
from parvis.declarations.selectors.history import (
    PAGE,
    HistoryLine,
    SentDeclaration,
    declaration_of,
    history,
)
from parvis.declarations.selectors.tenant_declared import Signalled, signalled
from parvis.declarations.selectors.tenant_list import tenants_named
from parvis.declarations.services import bundles, correction
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day, moment
from parvis.kit.refusals import Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.history import HistoryAddress
from parvis.web.landlord.views.declare.choosing import step_url
from parvis.web.landlord.words import DECLARATION_PILLS

STATE_WORDS = {
    "en-cours": "En cours",
    "prises-en-compte": "Prises en compte",
    "refusees": "Refusées",
    "corrigees": "Corrigées",
}
NOT_THEIRS = "Vous n’êtes plus le bailleur de ce locataire dans nos fichiers\u00a0: votre caisse seule corrige cette déclaration."
MOST_TENANTS = 200
"""Of how many tenants of one name the declarations are looked for; the page says it when there are more."""


@page(needing(Right.CONSULT))
def declarations(request: PageRequest) -> HttpResponse:
    """All that was sent, of every kind, newest first; found by tenant, number, day."""
    asked = HistoryAddress.read(request.GET)
    named = tenants_named(request.actor, asked.words, most=MOST_TENANTS + 1) if not asked.number else []
    looked_for = tuple(row.reference for row in named[:MOST_TENANTS])
    filters = asked.filters(looked_for if asked.words and not asked.number else None)
    found = history(request.actor, filters, after=asked.after, before=asked.before, limit=PAGE + 1)
    rows = found[-PAGE:] if asked.before else found[:PAGE]
    context = {
        "rows": rows,
        "asked": asked,
        "wrong": asked.errors,
        "most_tenants": MOST_TENANTS if len(named) > MOST_TENANTS else None,
        "kinds": [("", "Toutes"), *((choice.value, choice.label) for choice in Kind)],
        "states": [("", "Tous les états"), *STATE_WORDS.items()],
        "pills": DECLARATION_PILLS,
        "may_declare": request.actor.may(Right.DECLARE),
        **_places(asked, rows, more=len(found) > PAGE),
    }
    return render(request, "landlord/declare/history.html", context)


def _places(asked: HistoryAddress, rows: list[HistoryLine], *, more: bool) -> dict[str, Any]:
    previous = rows and (more if asked.before else asked.after)
    following = rows and (more if not asked.before else True)
    return {
        "previous": asked.query(avant=rows[0].opaque) if previous else None,
        "following": asked.query(apres=rows[-1].opaque) if following else None,
    }


@page(needing(Right.CONSULT))
def declaration(request: PageRequest, declaration: UUID) -> HttpResponse:
    """One declaration: what it says, where it stands, its versions."""
    sent = declaration_of(request.actor, declaration)
    kind, label = DECLARATION_PILLS.get(sent.shown_state, ("", ""))
    may_declare, today = request.actor.may(Right.DECLARE) and sent.is_theirs, day_in_paris(request.now)
    debt = (
        signalled(request.actor, [sent.tenancy]).get((sent.tenancy, sent.kind)) if sent.kind == Kind.ARREARS else None
    )
    context = {
        "sent": sent,
        "pill_kind": kind,
        "pill_label": label,
        "steps": _steps(sent, today),
        "is_late": _is_late(sent, today),
        "reason": rejection_sentence(sent.reason_code) if sent.state == workflow.REJECTED else None,
        "may_correct": _may_be_replaced(sent) and may_declare and sent.kind not in OF_JULY,
        **_correcting(request, sent),
        "may_withdraw": _may_be_replaced(sent) and may_declare and sent.kind not in OF_JULY,
        "siblings": _siblings(request, sent),
        "may_declare_anew": _may_be_declared_anew(sent) and may_declare,
        "may_give_again": may_declare and sent.kind == Kind.PREVIOUS_JULY_RENT and _may_be_given_again(sent),
        "may_withdraw_previous": may_declare and _previous_may_be_withdrawn(sent),
        "papers": attachments_of(request.actor, sent.reference),
        "awaited": papers_about(request.actor, sent.reference),
        "may_declare": request.actor.may(Right.DECLARE),
        "departure": _departure_to_confirm(sent, today) if may_declare else None,
        "stages": _stages(sent, debt) if may_declare else [],
        "plan_until": debt.plan_by if debt and debt.opaque == sent.opaque else None,
    }
    return render(request, "landlord/declare/declaration.html", context)


def _correcting(request: PageRequest, sent: SentDeclaration) -> dict[str, Any]:
    """By which words it is corrected, whether a July rent still may be, or the sentence that says why it may not."""
    asked = sent.kind == Kind.JULY_RENT and _may_be_replaced(sent) and request.actor.may(Right.DECLARE)
    words = "Demander une correction" if sent.state == workflow.INTEGRATED else "Corriger"
    told = {"may_correct_rent": False, "why_not_corrected": "", "correct_words": words}
    if not sent.is_theirs and _may_be_replaced(sent) and request.actor.may(Right.DECLARE):
        return {**told, "why_not_corrected": NOT_THEIRS}
    if not asked or sent.year is None:
        return told
    try:
        correction.correctable(request.actor, sent.tenancy, year=sent.year, at=request.now)
    except Refusal as refusal:
        return {**told, "why_not_corrected": refusal.sentence}
    return {**told, "may_correct_rent": True}


def _may_be_replaced(sent: SentDeclaration) -> bool:
    """Not decided: by another one; taken in: by one the office takes in, unless that is asked already. What takes one back and was
    taken in is over."""
    if sent.state == workflow.INTEGRATED:
        return sent.revised_by is None and not _is_void(sent)
    return sent.may_be_corrected


def _may_be_declared_anew(sent: SentDeclaration) -> bool:
    """Refused; of what corrected one that was taken in, that one stands, and its own page asks again."""
    return sent.state == workflow.REJECTED and sent.kind not in OF_JULY and not sent.is_revision


def _siblings(request: PageRequest, sent: SentDeclaration) -> int:
    """The other dwellings of the building whose end of management was declared with this one."""
    is_asked = sent.kind == Kind.END_OF_MANAGEMENT and sent.may_be_corrected
    return siblings_count(request.actor, sent.reference) if is_asked else 0


def _may_be_given_again(sent: SentDeclaration) -> bool:
    """A July of the year before: while the office looks at it, once it took it in, or refused it."""
    return _may_be_replaced(sent) or (sent.state == workflow.REJECTED and not sent.is_revision)


def _previous_may_be_withdrawn(sent: SentDeclaration) -> bool:
    stands = sent.may_be_corrected and not sent.is_revision
    return sent.kind == Kind.PREVIOUS_JULY_RENT and stands and not _is_void(sent)


def _is_void(sent: SentDeclaration) -> bool:
    return sent.details == WITHDRAWAL


def _departure_to_confirm(sent: SentDeclaration, today: date) -> date | None:
    """The day the tenant was to leave, once it has come and until somebody says whether they did."""
    if sent.kind != Kind.MOVE_OUT or sent.remind_on is None or sent.remind_on > today or sent.revised_by:
        return None
    return date.fromisoformat(sent.details["keys_on"]) if sent.state in workflow.STANDING else None


def _stages(sent: SentDeclaration, debt: Signalled | None) -> list[tuple[str, str]]:
    """What may follow a debt once its report has left, until all is paid; nothing of one taken back, refused or only asked."""
    is_asked = sent.is_revision and sent.may_be_corrected
    if debt is None or debt.is_settled or sent.state not in workflow.FOLLOWED or is_asked or _is_void(sent):
        return []
    return [(stage, words) for stage, words in STAGES.items() if stage != "progress" or debt.has_plan]


def _is_late(sent: SentDeclaration, today: date) -> bool:
    """Whether the office should have answered by now."""
    return sent.expected_on is not None and sent.expected_on < today


def _steps(sent: SentDeclaration, today: date) -> list[tuple[str, str]]:
    """The life of a declaration so far, and the day to expect an answer by."""
    steps = [("Transmise", moment(sent.submitted_at))]
    if sent.sent_at is not None:
        steps.append(("Envoyée au système de la caisse", moment(sent.sent_at)))
    if sent.state == workflow.MANUAL:
        steps.append(("En traitement par un agent", day(sent.decided_at) if sent.decided_at else ""))
    if sent.state in (workflow.INTEGRATED, workflow.REJECTED) and sent.decided_at is not None:
        words = "Prise en compte" if sent.state == workflow.INTEGRATED else "Refusée"
        steps.append((words, moment(sent.decided_at)))
    if sent.expected_on is not None and not _is_late(sent, today):
        steps.append(("Réponse attendue", f"vers le {day(sent.expected_on)}"))
    return steps


@page(needing(Right.DECLARE), writes=True)
def correct(request: PageRequest, declaration: UUID) -> HttpResponse:
    """« Corriger »: the same questions, the answers copied; what was sent stands until the correction is sent."""
    account = request.standing.account_reference
    declaration_of(request.actor, declaration)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("declaration", args=[account, declaration]))
    try:
        tenancy, kind = bundles.ask_correction(request.actor, declaration, at=request.now)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(reverse("declaration", args=[account, declaration]))
    return HttpResponseRedirect(step_url(request, tenancy, kind))
