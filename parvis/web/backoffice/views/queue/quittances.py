"""« Quittances papier »: what landlords send back by post, registered line by line."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.selectors.openings import opening_of
from parvis.agents.services.openings import record_look
from parvis.agents.services.searches import note_numbered
from parvis.declarations.kinds.july_rent import Assessment
from parvis.declarations.selectors.campaign.on_paper import PaperSheet, paper_sheet, tenancies_numbered
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services.campaigns.on_paper import Paper, asked_of, judged, register_paper
from parvis.kit.actors import Duty
from parvis.kit.money import euros
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.web.backoffice.forms.paper import NumberForm, PaperForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render

_LOOK = "quittance papier"


@agent_page(Duty.REGISTER_PAPER, writes=True)
def quittances(request: AgentRequest) -> HttpResponse:
    """Whose paper is it? The number comes by POST: it stands in no address."""
    form, found = NumberForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        found = tenancies_numbered(request.actor, form.cleaned_data["number"])
        note_numbered(len(found), by=request.actor, at=request.now)
    return render(request, "backoffice/queue/quittances.html", {"form": form, "found": found})


@agent_page(Duty.REGISTER_PAPER, writes=True)
def quittance(request: AgentRequest, tenancy: UUID) -> HttpResponse:
    """One line of a paper: typed, checked as on the grid, sent with its receipt."""
    sheet = paper_sheet(request.actor, tenancy, at=request.now)
    form, found = None, None
    if sheet.card is not None and sheet.row is not None and (sheet.row.is_open or request.method == "POST"):
        form = PaperForm(
            request.POST if request.method == "POST" else None, year=sheet.row.year, initial=_first(sheet.row)
        )
        found = _judged(form, sheet.row)
        if form.is_valid() and found is not None:
            done = _registered(request, tenancy, form, sheet.row)
            if done is not None:
                return done
            sheet = paper_sheet(request.actor, tenancy, at=request.now)
    record_look(sheet.place.landlord_id, _LOOK, by=request.actor, at=request.now)
    return render(request, "backoffice/queue/quittance.html", _shown(sheet, form, found))


def _first(row: GridRow) -> dict[str, Any]:
    return {"key": uuid4(), "seen": row.version}


def _judged(form: PaperForm, row: GridRow) -> Assessment | None:
    """What is to be thought of the amounts typed; the warnings that wait become boxes to tick, empty beside other amounts."""
    if not form.is_bound:
        return None
    typed = (form.data.get("rent", "")[:80].strip(), form.data.get("previous", "")[:80].strip())
    found = judged(row, Paper(typed[0], row.start_on, typed[1]))
    form.offer([(one.code, f"{one.title} {one.sentence}".strip()) for one in found.warnings])
    form.ask_about(asked_of(row, found))
    return found


def _registered(request: AgentRequest, tenancy: UUID, form: PaperForm, row: GridRow) -> HttpResponse | None:
    """Register it and go back, or say why not."""
    try:
        receipt = register_paper(
            tenancy, form.paper, submission_key=form.cleaned_data["key"], by=request.actor, at=request.now
        )
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    cents = receipt.declarations.get(kind="july_rent").details["rent_cents"]
    messages.success(
        request,
        f"C’est fait. {row.name}\u00a0: {euros(cents)} pour juillet {row.year}, accusé {receipt.number}. Le bailleur est prévenu.",
    )
    return HttpResponseRedirect(_back(request, receipt.landlord_id))


def _back(request: AgentRequest, landlord_id: UUID) -> str:
    """To the tenants of a file that is open today, where the next line of the same paper is; else to the pile."""
    if opening_of(request.agent.agent_id, landlord_id, at=request.now) is None:
        return reverse("agent-papers")
    return reverse("file-tenancies", args=[landlord_id])


def _shown(sheet: PaperSheet, form: PaperForm | None, found: Assessment | None) -> dict[str, Any]:
    row = sheet.row
    return {
        "place": sheet.place,
        "row": row,
        "form": form if row is not None and row.is_open else None,
        "warnings": found.warnings if found is not None else (),
        "known": _known(row) if row is not None else [],
        "draft": row is not None and row.is_open and row.saved_at is not None,
    }


def _known(row: GridRow) -> list[tuple[str, str]]:
    """What the office and the landlord said already, to compare the paper with."""
    told = [(f"Juillet {row.year - 1}", euros(row.last_july_cents) if row.last_july_cents is not None else "Inconnu")]
    if row.known_rent_cents is not None:
        told.append(("Loyer connu aujourd’hui", euros(row.known_rent_cents)))
    if row.charges_cents:
        told.append(("Charges connues", euros(row.charges_cents)))
    if row.facts.is_share:
        told.append(("Bail", row.facts.share_words))
    if not row.is_open and row.rent_cents is not None:
        told.append((f"Juillet {row.year}", euros(row.rent_cents)))
    if not row.is_open and row.receipt_number:
        told.append(("Accusé", row.receipt_number))
    return [*told, ("État", row.state_label)]
