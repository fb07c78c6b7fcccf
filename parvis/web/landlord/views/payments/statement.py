"""The statement of one transfer: what it is made of, what changed, and the same as files."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.money import decimal, euros
from parvis.kit.periods import long_day, moment, month
from parvis.sheets import writing
from parvis.tenancies.paper import Paper, Table, statement_pdf
from parvis.tenancies.selectors.payments.changes import changes_of
from parvis.tenancies.selectors.payments.statement import (
    BY_NAME_UP_TO,
    StatementLine,
    all_lines,
    lines_page,
    statement_of,
)
from parvis.tenancies.selectors.payments.transfers import TransferLine
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import reference
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.reasons import telling
from parvis.web.landlord.views.payments.words import KINDS, PAY_DAYS, change_words, file_name

MOST_IN_A_WORKBOOK = 50_000
MOST_ON_PAPER = 3_000
PAPER_COLUMNS = ("Locataire", "N° alloc.", "Mois", "Aide", "Rappel", "Retenue", "Versé")
TOO_LONG = "Ce relevé est trop long pour ce format. Téléchargez-le au format CSV."


@page(needing(Right.PAYMENTS))
def statement(request: PageRequest, transfer: UUID) -> HttpResponse:
    """One transfer, tenant by tenant."""
    actor, account = request.actor, request.standing.account_reference
    found = statement_of(actor, transfer)
    places = {name: reference(request.GET.get(name, "")) for name in ("apres", "avant")}
    shown = lines_page(actor, found, after=places["apres"], before=places["avant"])
    changes = changes_of(actor, found)
    told = telling(actor, account, [*shown.lines, *(changes.shown if changes else ())])
    context = {
        "transfer": found,
        "pay_day": PAY_DAYS[found.is_late_in_the_month],
        "changes": changes,
        "before_month": (found.paid_on.replace(day=1) - timedelta(days=1)).replace(day=1),
        "change_sentences": [change_words(item) for item in changes.counts] if changes else [],
        "changed": [(item, told.of_change(item, found)) for item in changes.shown] if changes else [],
        "kinds": KINDS,
        "lines": [(line, told.of_line(line, found)) for line in shown.lines],
        "by_name": found.tenancies <= BY_NAME_UP_TO,
        "on_paper": found.tenancies <= MOST_ON_PAPER,
        "in_a_workbook": found.tenancies <= MOST_IN_A_WORKBOOK,
        "previous": f"?avant={shown.previous}#lignes" if shown.previous else None,
        "following": f"?apres={shown.following}#lignes" if shown.following else None,
    }
    return render(request, "landlord/payments/statement.html", context)


@page(needing(Right.PAYMENTS))
def statement_file(request: PageRequest, transfer: UUID, kind: str) -> HttpResponseBase:
    """The whole statement as a file."""
    found = statement_of(request.actor, transfer)
    most = {"xlsx": MOST_IN_A_WORKBOOK, "pdf": MOST_ON_PAPER}.get(kind)
    if most is not None and found.tenancies > most:
        messages.info(request, TOO_LONG)
        address = reverse("payments-statement", args=[request.standing.account_reference, transfer])
        return HttpResponseRedirect(address)
    lines = all_lines(request.actor, found)
    name = file_name("releve", found.paid_on.isoformat(), found.transfer_ref)
    if kind == "pdf":
        return files.sent(statement_pdf(_paper(request, found, list(lines)), at=request.now), kind, name)
    rows = (files.statement_row(line, found) for line in lines)
    if kind == "csv":
        return files.streamed(chain([files.STATEMENT_COLUMNS], rows), name)
    return files.sent(writing.xlsx(files.STATEMENT_COLUMNS, rows, name="Relevé"), kind, name)


def _paper(request: PageRequest, found: TransferLine, lines: list[StatementLine]) -> Paper:
    sums = (found.aid_cents, found.back_payment_cents, found.recovery_cents, found.total_cents)
    notes = [
        f"{line.name}, {month(line.month)}\u00a0: {' '.join(files.reason_cells(line.reasons, line.around(found.paid_on))).strip()}"
        for line in lines
        if line.reasons
    ]
    return Paper(
        title="Relevé de versement",
        subject=f"{euros(found.total_cents)} versés le {long_day(found.paid_on)}",
        landlord=request.standing.landlord_name,
        facts=[
            ("Caisse", found.office_name),
            ("Référence du virement", found.transfer_ref),
            ("N° d’utilisateur", request.standing.user_number),
        ],
        tables=[
            Table("Détail par locataire", PAPER_COLUMNS, [_row(line) for line in lines],
                  ("Total", "", "", *(decimal(cents) for cents in sums)), left=3)
        ],
        notes=notes,
        foot=f"{settings.PUBLIC_URL.split('://', 1)[-1]} · établi le {moment(request.now)} · montants en euros",
    )  # fmt: skip


def _row(line: StatementLine) -> list[str]:
    amounts = (line.aid_cents, line.back_payment_cents, line.recovery_cents, line.total_cents)
    return [
        line.name,
        line.claimant_number,
        f"{line.month:%m/%Y}",
        *(decimal(cents) if cents else "" for cents in amounts),
    ]
