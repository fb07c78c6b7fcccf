"""Tenants: the list of those in place, of the former ones, and the sheet of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.declarations import workflow
from parvis.declarations.kinds import KINDS
from parvis.declarations.kinds.kind import DeclarationKind, Group
from parvis.declarations.models import EntryState, Kind
from parvis.declarations.selectors import CampaignCard, campaign_card
from parvis.declarations.selectors.grid import rows_named
from parvis.declarations.selectors.tenant_declared import Declared, DeclaredLine, declared_of
from parvis.declarations.selectors.tenant_list import (
    MOST_PARTS,
    READ_AT_MOST,
    ListHead,
    TenantPage,
    building_of,
    latest_aid_month,
    list_head,
    tenant_page,
)
from parvis.declarations.selectors.tenant_lists import july
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import month
from parvis.tenancies.selectors.figures import rent_and_aid
from parvis.tenancies.selectors.sheet import Neighbour, TenancySheet, neighbours, tenancy_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address
from parvis.web.landlord.forms.tenants import (
    JULY,
    ORDERS,
    PAID_TO,
    SITUATIONS,
    VARIATIONS,
    TenantListAddress,
    chosen,
)
from parvis.web.landlord.lines import july_pill, state_pill
from parvis.web.landlord.words import ENTRY_KINDS, KIND_ICONS, already_declared, chart_sentence, not_decent_words


class Declarable(NamedTuple):
    """A kind on the sheet; ``sent`` is the declaration of that kind the office has not decided, if there is one."""

    kind: DeclarationKind
    icon: str
    urgent: bool
    sent: DeclaredLine | None


FILTERS = {
    "loyer": [("", "Tous les loyers de juillet"), *((word, label) for word, (_, label) in JULY.items())],
    "versement": [("", "Tous les versements"), *((word, label) for word, (_, label) in PAID_TO.items())],
    "situation": [("", "Toutes les situations"), *((word, label) for word, (_, label) in SITUATIONS.items())],
    "variation": [("", "Toutes les aides"), *((word, label) for word, (_, label) in VARIATIONS.items())],
    "tri": list(ORDERS.items()),
}
"""The choices of the list's form, by the name of the field."""


@page(needing(Right.CONSULT))
def tenants(request: PageRequest) -> HttpResponse:
    """The tenants in place."""
    return _list(request, former=False)


@page(needing(Right.CONSULT))
def former_tenants(request: PageRequest) -> HttpResponse:
    """The tenants who left."""
    return _list(request, former=True)


def _list(request: PageRequest, *, former: bool) -> HttpResponse:
    head = list_head(request.actor, at=request.now)
    card = request.frame_extras["campaign"] = head.card
    year = card.year if card else None
    asked = _asked(request, year, former=former)
    late = suspended_at(request, head)
    filters = replace(asked.filters(former=former), suspended=late)
    shown = tenant_page(request.actor, filters=filters, year=year, after=asked.after, before=asked.before)
    if asked.search and not (shown.rows or asked.everywhere or asked.after or asked.before):
        asked = replace(asked, everywhere=True)
        shown = tenant_page(request.actor, filters=replace(filters, everywhere=True), year=year)
    context = {
        "rows": shown.rows,
        "asked": asked,
        "former": former,
        "card": card,
        "head": head,
        "kinds": ENTRY_KINDS,
        "labels": july.LABELS,
        "closer": _closer(request, shown, year),
        "filters": FILTERS if late else FILTERS | {"loyer": FILTERS["loyer"][:-1]},
        "may_declare": card is not None and request.actor.may(Right.DECLARE),
        "may_ask": request.actor.may(Right.DECLARE),
        "may_see_payments": request.actor.may(Right.PAYMENTS),
        "sheets": address("tenants", request.standing.account_reference),
    }
    context |= _said(request, asked, head, former=former) | _places(asked, shown)
    return render(request, "landlord/tenants/list.html", context)


def suspended_at(request: PageRequest, head: ListHead) -> tuple[str, ...]:
    """The offices where a July rent that is missing suspends its aid today."""
    codes = [code for code, _ in head.offices]
    return head.card.suspended_offices(day_in_paris(request.now), codes) if head.card else ()


