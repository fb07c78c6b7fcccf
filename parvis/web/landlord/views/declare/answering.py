"""One declaration: its questions, kept as they are typed; what is unusual is confirmed, never a block."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.services.attachments import read_paper
from parvis.declarations.models import Kind
from parvis.declarations.refusals import AnswersChanged, JulyBeforeChanged
from parvis.declarations.selectors.bundles import BundleSheet, Step
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services import bundles, july, papers
from parvis.kit.actors import Right
from parvis.kit.days import read_day
from parvis.kit.periods import day, long_day
from parvis.kit.refusals import Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.declare import answers_in, asked_of, confirmed_in, papers_in, replaced_in, ticked_in
from parvis.web.landlord.forms.july import clean, july_before
from parvis.web.landlord.lines import ASK_REASON
from parvis.web.landlord.views.declare.choosing import sheet_of, step_url, year_of
from parvis.web.landlord.views.declare.keeping import kept_alone, not_chosen
from parvis.web.landlord.views.declare.words import (
    missing_rent,
    names_on,
    rent_facts,
    rent_words,
    saved_meanwhile,
    summary_title,
    unticked,
)


@page(needing(Right.DECLARE), writes=True)
def step(request: PageRequest, reference: UUID, kind: str) -> HttpResponse:
    """The questions of one declaration."""
    sheet = sheet_of(request, reference)
    if kind not in [step.kind.code for step in sheet.steps]:
        if "garder" in request.POST:
            return not_chosen()
        return HttpResponseRedirect(reverse("declare", args=[request.standing.account_reference, reference]))
    shown = sheet.step(kind)
    if request.method != "POST":
        return _show(request, sheet, shown)
    if "garder" in request.POST:
        return kept_alone(request, sheet, shown)
    if kind == Kind.JULY_RENT:
        return _rent(request, sheet, shown)
    return _answer(request, sheet, shown)


def _answer(request: PageRequest, sheet: BundleSheet, shown: Step) -> HttpResponse:
    reference, year, code = sheet.tenancy.reference, year_of(request), shown.kind.code
    answers, errors = answers_in(request.POST, shown.questions)
    if errors:
        return _show(request, sheet, shown, typed=answers, errors=errors)
    seen, racing = request.POST.get("version"), bool(request.POST.get("en-cours"))
    try:
        saved = bundles.answer(
            request.actor, reference, code, answers, year=year, at=request.now, seen=seen, racing=racing
        )
        ticked = confirmed_in(request.POST, saved.pending)
        if ticked and saved.draft:
            read = saved.draft.version
            saved = bundles.confirm(request.actor, reference, code, ticked, year=year, at=request.now, seen=read)
    except AnswersChanged as refusal:
        now = sheet_of(request, reference)
        return _show(request, now, now.step(code), typed=answers, errors={"": refusal.sentence})
    except Refusal as refusal:
        return _show(request, sheet, shown, typed=answers, errors={"": refusal.sentence})
    errors, again = _joined(request, sheet, saved), sheet
    if request.FILES:
        again = sheet_of(request, reference)
        saved = again.step(code)
    if errors:
        return _show(request, again, saved, errors={**(saved.reading.errors if saved.reading else {}), **errors})
    if "me-prevenir" in request.POST:
        return _waits(request, again, saved)
    return _went_on(request, again, saved)


def _joined(request: PageRequest, sheet: BundleSheet, saved: Step) -> dict[str, str]:
    """Keep the files sent along; the sentence of the first that is not kept. The answers stay."""
    for name, content in papers_in(request.FILES) if saved.kind.papers or saved.rent is not None else ():
        try:
            paper = read_paper(name, content)
            papers.join(request.actor, sheet.tenancy.reference, saved.kind.code, paper, at=request.now)
        except Refusal as refusal:
            return {"papers": refusal.sentence}
    return {}


def _waits(request: PageRequest, sheet: BundleSheet, saved: Step) -> HttpResponse:
    """« Me prévenir »: the answers are kept, a mail comes on the day."""
    account, reference = request.standing.account_reference, sheet.tenancy.reference
    try:
        on = read_day(request.POST.get("remind_on", ""))
        bundles.remind_me(request.actor, reference, saved.kind.code, on, year=year_of(request), at=request.now)
    except Refusal as refusal:
        return _show(request, sheet, saved, errors={"remind_on": refusal.sentence})
    messages.success(request, f"Nous vous écrirons le {long_day(on)}. Vos réponses sont gardées, rien n’est transmis.")
    return HttpResponseRedirect(reverse("tenant", args=[account, reference]))


def _went_on(request: PageRequest, sheet: BundleSheet, saved: Step) -> HttpResponse:
    """Later, next, or the same page with what is wrong or to be confirmed."""
    account, reference = request.standing.account_reference, sheet.tenancy.reference
    if "plus-tard" in request.POST:
        messages.success(request, "Vos réponses sont enregistrées, non transmises. Vous les retrouverez ici.")
        return HttpResponseRedirect(reverse("tenant", args=[account, reference]))
    if not saved.is_ready:
        errors = dict(saved.reading.errors) if saved.reading else {}
        return _show(request, sheet, saved, errors=errors | missing_rent(saved) | unticked(saved, request.POST))
    following = sheet.following(saved.kind.code)
    if following is not None and not following.is_ready:
        return HttpResponseRedirect(step_url(request, reference, following.kind.code))
    return HttpResponseRedirect(reverse("declare-check", args=[account, reference]))


def _rent(request: PageRequest, sheet: BundleSheet, shown: Step) -> HttpResponse:
    """The July rent: the line of the grid, on its own page."""
    reference, year = sheet.tenancy.reference, year_of(request)
    assert year is not None
    typed, before = (clean(request.POST.get(name, "")) for name in ("rent", "previous"))
    typed, seen = replaced_in(request.POST) or typed, request.POST.get("version")
    if request.POST.get("en-cours") and july.is_own_draft(request.actor, reference, year=year):
        seen = None
    try:
        outcome = july.save_rent(
            request.actor, reference, year=year, typed=typed, previous_typed=before, seen=seen, at=request.now
        )
        if outcome.sentence:
            return _changed(request, outcome.row, typed, before)
        asked_anew = _confirmed(request, outcome.row)
    except Refusal as refusal:
        return _show(request, sheet, shown, errors={"rent": refusal.sentence})
    again = sheet_of(request, reference)
    saved = again.step(Kind.JULY_RENT)
    if asked_anew:
        return _show(request, again, saved, errors={"rent": asked_anew})
    if "papers" in request.FILES and saved.rent is not None and saved.rent.previous_cents is None:
        return _show(request, again, saved, errors={"papers": "Indiquez aussi le loyer de cette quittance."})
    errors = _joined(request, again, saved)
    return _show(request, again, saved, errors=errors) if errors else _went_on(request, again, saved)


def _changed(request: PageRequest, row: GridRow, typed: str, before: str) -> HttpResponse:
    """Somebody saved another amount since the page was shown: theirs is said, what was typed here stays in its fields, not kept."""
    sheet = sheet_of(request, row.reference)
    if Kind.JULY_RENT not in [step.kind.code for step in sheet.steps]:
        return HttpResponseRedirect(step_url(request, row.reference, Kind.JULY_RENT))
    mine = {"rent": typed, "previous": before}
    return _show(request, sheet, sheet.step(Kind.JULY_RENT), typed=mine, errors={"rent": saved_meanwhile(row)})


def _confirmed(request: PageRequest, row: GridRow) -> str:
    """Keep the warnings that were ticked about the amount shown; says why they are asked anew, or nothing."""
    cents, before = row.assessment.cents, july_before(request.POST.get("avant"))
    try:
        for code in ticked_in(request.POST):
            if cents is not None and request.POST.get("montant") == str(cents):
                why = clean(request.POST.get("reason", "")) if code in ASK_REASON else ""
                july.confirm(
                    request.actor,
                    row.reference,
                    year=row.year,
                    code=code,
                    cents=cents,
                    before=before,
                    reason=why,
                    at=request.now,
                )
    except JulyBeforeChanged as refusal:
        return refusal.sentence
    return ""


def _show(
    request: PageRequest,
    sheet: BundleSheet,
    shown: Step,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    codes = [step.kind.code for step in sheet.steps]
    place = codes.index(shown.kind.code)
    account, reference = request.standing.account_reference, sheet.tenancy.reference
    context: dict[str, Any] = {
        "sheet": sheet,
        "shown": shown,
        "kind": shown.kind,
        "place": place + 1,
        "total": len(codes),
        "back": step_url(request, reference, codes[place - 1])
        if place
        else reverse("declare", args=[account, reference]),
    }
    if shown.rent is not None:
        context["papers"] = papers.joined_to(request.actor, reference, shown.kind.code)
        context["known"] = rent_facts(shown, sheet.tenancy)
        context["kept"] = shown.rent.version
        return render(request, "landlord/declare/rent.html", {**context, **rent_words(shown, errors or {}, typed)})
    errors, questions = errors or {}, shown.questions
    answers = shown.answers if typed is None else typed
    context["asked"] = asked_of(questions, answers, errors, first=shown.draft is None and typed is None)
    names = names_on(shown)
    context["errors"] = [(f"id_{name}" if name in names else None, sentence) for name, sentence in errors.items()]
    context["faults"] = errors
    context["told"] = {one.code: clean(request.POST.get(f"motif-{one.code}", "")) for one in shown.pending}
    context["summary"] = summary_title(shown, answers, errors)
    context["reading"] = shown.reading if typed is None else None
    context["wait_until"] = request.POST.get("remind_on") or _wait_words(shown)
    return render(request, "landlord/declare/step.html", context)


def _wait_words(shown: Step) -> str:
    """The day proposed for « Me prévenir »: the one chosen before, or the first on which the debt would be one to report."""
    on = (shown.draft.remind_on if shown.draft else None) or (shown.reading.wait_until if shown.reading else None)
    return day(on) if on else ""
