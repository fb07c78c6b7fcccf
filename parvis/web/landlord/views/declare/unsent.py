"""« Non transmises »: the declarations begun and not sent."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from parvis.declarations.models import Kind
from parvis.declarations.selectors.bundles.unfinished import Unfinished, begun
from parvis.kit.actors import Right
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.tenants import campaign_of

PAGE = 25


@page(needing(Right.DECLARE))
def unsent_declarations(request: PageRequest) -> HttpResponse:
    """All that was begun on this account, the last saved first; July rents typed stay in their grid, which is named."""
    after, card = request.GET.get("apres", ""), campaign_of(request)
    found = begun(request.actor, after=after, limit=PAGE + 1)
    rows = found[:PAGE]
    context = {
        "rows": [(line, _titles(line)) for line in rows],
        "is_first": not after,
        "following": f"?apres={rows[-1].edge}" if len(found) > PAGE else None,
        "rents": card.typed if card else 0,
        "grid": reverse("july-rents", args=[request.standing.account_reference]) + "?etat=saisis",
    }
    return render(request, "landlord/declare/unsent.html", context)


def _titles(line: Unfinished) -> str:
    """What was chosen, in a sentence's worth of words."""
    first, *others = [str(Kind(kind).label) for kind in line.kinds] or ["Rien de choisi"]
    return ", ".join([first, *(other.lower() for other in others)])
