"""The report of a file, line by line; its progress while it is being read; the same file, annotated."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.declarations.bulk import editing
from parvis.declarations.bulk import report as selectors
from parvis.declarations.bulk.confirming import bounds, receipts_of_file, rents_sent_by, to_keep
from parvis.declarations.bulk.intake import annotating
from parvis.declarations.bulk.intake.overview import upload_seen
from parvis.declarations.bulk.models import FileState, RentFile
from parvis.kit.actors import Right
from parvis.kit.money import decimal
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import needing, page, viewing
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, table_answer
from parvis.web.landlord.file_lines import counters_of, line_of
from parvis.web.landlord.forms.files import STATES, ConfirmForm, LineAct, ReportAddress, act_of, changes_of
from parvis.web.landlord.forms.july import clean
from parvis.web.landlord.lines import REASONS_TO_CONFIRM

AT_WORK = (FileState.RECEIVED, FileState.READING, FileState.CONFIRMING)


@page(needing(Right.DECLARE), writes=True)
def report(request: PageRequest, file: UUID) -> HttpResponse:
    """Every line with its result; a POST changes lines on the spot."""
    account, found = request.standing.account_reference, selectors.file_of(request.actor, file)
    if found.state == FileState.COLUMNS:
        return HttpResponseRedirect(reverse("rent-file-columns", args=[account, file]))
    if found.state == FileState.ABANDONED:
        raise NotFound
    if request.method == "POST":
        return _change(request, found)
    _set_aside(request, found)
    asked = ReportAddress.read(request.GET)
    shown = selectors.lines_of(request.actor, found, state=STATES[asked.state], after=asked.after, before=asked.before)
    context = {
        "file": found,
        "upload": upload_seen(found),
        "asked": asked,
        "at_work": found.state in AT_WORK,
        "keeping": to_keep(found, found.wants_unsure),
        "counters": counters_of(found, reverse("rent-file", args=[account, file]), asked.state),
        "lines": [line_of(row) for row in shown.rows],
        "previous": asked.query(before=shown.previous) if shown.previous else None,
        "following": asked.query(after=shown.next) if shown.next else None,
        "reasons": REASONS_TO_CONFIRM,
        "form": ConfirmForm(initial={"wish": "send", "unsure": True}),
        **_sent(request, found),
    }
    return render(request, "landlord/files/report.html", context)


def _set_aside(request: PageRequest, file: RentFile) -> None:
    """What bounds that moved refuse is to be corrected; an agent who reads changes nothing."""
    if viewing.of(request) is None:
        bounds.set_aside(file)


def _sent(request: PageRequest, file: RentFile) -> dict[str, Any]:
    """The receipts of a file, and how many rents they acknowledge: what was kept besides is in the grid."""
    if file.state != FileState.CONFIRMED:
        return {"receipts": [], "sent": 0}
    return {"receipts": receipts_of_file(request.actor, file), "sent": rents_sent_by(request.actor, file)}


def _change(request: PageRequest, file: RentFile) -> HttpResponse:
    """What was typed first, then the button that was pressed."""
    act, place = act_of(request.POST), ""
    try:
        for change in changes_of(request.POST):
            editing.change_line(
                request.actor, file.reference, change.line, typed=change.typed, previous_typed=change.previous_typed
            )
            place = f"#l-{change.line}"
        if act is not None:
            _do(request, file, act)
            place = f"#l-{act.line}"
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return HttpResponseRedirect(f"{request.get_full_path()}{place}")


def _do(request: PageRequest, file: RentFile, act: LineAct) -> None:
    if act.verb == "confirm":
        reason = clean(request.POST.get(f"reason-{act.line}", ""))
        editing.confirm_line(
            request.actor, file.reference, act.line, code=act.code, cents=act.cents, before=act.before, reason=reason
        )
    elif act.verb == "replace":
        editing.change_line(request.actor, file.reference, act.line, typed=decimal(act.cents))
    else:
        editing.choose(request.actor, file.reference, act.line, act.verb)


@page(needing(Right.DECLARE))
def progress(request: PageRequest, file: UUID) -> HttpResponse:
    """How far the work is, asked again and again by the page; whoever comes here otherwise is led to the report."""
    account, found = request.standing.account_reference, selectors.file_of(request.actor, file)
    place = reverse("rent-file", args=[account, file])
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(place)
    if found.state not in AT_WORK:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = place
        return answer
    shown = {"file": found, "keeping": to_keep(found, found.wants_unsure)}
    return render(request, "landlord/files/progress.html", shown)


@page(needing(Right.DECLARE))
def annotated(request: PageRequest, file: UUID, kind: str) -> HttpResponseBase:
    """The file as it was sent, with « Résultat » and « Que corriger »."""
    found = selectors.file_of(request.actor, file)
    if found.state != FileState.READY:
        raise NotFound
    rows = annotating.annotated(request.actor, found)
    first = list(islice(rows, 1))
    header = first[0] if first else ["Résultat", "Que corriger"]
    taken = Taken("annotated-rents", f"loyers-annotes-{file}", found.year)
    return table_answer(request, taken, kind, header, chain(first[1:], rows), sheet="Loyers")
