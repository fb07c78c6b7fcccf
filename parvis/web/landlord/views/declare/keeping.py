"""What keeps the questions of a declaration while they are being answered: the page posts them by itself, nothing is judged.

Without scripts nothing comes here: « Continuer » and « Reprendre plus tard » keep the same answers.
"""

from __future__ import annotations

from django.http import JsonResponse

from parvis.declarations.models import Kind
from parvis.declarations.selectors.bundles import BundleSheet, Step
from parvis.declarations.services import bundles, july
from parvis.kit.periods import hour
from parvis.kit.refusals import Refusal
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.declare import answers_in
from parvis.web.landlord.forms.july import clean
from parvis.web.landlord.views.declare.choosing import year_of


def kept_alone(request: PageRequest, sheet: BundleSheet, shown: Step) -> JsonResponse:
    """Keep what is typed so far, and say when; what cannot be kept is said with the reason, and nothing is written."""
    try:
        version = _rent(request, sheet) if shown.kind.code == Kind.JULY_RENT else _answers(request, sheet, shown)
    except Refusal as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=409)
    return JsonResponse({"saved": f"Enregistré à {hour(request.now)}", "version": version})


def not_chosen() -> JsonResponse:
    """The declaration was sent or given up since, in another tab or by a colleague: there is nothing to keep it in."""
    return JsonResponse(
        {"sentence": "cette déclaration a été transmise ou retirée depuis. Rechargez la page."}, status=409
    )


def _answers(request: PageRequest, sheet: BundleSheet, shown: Step) -> str:
    answers, too_long = answers_in(request.POST, shown.questions)
    for name, sentence in too_long.items():
        raise Refusal(sentence, field=name)
    code, seen = shown.kind.code, request.POST.get("version", "")
    saved = bundles.answer(
        request.actor, sheet.tenancy.reference, code, answers, year=year_of(request), at=request.now, seen=seen
    )
    return saved.draft.version if saved.draft else ""


def _rent(request: PageRequest, sheet: BundleSheet) -> str:
    year = year_of(request)
    assert year is not None
    typed, before = (clean(request.POST.get(name, "")) for name in ("rent", "previous"))
    outcome = july.save_rent(
        request.actor,
        sheet.tenancy.reference,
        year=year,
        typed=typed,
        previous_typed=before,
        seen=request.POST.get("version", ""),
        at=request.now,
    )
    if outcome.sentence:
        raise Refusal(outcome.sentence)
    return outcome.row.version
