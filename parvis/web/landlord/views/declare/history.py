"""What was declared: the list, one declaration, its correction."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations import workflow
from parvis.declarations.models import Kind
from parvis.declarations.reasons import rejection_sentence
from parvis.declarations.selectors.history import (
    PAGE,
    STATES,
    HistoryFilters,
    HistoryLine,
    SentDeclaration,
    declaration_of,
    history,
)
from parvis.declarations.services import bundles
from parvis.kit.actors import Right
from parvis.kit.periods import day, moment
from parvis.kit.refusals import Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import reference as reference_in
from parvis.web.landlord.views.declare.choosing import step_url
from parvis.web.landlord.words import DECLARATION_PILLS

STATE_WORDS = {
    "en-cours": "En cours",
    "prises-en-compte": "Prises en compte",
    "refusees": "Refusées",
    "corrigees": "Corrigées",
}


@page(needing(Right.CONSULT))
def declarations(request: PageRequest) -> HttpResponse:
    """All that was sent, of every kind, newest first."""
    kind, state = request.GET.get("quoi", ""), request.GET.get("etat", "")
    filters = HistoryFilters(kind if kind in Kind.values else "", state if state in STATES else "")
    after, before = (reference_in(request.GET.get(name, "")) for name in ("apres", "avant"))
    found = history(request.actor, filters, after=after, before=before, limit=PAGE + 1)
    more = len(found) > PAGE
    rows = found[-PAGE:] if before else found[:PAGE]
    context = {
        "rows": rows,
        "filters": filters,
        "kinds": [("", "Toutes"), *((choice.value, choice.label) for choice in Kind)],
        "states": [("", "Tous les états"), *STATE_WORDS.items()],
        "pills": DECLARATION_PILLS,
        **_places(filters, rows, more, after, before),
    }
    return render(request, "landlord/declare/history.html", context)


def _places(
    filters: HistoryFilters, rows: list[HistoryLine], more: bool, after: UUID | None, before: UUID | None
) -> dict[str, Any]:
    pairs = {name: value for name, value in (("quoi", filters.kind), ("etat", filters.state)) if value}
    previous = rows and (more if before else after)
    following = rows and (more if not before else True)
    return {
        "previous": "?" + urlencode({**pairs, "avant": str(rows[0].opaque)}) if previous else None,
        "following": "?" + urlencode({**pairs, "apres": str(rows[-1].opaque)}) if following else None,
    }


@page(needing(Right.CONSULT))
def declaration(request: PageRequest, declaration: UUID) -> HttpResponse:
    """One declaration: what it says, where it stands, its versions."""
    sent = declaration_of(request.actor, declaration)
    kind, label = DECLARATION_PILLS.get(sent.state, ("", ""))
    context = {
        "sent": sent,
        "pill_kind": kind,
        "pill_label": label,
        "steps": _steps(sent),
        "reason": rejection_sentence(sent.reason_code) if sent.state == workflow.REJECTED else None,
        "may_correct": sent.may_be_corrected
        and request.actor.may(Right.DECLARE)
        and sent.kind not in (Kind.JULY_RENT, Kind.PREVIOUS_JULY_RENT),
    }
    return render(request, "landlord/declare/declaration.html", context)


def _steps(sent: SentDeclaration) -> list[tuple[str, str]]:
    """The life of a declaration so far, and the day to expect an answer by."""
    steps = [("Transmise", moment(sent.submitted_at))]
    if sent.sent_at is not None:
        steps.append(("Envoyée au système de la caisse", moment(sent.sent_at)))
    if sent.state == workflow.MANUAL:
        steps.append(("En traitement par un agent", day(sent.decided_at) if sent.decided_at else ""))
    if sent.state in (workflow.INTEGRATED, workflow.REJECTED) and sent.decided_at is not None:
        words = "Prise en compte" if sent.state == workflow.INTEGRATED else "Refusée"
        steps.append((words, moment(sent.decided_at)))
    if sent.expected_on is not None:
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
