"""The July grid: one editable column, saved line by line, or whole without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.refusals import NotInCampaign
from parvis.declarations.selectors import CampaignCard, GridPage, campaign_card, grid_rows, remaining_by_account
from parvis.declarations.selectors.campaign import suspended_in
from parvis.declarations.selectors.campaign.correcting import correctable_among
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.declarations.services import july
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import hour
from parvis.kit.refusals import NotFound, Refusal
from parvis.tenancies.rules import read_search
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render, render_part
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import Act, GridAddress, act_of, clean, written
from parvis.web.landlord.lines import REASONS_TO_CONFIRM, GridLine, correctable, line_of, progress_of, ready_words
from parvis.web.landlord.views.july.aside import told_aside
from parvis.web.landlord.views.tenants import campaign_asked, year_query
from parvis.web.landlord.words import office_words

SAVED_AT = "Saved-At"
"""The header that says when an amount was kept, by the clock of the service: that of a device may be wrong."""
OTHER_YEAR = "Cette page est d’une autre campagne. Rechargez-la."


@page(needing(Right.DECLARE), writes=True)
def july_rents(request: PageRequest) -> HttpResponse:
    """The grid; a POST keeps all its amounts, then does what the pressed button says."""
    card = campaign_asked(request)
    today = day_in_paris(request.now)
    if card is None or today < card.opens_on or not card.total:
        return render(request, "landlord/july/nothing.html", {"card": card, "today": today})
    if request.method == "POST":
        return _keep(request, card)
    asked = GridAddress.read(request.GET)
    if not (asked.after or asked.before or asked.search) and told_aside(request, request.actor, card.year):
        card = _again(request, card)
    state = asked.state or ("" if card.remaining or asked.search else "transmis")
    shown = _rows(request, card, asked, state)
    if asked.search and not (shown.rows or asked.everywhere or asked.after or asked.before):
        asked = replace(asked, everywhere=True)
        shown = _rows(request, card, asked, state)
    context: dict[str, Any] = {
        "card": card,
        "today": today,
        "late": suspended_in(request.actor, card, at=request.now),
        "asked": asked,
        "state": state,
        "lines": _lines(request, card, shown.rows),
        "offices": office_words(card, today),
        "previous": asked.query(before=shown.previous) if shown.previous else None,
        "following": asked.query(after=shown.next) if shown.next else None,
        "progress": progress_of(card),
        "reasons": REASONS_TO_CONFIRM,
        "year_query": year_query(request, card),
    }
    return render(request, "landlord/july/grid.html", context)


def _again(request: PageRequest, card: CampaignCard) -> CampaignCard:
    """The card with its counts as they are now."""
    return campaign_card(request.actor, at=request.now, year=card.year) or card


def _lines(request: PageRequest, card: CampaignCard, rows: Sequence[GridRow]) -> list[GridLine]:
    """The rows of a page, as they stand today."""
    today, account = day_in_paris(request.now), request.standing.account_reference
    may_correct, papers = correctable_among(rows, card, today=today), not year_query(request, card)
    lines = []
    for row in rows:
        suspended = card.is_suspended(today, row.caf_code) and row.is_here(today)
        line = line_of(row, account, suspended=suspended, takes_papers=papers)
        lines.append(correctable(line, account) if row.tenancy_id in may_correct else line)
    return lines


def _rows(request: PageRequest, card: CampaignCard, asked: GridAddress, state: str) -> GridPage:
    if asked.chosen:
        return GridPage(rows_named(request.actor, card.year, asked.chosen), None, None)
    search = read_search(asked.search)
    return grid_rows(
        request.actor,
        card.year,
        state=state,
        search=search,
        everywhere=asked.everywhere and search is not None,
        after=asked.after,
        before=asked.before,
    )


def _keep(request: PageRequest, card: CampaignCard) -> HttpResponse:
    """Keep what the whole form says, then go where its button leads."""
    here = request.get_full_path()
    if request.POST.get("annee") != str(card.year):
        messages.error(request, OTHER_YEAR)
        return HttpResponseRedirect(here)
    outcomes = july.save_rents(request.actor, card.year, written(request.POST), at=request.now)
    for outcome in outcomes:
        if outcome.sentence:
            messages.error(request, f"{outcome.row.name}\u00a0: {outcome.sentence}")
    act = act_of(request.POST)
    if act is not None:
        place = perform(request, request.actor, act, card.year)
        return HttpResponseRedirect(f"{here}#{place}")
    after = {"verifier": "july-rents-check", "plus-tard": "july-rents-later"}.get(request.POST.get("suite", ""))
    if after is None:
        messages.success(request, "Votre saisie est enregistrée. Elle n’est pas encore transmise.")
        return HttpResponseRedirect(here)
    return HttpResponseRedirect(
        f"{reverse(after, args=[request.standing.account_reference])}{year_query(request, card)}"
    )


def perform(request: PageRequest, actor: Actor, act: Act, year: int) -> str:
    """The button of one line; answers the place of that line in the page."""
    try:
        if act.verb == "confirm":
            reason = clean(request.POST.get(f"reason-{act.tenancy}", ""))
            july.confirm(
                actor,
                act.tenancy,
                year=year,
                code=act.code,
                cents=act.cents,
                before=act.before,
                reason=reason,
                at=request.now,
            )
        else:
            july.apply_remedy(actor, act.tenancy, year=year, cents=act.cents, at=request.now)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return f"l-{act.tenancy}"


@page(needing(Right.DECLARE), writes=True)
def save(request: PageRequest, tenancy: UUID) -> HttpResponse:
    """One amount saved by itself; the answer is its whole line, and the counts. A GET leads to the line in the grid."""
    account, card = request.standing.account_reference, campaign_asked(request)
    of_year = card is not None and request.GET.get("annee") == str(card.year)
    # A line saved in its own year is looked for by the saving itself.
    if card is None or (not (request.method == "POST" and of_year) and not _is_theirs(request, card, tenancy)):
        raise NotFound
    if request.method != "POST":
        asked = GridAddress(state="tous", year=str(card.year) if year_query(request, card) else "")
        return HttpResponseRedirect(reverse("july-rents", args=[account]) + asked.query())
    if not of_year:
        return HttpResponse(OTHER_YEAR, status=409)
    return _saved(request, card, tenancy)


def _is_theirs(request: PageRequest, card: CampaignCard, tenancy: UUID) -> bool:
    return bool(rows_named(request.actor, card.year, [tenancy]))


def _saved(request: PageRequest, card: CampaignCard, tenancy: UUID) -> HttpResponse:
    """Keep what was typed on the line, and answer it."""
    typed, before = request.POST.get(f"rent-{tenancy}"), request.POST.get(f"previous-{tenancy}")
    try:
        outcome = july.save_rent(
            request.actor,
            tenancy,
            year=card.year,
            typed=None if typed is None else clean(typed),
            previous_typed=None if before is None else clean(before),
            at=request.now,
        )
    except NotInCampaign as refusal:
        if not _is_theirs(request, card, tenancy):
            raise NotFound from refusal
        return HttpResponse(refusal.sentence, status=409)
    return _line(request, card, outcome)


def _line(request: PageRequest, card: CampaignCard, outcome: july.RowOutcome) -> HttpResponse:
    """The line as it is kept now, and the counts: of the account, or of all of them where the grid crosses accounts."""
    across, now = "tous" in request.GET, _now(request, card, outcome)
    today = day_in_paris(request.now)
    suspended = now.is_suspended(today, outcome.row.caf_code) and outcome.row.is_here(today)
    account = request.standing.account_reference
    context: dict[str, Any] = {
        "line": line_of(
            outcome.row,
            account,
            refused=outcome.sentence,
            suspended=suspended,
            across=across,
            takes_papers=not year_query(request, card),
        ),
        "reasons": REASONS_TO_CONFIRM,
    }
    if across:
        context["ready"] = ready_words(remaining_by_account(request.standing.credential_id, at=request.now)[0])
        answer = render_part("landlord/across/saved.html", context)
    else:
        answer = render_part("landlord/july/saved.html", {**context, "progress": progress_of(now)})
    # A header is read letter by letter as Latin-1, whatever was written: it holds none that both do not write alike.
    answer[SAVED_AT] = hour(request.now).replace("\u00a0", " ")
    return answer


def _now(request: PageRequest, card: CampaignCard, outcome: july.RowOutcome) -> CampaignCard:
    """The card after the saving, which tells the counts of the whole landlord; those of some offices are read again."""
    if outcome.counts is not None and not request.actor.offices:
        return replace(card, **outcome.counts)  # type: ignore[arg-type]
    return campaign_card(request.actor, at=request.now, year=card.year) or card


@page(needing(Right.DECLARE), writes=True)
def prefill(request: PageRequest) -> HttpResponse:
    """« Reprendre les loyers connus ? »"""
    card, grid = campaign_asked(request), reverse("july-rents", args=[request.standing.account_reference])
    if card is None or not card.total:
        return HttpResponseRedirect(grid)
    grid = f"{grid}{year_query(request, card)}"
    if request.method == "POST":
        count = july.prefill(request.actor, card.year, at=request.now)
        if count:
            words = "1\u00a0loyer repris" if count == 1 else f"{count}\u00a0loyers repris"
            messages.success(request, f"{words}. Vérifiez chaque ligne\u00a0: rien n’est transmis.")
        else:
            messages.info(request, "Aucun loyer connu à reprendre sur les lignes vides.")
        return HttpResponseRedirect(grid)
    return render(request, "landlord/july/prefill.html", {"card": card, "year_query": year_query(request, card)})
