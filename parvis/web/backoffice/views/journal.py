"""« Journal » : who did what, to what, when and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from parvis.agents.selectors.journal import MOST_EXPORTED, PAGE, Asked, everything, known_events, search
from parvis.agents.services.openings import record_export
from parvis.audit.extracts import Extract, sign
from parvis.audit.journal import sentence_of
from parvis.audit.selectors import last_check
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.web.backoffice.desk.noted import told
from parvis.web.backoffice.downloads import PersonalTable, personal_file
from parvis.web.backoffice.forms.settings import JournalForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render

KIND = "journal"
EARLIEST = 2000
LONGEST = timedelta(days=31)
"""A search that names nobody and nothing holds in a month."""
HEADER = ("N°", "Date", "Nature", "Qui", "Action", "Dossier", "Bailleur", "Détail")


@agent_page(Duty.READ_JOURNAL)
def journal(request: AgentRequest) -> HttpResponse:
    """A page of what a search finds, the newest first."""
    form, asked = _asked(request.actor, request.GET, at=request.now)
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
    _, asked = _asked(request.actor, request.GET, at=request.now)
    if asked is None or request.method != "POST":
        return HttpResponseRedirect(reverse("agent-journal"))
    return personal_file(table(request.actor, request.GET, at=request.now), by=request.actor, at=request.now)


def table(actor: Actor, asked_for: QueryDict, *, at: datetime) -> PersonalTable:
    """What the file of an address holds: a table with its signed last line; no entry beyond those a file may hold."""
    form, asked = _asked(actor, asked_for, at=at)
    if asked is None:
        raise NotFound
    days = [day_in_paris(asked.since), day_in_paris(asked.until - timedelta(days=1))]
    typed = {name: str(form.cleaned_data[name] or "") for name in ("event", "label", "subject")}
    seen: list[int] = []

    def note(file: IO[bytes], _: int) -> None:
        record_export(asked, _signed(file, seen, at=at), by=actor, at=at)

    return PersonalTable(
        kind=KIND,
        title=f"Journal du {day(days[0])} au {day(days[1])}{_narrowed(asked)}",
        query={"since": day(days[0]), "until": day(days[1]), **typed, "bailleur": str(asked.partner_id or "")},
        name=f"journal-{days[0]}",
        ending="csv",
        header=HEADER,
        rows=_lines(asked, seen),
        duty=Duty.READ_JOURNAL,
        offices=("",) if asked.offices is None else tuple(sorted(asked.offices)),
        note=note,
    )


def _narrowed(asked: Asked) -> str:
    """What narrows a search, in words."""
    said = [sentence_of(asked.event) if asked.event else "", asked.label, asked.subject]
    said.append("un bailleur" if asked.partner_id else "")
    words = ", ".join(part for part in said if part)
    return f"\u00a0: {words}"[:110] if words else ""


def _signed(file: IO[bytes], seen: list[int], *, at: datetime) -> Extract:
    count = min(len(seen), MOST_EXPORTED)
    first, last = (seen[count - 1], seen[0]) if seen else (0, 0)
    return sign(file, count=count, first=first, last=last, complete=len(seen) == count, at=at)


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


def _asked(actor: Actor, asked_for: QueryDict, *, at: datetime) -> tuple[JournalForm, Asked | None]:
    """The search of the address, or none when it cannot be made. Today when nothing is said."""
    today = day_in_paris(at)
    form = JournalForm(asked_for or {"since": day(today), "until": day(today)}, events=known_events())
    if not form.is_valid():
        return form, None
    typed = form.cleaned_data
    until = typed["until"] or today
    since = typed["since"] or until
    narrow = typed["label"] or typed["subject"] or _landlord(asked_for)
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
        partner_id=_landlord(asked_for),
        offices=actor.offices_of(Duty.READ_JOURNAL),
    )


def _begins(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=PARIS)


def _landlord(asked_for: QueryDict) -> UUID | None:
    try:
        return UUID(asked_for.get("bailleur", ""))
    except ValueError:
        return None