def _closer(request: PageRequest, shown: TenantPage, year: int | None) -> dict[UUID, tuple[str, str]]:
    """The pills of those to be confirmed, which hide the ones whose July of the year before is asked."""
    asked = [row.reference for row in shown.rows if row.state == EntryState.TO_CONFIRM]
    rows = rows_named(request.actor, year, asked) if asked and year else []
    return {row.reference: july_pill(row, suspended=False) for row in rows}


def _asked(request: PageRequest, year: int | None, *, former: bool) -> TenantListAddress:
    """What the address asks, without what is not this person's to ask or means nothing here."""
    asked = TenantListAddress.read(request.GET)
    if former or not request.actor.may(Right.PAYMENTS):
        asked = replace(asked, variation="")
    if year is None:
        asked = replace(asked, july="", order="" if asked.order == "a-declarer" else asked.order)
    return asked


def _said(request: PageRequest, asked: TenantListAddress, head: ListHead, *, former: bool) -> dict[str, Any]:
    """The filters in force and the order, in words."""
    building = building_of(request.actor, asked.building) if asked.building else ""
    return {
        "chips_in_force": asked.chips(building=building, offices=dict(head.offices)),
        "order_words": _order_words(request, asked, former=former),
    }


def _places(asked: TenantListAddress, shown: TenantPage) -> dict[str, Any]:
    return {
        "previous": asked.query(before=shown.previous) if shown.previous else None,
        "following": asked.query(after=shown.next) if shown.next else None,
        "read_at_most": f"{READ_AT_MOST * MOST_PARTS:,}".replace(",", "\u00a0"),
    }


def _order_words(request: PageRequest, asked: TenantListAddress, *, former: bool) -> str:
    """What an order or a comparison that leaves some tenants out says of itself."""
    if asked.variation:
        return "Dernière aide de chacun versée à vous, comparée à celle du mois d’avant."
    if former or asked.search or asked.building:
        return ""
    if asked.order == "a-declarer":
        return "Cette liste montre les locataires de la campagne, ceux qui restent à déclarer d’abord."
    latest = latest_aid_month(request.actor) if asked.order == "aide" else None
    return f"Aides versées à vous pour {month(latest)}, de la plus grande à la plus petite." if latest else ""


@page(needing(Right.CONSULT))
def selection(request: PageRequest) -> HttpResponse:
    """What is to be done with the rows ticked: the grid of these rents, direct payment for them, or a file of them."""
    account, references = request.standing.account_reference, chosen(request.GET)
    if not references:
        messages.error(request, "Cochez au moins un locataire.")
        return HttpResponseRedirect(reverse("tenants", args=[account]))
    query = urlencode({"choix": [str(reference) for reference in references]}, doseq=True)
    if request.GET.get("geste") == "exporter":
        return HttpResponseRedirect(f"{reverse('tenants-export', args=[account])}?{query}")
    if request.GET.get("geste") == "versement":
        return HttpResponseRedirect(f"{reverse('direct-payment-ask', args=[account])}?{query}")
    count = len(references)
    words = f"les {count}\u00a0locataires cochés" if count > 1 else "le locataire coché"
    messages.info(request, f"La grille montre {words}.")
    return HttpResponseRedirect(f"{reverse('july-rents', args=[account])}?{query}")


@page(needing(Right.CONSULT))
def tenant(request: PageRequest, reference: UUID) -> HttpResponse:
    """All that a landlord may know of one tenancy."""
    card = campaign_of(request)
    sheet = tenancy_of(request.actor, reference)
    around = neighbours(request.actor, sheet)
    declared = declared_of(request.actor, sheet.id, year=card.year if card else None)
    months = rent_and_aid(request.actor, sheet.id, day_in_paris(request.now).replace(day=1))
    account, sees_aid = request.standing.account_reference, request.actor.may(Right.PAYMENTS)
    suspended = _is_suspended(request, sheet, card)
    context = {
        "sheet": sheet,
        "around": around,
        "previous": _step("précédent", around.previous, account),
        "following": _step("suivant", around.next, account),
        "declared": already_declared(declared, sheet, account),
        "state": declared.state,
        "declarable": _declarable(request, declared),
        "begun": declared.begun,
        "coming": card is not None and day_in_paris(request.now) < card.opens_on,
        "july_pill": _pill_of(request, sheet, card, declared.state, suspended=suspended) if declared.state else None,
        "is_suspended": suspended,
        "revise_url": _revise_url(request, sheet, card, declared),
        "today": day_in_paris(request.now),
        "months": months,
        "chart_sentence": chart_sentence(months, paid_to_landlord=sheet.direct_payment and sees_aid),
        "may_see_payments": sees_aid,
        "card": card,
        **_notes(sheet, card, day_in_paris(request.now)),
    }
    return render(request, "landlord/tenants/sheet.html", context)


