"""The statement of one transfer: what it is made of, what changed, and the same as files."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.tenancies.paper import statement_pdf
from parvis.tenancies.selectors.payments.changes import change_page, changes_of
from parvis.tenancies.selectors.payments.statement import (
    BY_NAME_UP_TO,
    all_lines,
    lines_page,
    paid_to,
    statement_of,
)
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_answer, table_answer
from parvis.web.landlord.forms.july import reference
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.papers import (
    BEING_COMPARED,
    FIRST_TRANSFER,
    NOTHING_CHANGES,
    changes_section,
    heading_of,
    statement_paper,
)
from parvis.web.landlord.views.payments.reasons import telling
from parvis.web.landlord.views.payments.words import KINDS, PAY_DAYS, change_words, file_name


@page(needing(Right.PAYMENTS))
def statement(request: PageRequest, transfer: UUID) -> HttpResponse:
    """One transfer, tenant by tenant."""
    actor, account = request.actor, request.standing.account_reference
    found = statement_of(actor, transfer)
    places = {name: reference(request.GET.get(name, "")) for name in ("apres", "avant")}
    shown = lines_page(actor, found, after=places["apres"], before=places["avant"])
    changes = changes_of(actor, found)
    changed = change_page(actor, found, changes).shown if changes else ()
    told = telling(actor, account, [*shown.lines, *changed])
    context = {
        "transfer": found,
        "paid_to": "" if found.account_last4 else paid_to(actor, found.caf_code),
        "pay_day": PAY_DAYS[found.is_late_in_the_month],
        "changes": changes,
        "first_transfer": FIRST_TRANSFER,
        "nothing_changes": NOTHING_CHANGES,
        "being_compared": BEING_COMPARED,
        "change_sentences": [change_words(item) for item in changes.counts] if changes else [],
        "changed": [(item, told.of_change(item, found)) for item in changed],
        "kinds": KINDS,
        "lines": [(line, told.of_line(line, found)) for line in shown.lines],
        "by_name": found.tenancies <= BY_NAME_UP_TO,
        "on_paper": found.tenancies <= files.MOST["pdf"],
        "in_a_workbook": found.tenancies <= files.MOST["xlsx"],
        "previous": f"?avant={shown.previous}#lignes" if shown.previous else None,
        "following": f"?apres={shown.following}#lignes" if shown.following else None,
    }
    return render(request, "landlord/payments/statement.html", context)


@page(needing(Right.PAYMENTS))
def statement_file(request: PageRequest, transfer: UUID, kind: str) -> HttpResponseBase:
    """The whole statement as a file."""
    found = statement_of(request.actor, transfer)
    most = files.MOST.get(kind)
    if most is not None and found.tenancies > most:
        messages.info(request, files.TOO_LONG)
        address = reverse("payments-statement", args=[request.standing.account_reference, transfer])
        return HttpResponseRedirect(address)
    lines = all_lines(request.actor, found)
    name = file_name("releve", found.paid_on.isoformat(), found.transfer_ref)
    taken = Taken("statement", name, found.paid_on.year)
    if kind == "pdf":
        told = list(lines)
        changes = changes_section(request.actor, request.standing.account_reference, found)
        content = statement_pdf(statement_paper(heading_of(request), found, told, changes), at=request.now)
        return paper_answer(request, taken, content, rows=len(told))
    rows = (files.statement_row(line, found) for line in lines)
    return table_answer(request, taken, kind, files.STATEMENT_COLUMNS, rows, sheet="Relevé")
