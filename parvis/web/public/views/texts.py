"""Texts anybody may read: the rules and terms people accept, and what the law asks every site to say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from parvis.identity.kinds import TextKind
from parvis.identity.selectors import texts as selectors
from parvis.kit.refusals import NotFound
from parvis.parameters.catalogue import BROWSER_REMEMBERED
from parvis.parameters.selectors import value
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

_WORDS: dict[TextKind, dict[str, Any]] = {
    TextKind.USAGE_RULES: {"heading": "Règles d’usage", "address": "public-usage-rules"},
    TextKind.SERVICE_TERMS: {"heading": "Conditions d’utilisation", "address": "public-service-terms"},
}


@page(public)
def usage_rules(request: PageRequest, version: int | None = None) -> HttpResponse:
    """The rules of the portal: those in force, or a former version."""
    return _text(request, TextKind.USAGE_RULES, version)


@page(public)
def service_terms(request: PageRequest, version: int | None = None) -> HttpResponse:
    """The terms of the landlords' space: those in force, or a former version."""
    return _text(request, TextKind.SERVICE_TERMS, version)


def _text(request: PageRequest, kind: TextKind, version: int | None) -> HttpResponse:
    every = selectors.versions(kind, at=request.now)
    shown = every[0] if version is None else next((text for text in every if text.version == version), None)
    if shown is None:
        raise NotFound("Cette version n’existe pas.")
    context = {**_WORDS[kind], "text": shown, "in_force": every[0], "versions": every}
    return render(request, "public/texts/text_version.html", context)


@page(public)
def accessibility(request: PageRequest) -> HttpResponse:
    """The accessibility statement, in the form the law gives it."""
    return render(request, "public/texts/accessibility.html", {"public_url": settings.PUBLIC_URL})


@page(public)
def personal_data(request: PageRequest) -> HttpResponse:
    """What is kept about people, why, who sees it, how long, and their rights."""
    return render(request, "public/texts/personal_data.html", {"browser_days": value(BROWSER_REMEMBERED)})


@page(public)
def legal_notice(request: PageRequest) -> HttpResponse:
    """Who publishes this instance, and under which licence."""
    return render(request, "public/texts/legal_notice.html", {"public_url": settings.PUBLIC_URL})
