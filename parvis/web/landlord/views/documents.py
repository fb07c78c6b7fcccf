"""« Documents »: everything received and sent, by date, kind and year."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse, QueryDict
from django.utils.http import urlencode

from parvis.kit.clock import PARIS
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.documents import Place, documents_of, kinds

YEARS = 3


@page(account_pages)
def documents(request: PageRequest) -> HttpResponse:
    """A page of documents, newest first. What the address says and cannot be read is left out."""
    this_year = request.now.astimezone(PARIS).year
    years = [str(this_year - back) for back in range(YEARS)]
    kind = request.GET.get("genre", "") if request.GET.get("genre", "") in dict(kinds()) else ""
    year = request.GET.get("annee", "") if request.GET.get("annee", "") in years else ""
    since = datetime(int(year), 1, 1, tzinfo=PARIS) if year else None
    newest = datetime(int(year) + 1, 1, 1, tzinfo=PARIS) if year else request.now + timedelta(days=1)
    asked = _place(request.GET)
    before = min(asked, Place(newest)) if asked else Place(newest)
    account = request.standing.account_reference
    found, following = documents_of(request.actor, account, before=before, kind=kind, since=since)
    context = {
        "found": found,
        "kinds": [("", "Tous les documents"), *kinds()],
        "years": [("", "Toutes les années"), *((one, one) for one in years)],
        "kind": kind,
        "year": year,
        "first": _query(kind, year) if asked else None,
        "following": _query(kind, year, following) if following else None,
    }
    return render(request, "landlord/documents/list.html", context)


def _query(kind: str, year: str, place: Place | None = None) -> str:
    pairs = {"genre": kind, "annee": year, "avant": f"{place.at.isoformat()}|{place.key}" if place else ""}
    return "?" + urlencode({name: value for name, value in pairs.items() if value})


def _place(query: QueryDict) -> Place | None:
    moment, _, key = query.get("avant", "")[:80].partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Place(at, key.replace("\x00", "")) if at.tzinfo else None
