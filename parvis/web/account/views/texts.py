"""The texts a person accepts, and reads again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from parvis.identity.kinds import TextKind
from parvis.identity.selectors import texts as selectors
from parvis.identity.services.own import texts as services
from parvis.identity.steps import Step
from parvis.kit.refusals import Refusal
from parvis.web.account.forms.first import AcceptanceForm
from parvis.web.frame import way
from parvis.web.frame.page import account_pages, page, steps
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

_TITLES: dict[TextKind, dict[str, Any]] = {
    TextKind.USAGE_RULES: {
        "heading": "Règles d’usage",
        "number": 3,
        "box": "J’accepte les règles d’usage du portail",
    },
    TextKind.SERVICE_TERMS: {
        "heading": "Conditions de l’Espace bailleur",
        "number": 4,
        "box": "J’accepte les conditions d’utilisation de l’Espace bailleur",
    },
}


@page(steps, writes=True)
def first_rules(request: PageRequest) -> HttpResponse:
    """Accept the rules of the portal."""
    return way.elsewhere(request, Step.RULES) or _accept(request, TextKind.USAGE_RULES)


@page(steps, writes=True)
def first_terms(request: PageRequest) -> HttpResponse:
    """Accept the terms of the landlords' space."""
    return way.elsewhere(request, Step.TERMS) or _accept(request, TextKind.SERVICE_TERMS)


def _accept(request: PageRequest, kind: TextKind) -> HttpResponse:
    text = selectors.in_force(kind, at=request.now)
    form = AcceptanceForm(request.POST if request.method == "POST" else None, initial={"version": text.version})
    if form.is_valid():
        try:
            services.accept(kind, form.cleaned_data["version"], by=request.actor, at=request.now)
        except Refusal as refusal:
            form = AcceptanceForm(initial={"version": text.version})
            return _show(request, kind, form, changed=refusal.sentence)
        return way.onward(request)
    return _show(request, kind, form)


def _show(request: PageRequest, kind: TextKind, form: AcceptanceForm, changed: str = "") -> HttpResponse:
    context = {
        **_TITLES[kind],
        "form": form,
        "text": selectors.in_force(kind, at=request.now),
        "again": selectors.accepted_before(request.actor, kind),
        "refused": "refus" in request.GET,
        "changed": changed,
    }
    return render(request, "account/first/text.html", context)


@page(account_pages)
def usage_rules(request: PageRequest) -> HttpResponse:
    """The rules in force, to read again."""
    text = selectors.in_force(TextKind.USAGE_RULES, at=request.now)
    context = {"text": text, "accepted_at": selectors.accepted_at(request.actor, text)}
    return render(request, "account/home/usage_rules.html", context)
