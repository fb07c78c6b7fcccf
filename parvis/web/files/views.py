"""« Consulter dossier »: ask for a file, read it for a while, and see who looked at what."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.clock import PARIS
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.sheets import writing
from parvis.tenancies.selectors.files import (
    LookLine,
    look_of,
    looks_page,
    looks_to_export,
    offices_to_ask,
    sees_all_looks,
)
from parvis.tenancies.services.files import look_up
from parvis.web.files.forms import HistoryAddress, LookForm
from parvis.web.files.words import AID_PILLS, AID_SENTENCES, AID_STATES
from parvis.web.frame.page import account_pages, needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

COLUMNS = ("Jour", "Heure", "N° allocataire", "Caisse", "Motif", "Précision", "Résultat", "Par")


@page(needing(Right.CONSULT_FILES), writes=True)
def file_lookup(request: PageRequest) -> HttpResponse:
    """Ask for a claimant's file: the look is written first, then shown by its own page."""
    offices = offices_to_ask(request.actor)
    form = LookForm(offices, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            look = look_up(**form.cleaned_data, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if form.letters_read:
                messages.info(request, "Nous avons lu le chiffre 0 à la place de la lettre O.")
            return HttpResponseRedirect(reverse("file-look", args=[request.standing.account_reference, look.reference]))
    return render(request, "files/lookup/form.html", {"form": form, "offices": offices})


@page(needing(Right.CONSULT_FILES))
def file_look(request: PageRequest, look: UUID) -> HttpResponse:
    """What was found, for a quarter of an hour and for the person who asked."""
    context = {
        "look": look_of(request.actor, look, at=request.now),
        "states": AID_STATES,
        "pills": AID_PILLS,
        "sentences": AID_SENTENCES,
    }
    return render(request, "files/lookup/look.html", context)


@page(account_pages)
def file_looks(request: PageRequest) -> HttpResponse:
    """One's own looks; for who administers the organisation, those of everybody there."""
    asked = HistoryAddress.read(request.GET)
    shown = looks_page(request.actor, number=asked.number, after=asked.after, before=asked.before, at=request.now)
    context = {
        "lines": shown.lines,
        "asked": asked,
        "all": sees_all_looks(request.actor),
        "may_look": request.actor.may(Right.CONSULT_FILES),
        "previous": asked.query(avant=shown.previous) if shown.previous else None,
        "following": asked.query(apres=shown.following) if shown.following else None,
    }
    return render(request, "files/history/list.html", context)


@page(account_pages)
def file_looks_csv(request: PageRequest) -> HttpResponse:
    """The same as a file that no spreadsheet executes."""
    asked = HistoryAddress.read(request.GET)
    lines = looks_to_export(request.actor, number=asked.number, at=request.now)
    content = writing.csv([COLUMNS, *(_cells(line) for line in lines)])
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="consultations-de-dossiers.csv"'
    return answer


def _cells(line: LookLine) -> tuple[str, ...]:
    local = line.at.astimezone(PARIS)
    found = "Trouvé" if line.was_found else "Non trouvé"
    day, hour = f"{local:%d/%m/%Y}", f"{local:%H:%M}"
    return (day, hour, line.claimant_number, line.office_name, line.reason, line.note, found, line.by)
