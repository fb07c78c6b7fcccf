"""« Journal » : who did what, to what, when and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from parvis.agents.selectors.journal import MOST_EXPORTED, PAGE, Asked, everything, known_events, search
from parvis.agents.services.openings import record_export
from parvis.audit.extracts import Extract, sign
from parvis.audit.selectors import last_check
from parvis.kit.actors import Duty
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.periods import day
from parvis.sheets import writing
from parvis.web.backoffice.desk.noted import told
from parvis.web.backoffice.forms.settings import JournalForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render

EARLIEST = 2000
LONGEST = timedelta(days=31)
"""A search that names nobody and nothing holds in a month."""
HEADER = ("N°", "Date", "Nature", "Qui", "Action", "Dossier", "Bailleur", "Détail")


@agent_page(Duty.READ_JOURNAL)
def journal(request: AgentRequest) -> HttpResponse:
    """A page of what a search finds, the newest first."""
    form, asked = _asked(request)
    typed = request.GET.get("avant", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else None
    found = search(asked, before=before, limit=PAGE + 1) if asked else []
    kept: dict[str, str] = {name: str(value) for name, value in request.GET.items() if name != "avant" and value}
    following = urlencode({**kept, "avant": str(found[PAGE - 1].pk)}) if len(found) > PAGE else ""
    context = {
        "form": form,
        "found": [(line, told(line.details)) for line in found[:PAGE]],
        "check": last_check(),
        "following": following,
        "first": urlencode(kept) if before else "",
        "export": urlencode(kept),
        "asked": asked,
    }
    return render(request, "backoffice/journal/journal.html", context)


@agent_page(Duty.READ_JOURNAL, writes=True)
def export(request: AgentRequest) -> HttpResponseBase:
    """What a search finds, as a table to download; that it left is in the journal too."""
    _, asked = _asked(request)
    if asked is None or request.method != "POST":
        return HttpResponseRedirect(reverse("agent-journal"))
    file, made = _extract(asked, at=request.now)
    record_export(asked, made, by=request.actor, at=request.now)
    name = f"journal-{day_in_paris(asked.since)}.csv"
    return FileResponse(file, as_attachment=True, filename=name, content_type=writing.TYPES["csv"])


def _extract(asked: Asked, *, at: datetime) -> tuple[IO[bytes], Extract]:
    """The table with its signed last line; no entry beyond those a file may hold."""
    seen: list[int] = []
    file = writing.kept_file("csv", HEADER, _lines(asked, seen))
    count = min(len(seen), MOST_EXPORTED)
    first, last = (seen[count - 1], seen[0]) if seen else (0, 0)
    return file, sign(file, count=count, first=first, last=last, complete=len(seen) == count, at=at)


def _lines(asked: Asked, seen: list[int]) -> Iterator[list[Any]]:
    """Each entry as it is kept, details as their code: what is signed is what was noted. ``seen`` is told of one more, if there is."""
    for found in everything(asked, most=MOST_EXPORTED + 1):
        seen.append(found.pk)
        if len(seen) > MOST_EXPORTED:
            return
        at = found.at.astimezone(PARIS).strftime("%d/%m/%Y %H:%M:%S")
        details = json.dumps(found.details, ensure_ascii=False) if found.details else ""
        yield [
            found.pk,
            at,
            found.kind,
            found.label,
            found.sentence,
            found.subject,
            str(found.partner_id or ""),
            details,
        ]


def _asked(request: AgentRequest) -> tuple[JournalForm, Asked | None]:
    """The search of the address, or none when it cannot be made. Today when nothing is said."""
    today = day_in_paris(request.now)
    form = JournalForm(request.GET or {"since": day(today), "until": day(today)}, events=known_events())
    if not form.is_valid():
        return form, None
    typed = form.cleaned_data
    until = typed["until"] or today
    since = typed["since"] or until
    narrow = typed["label"] or typed["subject"] or _landlord(request)
    if max(since, until) > today + timedelta(days=1) or min(since, until).year < EARLIEST:
        form.add_error("until", "Choisissez des jours passés.")
        return form, None
    if since > until:
        form.add_error("since", "Le premier jour vient avant le dernier.")
        return form, None
    if until - since > LONGEST and not narrow:
        form.add_error("since", "Un mois au plus, ou dites qui ou quel dossier.")
        return form, None
    return form, Asked(
        since=_begins(since),
        until=_begins(until + timedelta(days=1)),
        event=typed["event"],
        label=typed["label"].strip(),
        subject=typed["subject"].strip(),
        partner_id=_landlord(request),
        offices=request.actor.offices_of(Duty.READ_JOURNAL),
    )


def _begins(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=PARIS)


def _landlord(request: AgentRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("bailleur", ""))
    except ValueError:
        return None
