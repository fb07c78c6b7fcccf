"""« Fichiers à deux agents » : a file of more lines than an agent takes alone in a day is asked for, agreed to by another, then taken."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.agents.selectors import exports as selectors
from parvis.agents.services import exports as services
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.kit.text import plural
from parvis.parameters.catalogue import EXPORT_ALONE
from parvis.parameters.selectors import value
from parvis.web.backoffice.downloads import PersonalTable
from parvis.web.backoffice.forms.running import ExportForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views import journal
from parvis.web.backoffice.views.campaign import owing, suspended
from parvis.web.frame.render import render, table_sent

TABLES: dict[str, tuple[Duty, Callable[..., PersonalTable]]] = {
    owing.KIND: (Duty.SEE_CAMPAIGN, owing.table),
    suspended.KIND: (Duty.SEE_CAMPAIGN, suspended.table),
    journal.KIND: (Duty.READ_JOURNAL, journal.table),
}
"""Every table that names people by the hundred, and whose it is: a new one joins them."""
_READ = 1 << 20
OTHER_OFFICES = "Vos caisses ont changé depuis l’accord\u00a0: demandez ce fichier de nouveau."


@agent_page()
def exports(request: AgentRequest) -> HttpResponse:
    """Those one may agree to, and one's own."""
    context = {
        "waiting": selectors.awaiting_agreement(request.actor, at=request.now),
        "own": selectors.own_exports(request.actor),
        "now": request.now,
        "alone": _alone(request.actor, at=request.now),
    }
    return render(request, "backoffice/running/exports.html", context)


@agent_page(writes=True)
def ask(request: AgentRequest) -> HttpResponse:
    """What is asked for, how long it is, and why: what the second agent will read."""
    table = _table(request.actor, request.GET.get("liste", ""), request.GET, request.now)
    count = sum(1 for _ in table.rows)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = services.Wanted(table.kind, table.title, table.words, count, table.duty, table.offices)
        services.ask(wanted, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)
        messages.success(request, "C’est fait. Un autre agent doit maintenant l’accorder.")
        return HttpResponseRedirect(reverse("agent-exports"))
    alone = _alone(request.actor, at=request.now)
    context = {"form": form, "title": table.title, "count": count, "alone": alone}
    return render(request, "backoffice/running/export_ask.html", context)


@agent_page(writes=True)
def decide(request: AgentRequest, export: UUID) -> HttpResponse:
    """Agree to what another agent asks, or take it back."""
    if request.method == "POST":
        by, at = request.actor, request.now
        try:
            if "agree" in request.POST:
                found = services.agree(export, by=by, at=at)
                done = f"C’est fait. {found.asked_by} peut maintenant prendre le fichier."
            else:
                services.withdraw(export, by=by, at=at)
                done = "C’est fait. La demande est retirée."
            messages.success(request, done)
        except (NotFound, DutyMissing):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
    return HttpResponseRedirect(reverse("agent-exports"))


@agent_page(writes=True)
def file(request: AgentRequest, export: UUID) -> HttpResponseBase:
    """The file, to who asked for it, within the hours it was agreed for: written now, noted, then sent."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("agent-exports"))
    found = selectors.agreed_of(request.actor, export, at=request.now)
    table = _table(request.actor, found.kind, QueryDict(found.query), request.now)
    if not set(table.offices) <= set(found.offices):
        messages.warning(request, OTHER_OFFICES)
        return HttpResponseRedirect(reverse("agent-exports"))
    file, count = table.written()
    try:
        with transaction.atomic():
            table.note(file, count)
            digest = _digest(file)
            services.take(export, rows=count, sha256=digest, by=request.actor, at=request.now)
    except BaseException as error:
        file.close()
        if not isinstance(error, Refusal) or isinstance(error, NotFound | DutyMissing):
            raise
        messages.warning(request, error.sentence)
        return HttpResponseRedirect(reverse("agent-exports"))
    return table_sent(file, table.name, table.ending)


def _alone(actor: Actor, *, at: datetime) -> str:
    """What an agent takes in a day without another, and has taken today, in a sentence or two."""
    most, taken = value(EXPORT_ALONE), selectors.taken_alone(actor, at=at)
    if not most:
        return "Aucun fichier qui nomme des personnes ne se prend seul."
    whole = (
        f"Un agent prend seul {plural(most, 'ligne', 'lignes')} par jour au plus, tous fichiers de personnes ensemble."
    )
    said = (
        f"Vous en avez pris {plural(taken, 'ligne', 'lignes')} aujourd’hui."
        if taken
        else "Vous n’en avez pris aucune aujourd’hui."
    )
    return f"{whole} {said}"


def _table(actor: Actor, kind: str, asked: QueryDict, at: datetime) -> PersonalTable:
    if kind not in TABLES:
        raise NotFound
    duty, table = TABLES[kind]
    check_holds(actor, duty)
    return table(actor, asked, at=at)


def _digest(file: IO[bytes]) -> str:
    """The fingerprint of a whole file, which is read from its beginning again afterwards."""
    made = hashlib.sha256()
    while part := file.read(_READ):
        made.update(part)
    file.seek(0)
    return made.hexdigest()
