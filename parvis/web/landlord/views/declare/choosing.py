"""« Mes déclarations »: picking one or several, taking one out, giving up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations import kinds
from parvis.declarations.kinds.kind import DeclarationKind, Group
from parvis.declarations.models import Kind
from parvis.declarations.refusals import AlreadyWithTheOffice, ClashingKinds, PossiblyClashingKinds
from parvis.declarations.selectors.bundles import BundleSheet, WithTheOffice, bundle_of, with_the_office
from parvis.declarations.selectors.grid import rows_named
from parvis.declarations.services import bundles
from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.tenants import campaign_of
from parvis.web.landlord.words import KIND_ICONS


def year_of(request: PageRequest) -> int | None:
    """The year of the campaign of the day, if there is one."""
    card = campaign_of(request)
    return card.year if card else None


def sheet_of(request: PageRequest, reference: UUID) -> BundleSheet:
    """What is being declared about the tenancy."""
    return bundle_of(request.actor, reference, year=year_of(request), at=request.now)


@page(needing(Right.DECLARE), writes=True)
def declare(request: PageRequest, reference: UUID) -> HttpResponse:
    """Pick what to declare; what was picked before is ticked."""
    sheet = sheet_of(request, reference)
    chosen = [step.kind.code for step in sheet.steps]
    if request.method != "POST":
        return _show(request, sheet, [*chosen, *(code for code in request.GET.getlist("quoi") if code in kinds.KINDS)])
    added = request.POST.get("ajouter")
    wanted = [*chosen, added] if added in kinds.KINDS else _wanted(request)
    try:
        both = "garder-les-deux" in request.POST
        codes = bundles.choose(request.actor, reference, wanted, year=year_of(request), at=request.now, keeps_both=both)
    except Refusal as refusal:
        return _show(request, sheet, wanted, refusal)
    return HttpResponseRedirect(step_url(request, reference, added if added in codes else codes[0]))


def _wanted(request: PageRequest) -> list[str]:
    """What is ticked, without what a button takes out."""
    without = request.POST.get("retirer")
    return [code for code in request.POST.getlist("kinds") if code in kinds.KINDS and code != without]


def step_url(request: PageRequest, reference: UUID, kind: str) -> str:
    """The page of one declaration of the choice."""
    return reverse("declare-step", args=[request.standing.account_reference, reference, kind])


def _show(request: PageRequest, sheet: BundleSheet, chosen: list[str], refusal: Refusal | None = None) -> HttpResponse:
    theirs = with_the_office(request.actor, sheet.tenancy.id)
    rent_open = _rent_is_open(request, sheet)
    choices = [
        (kind, KIND_ICONS[kind.code], kind.code in chosen, theirs.get(kind.code))
        for kind in kinds.KINDS.values()
        if kind.code != Kind.JULY_RENT or rent_open
    ]
    clashing = isinstance(refusal, ClashingKinds)
    context = {
        "sheet": sheet,
        "groups": [(group.value, [choice for choice in choices if choice[0].group is group]) for group in Group],
        "errors": [("declarations", refusal.sentence)] if refusal and not clashing else [],
        "clashes": _clashes(chosen, sheet) if clashing else [],
        "may_keep_both": isinstance(refusal, PossiblyClashingKinds),
        "sent_already": _sent_already(chosen, sheet, theirs) if isinstance(refusal, AlreadyWithTheOffice) else [],
        "chosen": chosen,
        "is_begun": bool(sheet.steps),
    }
    return render(request, "landlord/declare/choose.html", context)


def _clashes(chosen: list[str], sheet: BundleSheet) -> list[tuple[str, DeclarationKind]]:
    """Why the choice is refused, and what to take out; certain clashes, and those of which the answers will decide."""
    found = [(clash.sentence, kinds.kind_of(clash.superfluous)) for clash in kinds.clashes(chosen, sheet.details)]
    possible = kinds.possible_clashes(chosen, sheet.details)
    return found + [(clash.possibly, kinds.kind_of(clash.superfluous)) for clash in possible]


def _sent_already(chosen: list[str], sheet: BundleSheet, theirs: dict[str, WithTheOffice]) -> list[WithTheOffice]:
    """What was chosen and is with the office, save what is just being corrected: each is led to."""
    corrected = {step.kind.code for step in sheet.steps if step.draft and step.draft.corrects}
    return [sent for code, sent in theirs.items() if code in chosen and code not in corrected]


def _rent_is_open(request: PageRequest, sheet: BundleSheet) -> bool:
    """Whether the July rent may be declared here: asked of the campaign's line."""
    year = year_of(request)
    rows = rows_named(request.actor, year, [sheet.tenancy.reference]) if year is not None else []
    return bool(rows) and rows[0].is_open


@page(needing(Right.DECLARE), writes=True)
def remove(request: PageRequest, reference: UUID, kind: str) -> HttpResponse:
    """« Retirer »: one declaration less, its answers given up."""
    account = request.standing.account_reference
    sheet_of(request, reference)
    if request.method == "POST":
        left = bundles.remove(request.actor, reference, kind, at=request.now)
        if left:
            return HttpResponseRedirect(reverse("declare-check", args=[account, reference]))
        messages.info(request, "Il ne reste rien à transmettre.")
    return HttpResponseRedirect(reverse("declare", args=[account, reference]))


@page(needing(Right.DECLARE), writes=True)
def abandon(request: PageRequest, reference: UUID) -> HttpResponse:
    """Give the whole choice up; what is in the July grid stays there."""
    sheet_of(request, reference)
    if request.method == "POST":
        bundles.abandon(request.actor, reference)
        messages.success(request, "Vos réponses sont effacées. Rien n’est transmis.")
    return HttpResponseRedirect(reverse("tenant", args=[request.standing.account_reference, reference]))
