"""« Documents »: everything received and sent, by date, kind, tenant and words; a year of it as one file."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.declarations.selectors.tenant_lists.named import named_page
from parvis.kit.actors import Right
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.days import months_later
from parvis.kit.periods import month
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.sheet import TenancySheet, tenancy_of
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.documents import Place, Reader, Wanted, documents_of, every_document, kinds, sources
from parvis.web.landlord.documents.archive import archive
from parvis.web.landlord.downloads import Taken, noted
from parvis.web.landlord.forms.documents import FIRST_YEAR, LAST_YEAR, DocumentsAddress

sources.register()

YEARS = 3
MOST_IN_AN_ARCHIVE = 2_000
KILOBYTES_EACH = 25
"""What a document weighs in an archive, more or less: a receipt or a statement of one page."""


def reader_of(request: PageRequest) -> Reader:
    """Who asks, as the documents want to know it."""
    standing = request.standing
    return Reader(request.actor, standing.account_reference, standing.landlord_name, standing.user_number, request.now)


@page(account_pages)
def documents(request: PageRequest) -> HttpResponse:
    """A page of documents, newest first. What the address says and cannot be read is left out."""
    asked = DocumentsAddress.read(request.GET, dict(kinds()))
    tenant = _tenant(request, asked)
    named = named_page(request.actor, asked.words, after=asked.names)
    called = tenant.name if tenant else ""
    wanted = asked.wanted(now=request.now, called=called, named=tuple(row.reference for row in named.rows))
    found, following = documents_of(reader_of(request), wanted)
    context = {
        "found": found,
        "kinds": [("", "Tous les documents"), *kinds()],
        "asked": asked,
        "wrong": asked.errors,
        "tenant": tenant,
        "named": [(f"{row.first_name} {row.last_name}".strip(), row.claimant_number,
                   asked.query(words="", tenant=row.reference, names=None)) for row in named.rows],
        "other_names": asked.query(names=named.following) if named.following else None,
        "first_names": asked.query(names=None) if asked.names else None,
        "without_tenant": asked.query(tenant=None),
        "years": _years(request),
        "first": asked.query() if asked.place else None,
        "following": asked.query(following) if following else None,
    }  # fmt: skip
    return render(request, "landlord/documents/list.html", context)


@page(account_pages, writes=True)
def year(request: PageRequest, year: int) -> HttpResponseBase:
    """How many documents a year has, or a month of it (``?mois=7``), and what they weigh; a POST gives them as one file.

    An old year without any document is not found: nobody's years are told from nobody's.
    """
    first = _month_asked(request, year)
    reader, wanted = reader_of(request), _of_year(request, year, first)
    if request.method == "POST":
        return _as_one_file(request, reader, wanted, f"documents-{year}{f'-{first.month:02}' if first else ''}", year)
    counts = Counter(line.kind for line in every_document(reader, wanted, most=MOST_IN_AN_ARCHIVE + 1))
    total = min(counts.total(), MOST_IN_AN_ARCHIVE)
    today = day_in_paris(request.now)
    context = {
        "year": year,
        "shown": month(first) if first else str(year),
        "months": [
            (month(date(year, one, 1)).capitalize(), f"?mois={one}", "cal")
            for one in range(1, 13)
            if date(year, one, 1) <= today
        ],
        "counts": sorted(counts.items()),
        "total": total,
        "is_too_many": counts.total() > MOST_IN_AN_ARCHIVE,
        "most": MOST_IN_AN_ARCHIVE,
        "tabs_of_years": _tabs(request, year),
        "megabytes": max(1, round(total * KILOBYTES_EACH / 1000)),
    }
    return render(request, "landlord/documents/year.html", context)


def _tabs(request: PageRequest, shown: int) -> list[tuple[str, str, bool]]:
    account = request.standing.account_reference
    years = sorted({*_years(request), shown}, reverse=True)
    return [(str(one), reverse("documents-year", args=[account, one]), one == shown) for one in years]


def _as_one_file(request: PageRequest, reader: Reader, wanted: Wanted, name: str, year: int) -> HttpResponseBase:
    """The archive, noted first and written while it is sent."""
    count = sum(1 for _ in every_document(reader, wanted, most=MOST_IN_AN_ARCHIVE))
    noted(request, Taken("documents", name, year), "zip", rows=count)
    chosen = every_document(reader, wanted, most=MOST_IN_AN_ARCHIVE)
    answer = StreamingHttpResponse(archive(chosen, at=request.now), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer


def _month_asked(request: PageRequest, year: int) -> date | None:
    """The first of the month asked for; one that does not exist is no question."""
    asked = request.GET.get("mois", "")
    is_month = asked in {str(one) for one in range(1, 13)}
    return date(year, int(asked), 1) if is_month and FIRST_YEAR <= year < LAST_YEAR else None


def _of_year(request: PageRequest, year: int, first: date | None) -> Wanted:
    recent = _years(request)
    if not FIRST_YEAR <= year <= recent[0]:
        raise NotFound
    days = (first, months_later(first, 1)) if first else (date(year, 1, 1), date(year + 1, 1, 1))
    begins, ends = (datetime.combine(of, time.min, PARIS) for of in days)
    wanted = Wanted(Place(min(ends, request.now + timedelta(days=1))), begins)
    if year not in recent and not documents_of(reader_of(request), wanted, limit=1)[0]:
        raise NotFound
    return wanted


def _years(request: PageRequest) -> list[int]:
    this_year = request.now.astimezone(PARIS).year
    return [this_year - back for back in range(YEARS)]


def _tenant(request: PageRequest, asked: DocumentsAddress) -> TenancySheet | None:
    """The tenant the list is limited to: only one whose sheet the person may open."""
    if asked.tenant is None or not request.actor.may(Right.CONSULT):
        return None
    try:
        return tenancy_of(request.actor, asked.tenant)
    except NotFound:
        return None
