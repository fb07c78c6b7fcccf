"""Rights by file: down, edited, up, shown row by row, applied."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.landlords.services.users import by_file as services
from parvis.landlords.services.users.by_file import Ready, Report
from parvis.sheets import writing
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.forms.by_file import ApplyForm, RightsFileForm
from parvis.web.organisation.gate import organisation_only

GOOD_FOR = timedelta(hours=1)
MOST_SHOWN = 500
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_OLD = "Ce tableau a été envoyé il y a plus d’une heure, ou depuis un autre compte. Envoyez-le à nouveau."


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def rights_by_file(request: PageRequest) -> HttpResponse:
    """How it works, and the file that comes back; its report shows every row before anything is written."""
    posted = request.method == "POST"
    form = RightsFileForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        try:
            report = services.read(form.cleaned_data["file"].read(), by=request.actor, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _show(request, report)
    return render(request, "organisation/by_file/start.html", {"form": form})


def _show(request: PageRequest, report: Report) -> HttpResponse:
    rows = [asdict(row) for row in report.ready]
    context = {
        "ready": report.ready[:MOST_SHOWN],
        "faults": report.faults[:MOST_SHOWN],
        "counts": (len(report.ready), len(report.faults), report.unchanged),
        "signed": signing.dumps(rows, salt=_salt(request), compress=True),
        "wrong": signing.dumps(
            [report.header, *((*fault.cells, fault.sentence) for fault in report.faults)],
            salt=f"{_salt(request)}|wrong",
            compress=True,
        ),
    }
    return render(request, "organisation/by_file/report.html", context)


def _salt(request: PageRequest) -> str:
    """What binds the rows to the one who was shown them, in this organisation."""
    return f"rights by file|{request.standing.account_reference}"


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def rights_apply(request: PageRequest) -> HttpResponse:
    """« Appliquer » : the rows that were shown; those that changed meanwhile are told."""
    form = ApplyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _start(request)
    try:
        found = signing.loads(form.cleaned_data["rows"], salt=_salt(request), max_age=GOOD_FOR)
    except signing.BadSignature:
        messages.warning(request, TOO_OLD)
        return _start(request)
    rows = [Ready(**{**row, "rights": tuple(row["rights"]), "offices": tuple(row["offices"])}) for row in found]
    applied = services.apply(rows, by=request.actor, at=request.now)
    context = {
        "done": [line for line in applied if not line.sentence],
        "refused": [line for line in applied if line.sentence],
    }
    return render(request, "organisation/by_file/applied.html", context)


def _start(request: PageRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("rights-by-file", args=[request.standing.account_reference]))


@page(needing(Right.ADMINISTER))
@organisation_only
def rights_table(request: PageRequest, kind: str) -> HttpResponse:
    """The table of the users as they are, to be edited."""
    header, rows = services.header_of(request.actor), list(services.table_of(request.actor, at=request.now))
    if kind == "csv":
        return _file(writing.csv([header, *rows]), "text/csv; charset=utf-8", "utilisateurs.csv")
    content = writing.xlsx(header, rows, name="Utilisateurs", open_columns=services.open_columns(request.actor))
    return _file(content, WORKBOOK, "utilisateurs.xlsx")


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def rights_wrong_rows(request: PageRequest) -> HttpResponse:
    """The rows that could not be read, each with what is wrong, as a file to mend."""
    form = ApplyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _start(request)
    try:
        header, *rows = signing.loads(form.cleaned_data["rows"], salt=f"{_salt(request)}|wrong", max_age=GOOD_FOR)
    except signing.BadSignature:
        messages.warning(request, TOO_OLD)
        return _start(request)
    return _file(writing.xlsx([*header, services.FAULT], rows, name="À corriger"), WORKBOOK, "a-corriger.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