def _is_suspended(request: PageRequest, sheet: TenancySheet, card: CampaignCard | None) -> bool:
    """Whether the aid of a tenant who is still there is suspended by now where the July rent is missing."""
    today = day_in_paris(request.now)
    here = sheet.absent_since is None and (sheet.end_on is None or sheet.end_on >= today)
    return card is not None and here and card.is_suspended(today, sheet.caf_code)


def _pill_of(
    request: PageRequest, sheet: TenancySheet, card: CampaignCard | None, state: EntryState, *, suspended: bool
) -> tuple[str, str]:
    """Where the July rent of the campaign stands, in the words of the grid."""
    rows = rows_named(request.actor, card.year, [sheet.reference]) if card and state == EntryState.TO_CONFIRM else []
    return july_pill(rows[0], suspended=suspended) if rows else state_pill(state, suspended=suspended)


def _revise_url(request: PageRequest, sheet: TenancySheet, card: CampaignCard | None, declared: Declared) -> str:
    """Where a correction of the July rent that the office took in is asked; nothing while one is."""
    if card is None or declared.state != EntryState.INTEGRATED or not request.actor.may(Right.DECLARE):
        return ""
    july = [line for line in declared.lines if line.kind == Kind.JULY_RENT and line.year == card.year]
    if not any(line.state == workflow.INTEGRATED for line in july) or any(
        line.is_revision and line.state not in workflow.DECIDED | {workflow.INTEGRATED} for line in july
    ):
        return ""
    return f"{address('july-rent-correct', request.standing.account_reference, sheet.reference)}?annee={card.year}"


def _notes(sheet: TenancySheet, card: CampaignCard | None, today: date) -> dict[str, Any]:
    return {"july_known": _july_known(sheet, card), "not_decent": not_decent_words(sheet, today)}


def _declarable(request: PageRequest, declared: Declared) -> list[tuple[str, list[Declarable]]]:
    """What may be declared about the tenancy, by group; the July rent while it is open, and then urgent."""
    if not request.actor.may(Right.DECLARE):
        return []
    kinds = [kind for kind in KINDS.values() if kind.code != Kind.JULY_RENT or declared.is_open]
    theirs = {line.kind: line for line in declared.undecided}
    found = [
        Declarable(kind, KIND_ICONS[kind.code], kind.code == Kind.JULY_RENT, theirs.get(kind.code)) for kind in kinds
    ]
    return [(group.value, [one for one in found if one.kind.group is group]) for group in Group]


def campaign_of(request: PageRequest) -> CampaignCard | None:
    """The campaign of the day, asked once: the menu shows its count too."""
    if "campaign" not in request.frame_extras:
        request.frame_extras["campaign"] = campaign_card(request.actor, at=request.now)
    card: CampaignCard | None = request.frame_extras["campaign"]
    return card


def campaign_asked(request: PageRequest) -> CampaignCard | None:
    """The campaign whose year stands in the form or the address (``annee``), where the landlord has rents in it; else that
    of the day."""
    card, word = campaign_of(request), request.POST.get("annee") or request.GET.get("annee", "")
    if card is None or not (len(word) == 4 and word.isascii() and word.isdigit()) or word == str(card.year):
        return card
    asked = campaign_card(request.actor, at=request.now, year=int(word))
    return asked if asked is not None and asked.total else card


def year_query(request: PageRequest, card: CampaignCard) -> str:
    """What the addresses of a former campaign carry; nothing for that of the day."""
    of_the_day = campaign_of(request)
    return "" if of_the_day is not None and of_the_day.year == card.year else f"?annee={card.year}"


def _step(word: str, neighbour: Neighbour | None, account: str) -> tuple[str, str] | None:
    if neighbour is None:
        return None
    return f"Locataire {word}\u00a0: {neighbour.name}", reverse("tenant", args=[account, neighbour.reference])


def _july_known(sheet: TenancySheet, card: CampaignCard | None) -> int | None:
    """The July rent of the year before the campaign, if the office holds it."""
    return next((rent.cents for rent in sheet.july_rents if card and rent.year == card.year - 1), None)
