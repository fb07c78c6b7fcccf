"""The pages that say no: not found, not allowed, stale form, broken. Words of ux.md B0."""

from __future__ import annotations

import secrets
from datetime import date
from typing import cast

import structlog
from django.http import HttpRequest, HttpResponse

from parvis.identity.kinds import Nature
from parvis.kit.actors import RIGHT_LABELS
from parvis.kit.periods import day
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.landlords.selectors import Standing
from parvis.landlords.selectors.users import administrators, grantable_rights
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address

log = structlog.get_logger(__name__)

LAST_WORDS = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Le service a un problème</title>'
    "<h1>Le service a un problème</h1><p>Vos données enregistrées sont intactes. Réessayez dans quelques minutes. "
    "Si cela continue, donnez ce code à votre caisse\u00a0: {code}.</p></html>"
)


def not_found(request: HttpRequest, exception: NotFound | Exception | None = None) -> HttpResponse:
    """404: no such thing, or not yours. Says where to sign in, for those whose address is right but who are not signed in."""
    return render(request, "frame/not_found.html", status=404)


def not_allowed(request: HttpRequest, refusal: NotAllowed) -> HttpResponse:
    """403: the thing is theirs, the right is missing."""
    context = {"right_label": refusal.right_label, **_who_may_allow(request, refusal.right_label)}
    return render(request, "frame/not_allowed.html", context, status=403)


def _who_may_allow(request: HttpRequest, right_label: str) -> dict[str, str | None]:
    """In an organisation: the administrator to ask, and where."""
    standing: Standing | None = getattr(request, "standing", None)
    right = next((known for known, label in RIGHT_LABELS.items() if label == right_label), None)
    if standing is None or standing.nature != Nature.CORPORATE or right is None or standing.actor.may(right):
        return {"administrator": "", "ask_url": None}
    people = administrators(standing.partner_id, at=cast(PageRequest, request).now)
    name = f"{people[0].first_name} {people[0].last_name}".strip() if people else ""
    exists = right in grantable_rights(standing.actor)
    return {
        "administrator": name,
        "ask_url": f"{address('right-ask', standing.account_reference)}?droit={right.value}" if exists else None,
    }


def closed_sentence(name: str, on: date | None) -> str:
    """Why an access opens nothing any more, for the one who has proved to be its owner."""
    when = f" le {day(on)}" if on else ""
    where = f" à {name}" if name else ""
    return f"Votre accès{where} a été fermé{when} par son administrateur. Adressez-vous à cette personne."


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or comes from elsewhere (CSRF)."""
    return render(request, "frame/stale_form.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return render(request, "frame/bad_request.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. The code on the page stands in the log too. If even this page breaks, its words are sent alone."""
    code = secrets.token_hex(4).upper()
    # Django calls this while it deals with the exception: the trace goes to the log, through the sieve.
    log.error("page_broken", code=code, exc_info=True)
    try:
        return render(request, "frame/broken.html", {"code": code}, status=500)
    except Exception:
        log.exception("error_page_broken", code=code)
        return HttpResponse(LAST_WORDS.format(code=code), status=500)
