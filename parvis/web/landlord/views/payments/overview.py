"""« Paiements »: the transfers of a year, the next ones, and what was withheld."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from parvis.exchange.selectors.health import amounts_as_of
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.parameters.catalogue import PAYMENT_SETTLED
from parvis.parameters.selectors import duration
from parvis.tenancies.paper import statement_pdf
from parvis.tenancies.selectors.payments.coming import next_payments
from parvis.tenancies.selectors.payments.recoveries import (
    recoveries_count,
    recoveries_page,
    recoveries_to_export,
)
from parvis.tenancies.selectors.payments.statement import paid_to
from parvis.tenancies.selectors.payments.transfers import total_of, transfers_page, years_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_answer, table_answer
from parvis.web.landlord.forms.july import reference
from parvis.web.landlord.forms.payments import line_in, year_in
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.papers import heading_of, recoveries_paper
from parvis.web.landlord.views.payments.reasons import Telling, Why
from parvis.web.landlord.views.payments.words import PAY_DAYS, next_words, withheld_words

RECOVERY_COLUMNS = (
    "Retenue sur le virement du", "Locataire", "N° allocataire", "Mois concerné", "Montant retenu", "Pourquoi", "À faire",
)  # fmt: skip


@page(needing(Right.PAYMENTS))
def payments(request: PageRequest) -> HttpResponse:
    """The transfers of one year, and what the next ones should be."""
    actor, today = request.actor, day_in_paris(request.now)
    years, asked = years_of(actor, today=today), year_in(request.GET)
    year = asked if asked in years else (years[0] if years else today.year)
    places = {name: reference(request.GET.get(name, "")) for name in ("apres", "avant")}
    shown = transfers_page(actor, year, after=places["apres"], before=places["avant"])
    coming = [
        (
            item, PAY_DAYS[item.is_late_in_the_month], next_words(item), withheld_words(item),
            item.around - duration(PAYMENT_SETTLED),
        )
        for item in next_payments(actor, today=today)
    ]  # fmt: skip
    previous, following = shown.previous, shown.following
    context = {
        "tabs_of_years": [(str(item), f"?annee={item}", item == year) for item in years],
        "year": year,
        "has_any": bool(years or coming),
        "amounts_on": day_in_paris(as_of) if (as_of := amounts_as_of()) else None,
        "total_cents": total_of(actor, year, today=today),
        "transfers": shown.lines,
        "coming": coming,
        "account_today": paid_to(actor) if coming else "",
        "today": today,
        "pay_days": PAY_DAYS,
        "several_pay_days": len({line.is_late_in_the_month for line in shown.lines}) > 1,
        "several_offices": len({line.caf_code for line in shown.lines}) > 1,
        "previous": f"?annee={year}&avant={previous}" if previous else None,
        "following": f"?annee={year}&apres={following}" if following else None,
    }
    return render(request, "landlord/payments/overview.html", context)


@page(needing(Right.PAYMENTS))
def recoveries(request: PageRequest) -> HttpResponse:
    """The sums withheld, and the rules about them."""
    shown = recoveries_page(request.actor, after=line_in(request.GET, "apres"), before=line_in(request.GET, "avant"))
    account = request.standing.account_reference
    told, here = Telling(request.actor, account, {}), reverse("payments-recoveries", args=[account])
    context = {
        "lines": [
            (line, _elsewhere(told.reasons((line.reason_code,), line.tenancy, line.around), here))
            for line in shown.lines
        ],
        "may_consult": request.actor.may(Right.CONSULT),
        "previous": f"?{urlencode({'avant': shown.previous})}" if shown.previous else None,
        "following": f"?{urlencode({'apres': shown.following})}" if shown.following else None,
    }
    return render(request, "landlord/payments/recoveries.html", context)


def _elsewhere(told: list[Why], here: str) -> list[Why]:
    """The reasons without the buttons that lead to the page one is on."""
    return [why._replace(links=tuple(link for link in why.links if link.url != here)) for why in told]


@page(needing(Right.PAYMENTS))
def recoveries_file(request: PageRequest, kind: str) -> HttpResponseBase:
    """All of them as a file."""
    most = files.MOST.get(kind)
    if most is not None and recoveries_count(request.actor, most=most + 1) > most:
        messages.info(request, files.TOO_LONG)
        return HttpResponseRedirect(reverse("payments-recoveries", args=[request.standing.account_reference]))
    taken = Taken("recoveries", "retenues")
    found = recoveries_to_export(request.actor)
    if kind == "pdf":
        told = list(found)
        content = statement_pdf(recoveries_paper(heading_of(request), told), at=request.now)
        return paper_answer(request, taken, content, rows=len(told))
    rows = (
        (
            f"{line.paid_on:%d/%m/%Y}", line.name, line.claimant_number, f"{line.month:%m/%Y}", -line.cents / 100,
            *files.reason_cells((line.reason_code,), line.around),
        )
        for line in found
    )  # fmt: skip
    return table_answer(request, taken, kind, RECOVERY_COLUMNS, rows, sheet="Retenues")
