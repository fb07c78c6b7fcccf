"""The formats of exchange, for those who build the other end: a list, and each JSON Schema as it is."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.changes.models import ChangeKind
from parvis.changes.reasons import PAPERS
from parvis.declarations.kinds import KINDS
from parvis.exchange.formats import FORMATS
from parvis.exchange.formats.columns import Column
from parvis.exchange.published import Published, schema, schemas
from parvis.kit.refusals import NotFound
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

_TITLES = {
    "line": "Ce que dit chaque ligne",
    "july_rent": "Loyer de juillet",
    "previous_july_rent": "Loyer de juillet de l’année d’avant",
    "withdrawal": "Annulation d’une déclaration",
}


@page(public)
def formats(request: PageRequest) -> HttpResponse:
    """What a delivery contains, file by file: to the office, and from it."""
    feeds = [
        (feed, [(one.name, _title(one)) for one in schemas() if one.feed == feed])
        for feed in dict.fromkeys(one.feed for one in schemas())
    ]
    coming = [(format_.kind, format_.title, [_column(one) for one in format_.columns]) for format_ in FORMATS.values()]
    return render(request, "public/texts/formats.html", {"feeds": feeds, "coming": coming, "papers": list(PAPERS)})


@page(public)
def format_schema(request: PageRequest, feed: str, schema_name: str) -> HttpResponse:
    """One JSON Schema, as programs read it."""
    found = schema(feed, schema_name)
    if found is None:
        raise NotFound("Ce format n’existe pas.")
    return HttpResponse(found.text, content_type="application/schema+json; charset=utf-8")


def _column(column: Column) -> str:
    """Its name, with what it may hold where that is a list, and a star where it is required."""
    words = f" ({', '.join(column.choices)})" if column.choices else ""
    return f"{column.name}{'*' if column.required else ''}{words}"


def _title(one: Published) -> str:
    """What the screens call the kind."""
    if one.feed == "changes":
        return str(ChangeKind(one.name).label)
    return _TITLES.get(one.name) or KINDS[one.name].title
