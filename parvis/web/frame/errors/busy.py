"""The answer to what could not be done now: somebody writes there, it took too long, the database is away, too many people ask.

Nothing typed is lost: the page gives it back behind « Réessayer », but for what must stand nowhere in clear, which is typed
again, and for files, which a browser alone can join. Sent twice, nothing happens twice: the keys of forms see to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from parvis.upkeep.figures import requests as figures
from parvis.web.frame.cookies import THEME, FormSecret
from parvis.web.frame.render import render

log = structlog.get_logger(__name__)
SOON_SECONDS = "5"


class Busy(StrEnum):
    """Why, as the figures tell it."""

    LOCKED = "locked"
    SLOW = "slow"
    AWAY = "away"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person reads: the title, what it comes from, whether what was sent is kept."""

    status: int
    title: str
    why: str
    sent: str


NOT_KEPT = "Ce que vous venez d’envoyer n’est pas enregistré. Vous pouvez l’envoyer à nouveau d’ici."
UNKNOWN = (
    "Nous ne savons pas si votre envoi est enregistré. Envoyez-le à nouveau d’ici\u00a0: rien n’est fait deux fois."
)
BY_PARTS = {"rents-across", "rents-across-file-confirm"}
"""Pages that keep one account after the other, by name: some of what was sent to them may be kept, whatever stopped the next."""
TOLD = {
    Busy.LOCKED: Told(409, "Quelqu’un d’autre enregistre au même endroit",
                      "Un collègue, un autre onglet ou la livraison de votre caisse écrit les mêmes lignes en ce moment.", NOT_KEPT),
    Busy.SLOW: Told(503, "La réponse tarde trop", "Le service est très sollicité, ou cette page demande beaucoup à la fois.", NOT_KEPT),
    Busy.AWAY: Told(503, "Le service est interrompu un moment", "Il revient de lui-même, le plus souvent en une minute.", UNKNOWN),
    Busy.FULL: Told(503, "Trop de monde en ce moment", "Beaucoup de personnes se servent du service à la fois.", NOT_KEPT),
}  # fmt: skip

RETYPED = {
    "password": ("Mot de passe", "password", "current-password"),
    "password_again": ("Mot de passe, une seconde fois", "password", "new-password"),
    "new_password": ("Nouveau mot de passe", "password", "new-password"),
    "code": ("Code", "text", "one-time-code"),
    "iban": ("IBAN", "text", "off"),
    "nir": ("Numéro de sécurité sociale", "text", "off"),
}
"""Fields whose value stands in no page: label, type and what a browser may fill in."""
OURS = ("csrfmiddlewaretoken",)
LAST_WORDS = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{why} Vos données enregistrées'
    ' sont intactes.</p><p><a href="">Réessayer</a></p></html>'
)


def busy(request: HttpRequest, why: Busy) -> HttpResponse:
    """The page, or a sentence for the script that asked; counted, and told in the log without anything of anybody."""
    match = request.resolver_match
    figures.count_refused(match.view_name if match else "", why.value)
    log.warning("request_given_up", why=why.value, route=match.view_name if match else "")
    told = TOLD[why]
    if match and match.view_name in BY_PARTS and why is not Busy.FULL:
        told = replace(told, sent=UNKNOWN)
    answer = _for_scripts(request, told) or _page(request, told, why)
    answer.headers["Retry-After"] = SOON_SECONDS
    return answer


def _for_scripts(request: HttpRequest, told: Told) -> HttpResponse | None:
    """Parts of pages keep what was typed themselves, on the device: they only need the sentence."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(told.title, status=told.status, content_type="text/plain; charset=utf-8")
    if request.headers.get("Sec-Fetch-Dest") == "empty" or "application/json" in request.headers.get("Accept", ""):
        sentence = f"{told.title[0].lower()}{told.title[1:]}. Réessayez dans un instant."
        return JsonResponse({"sentence": sentence}, status=told.status)
    return None


def _page(request: HttpRequest, told: Told, why: Busy) -> HttpResponse:
    if why is not Busy.LOCKED:
        # Who is there and what their menu counts is asked of the database, which has just failed.
        request.__dict__.pop("standing", None)
        request.__dict__["frame_extras"] = {}
    if why is Busy.FULL and request.method != "POST":
        theme = request.COOKIES.get(THEME, "")
        words = {"told": told, "theme": theme if theme in ("light", "dark") else ""}
        return HttpResponse(render_to_string("frame/full.html", words), status=told.status)
    context: dict[str, Any] = {"told": told, "again": request.get_full_path(), "typed": None}
    if request.method == "POST" and _is_our_form(request):
        context["typed"] = _typed(request)
    try:
        return render(request, "frame/busy.html", context, status=told.status)
    except Exception:
        log.exception("busy_page_broken")
        return HttpResponse(LAST_WORDS.format(title=told.title, why=told.why), status=told.status)


def _is_our_form(request: HttpRequest) -> bool:
    """Whether the form came from a page of ours: another one's is not offered to be sent again under this person's name."""
    return FormSecret(lambda _: HttpResponse()).process_view(request, _page, (), {}) is None


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was sent: as it was, to be typed again, to be joined again."""
    posted = request.POST
    kept = [
        (name, value.replace("\0", ""))
        for name in posted
        if name not in OURS and name not in RETYPED
        for value in posted.getlist(name)
    ]
    retyped = [(name, *RETYPED[name]) for name in posted if name in RETYPED]
    files = [(name, [file.name for file in request.FILES.getlist(name)]) for name in request.FILES]
    return {"kept": kept, "retyped": retyped, "files": files}
