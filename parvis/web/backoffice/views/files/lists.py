"""The long lists of a file, page by page, each by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from parvis.audit.happened import read_place
from parvis.audit.selectors import journal_of_partner
from parvis.changes.selectors.requests import changes_of
from parvis.correspondence.selectors import message_of_partner, messages_of_partner
from parvis.declarations.selectors import campaign_card
from parvis.declarations.selectors.history import HistoryFilters, history
from parvis.declarations.selectors.tenant_list import TenantFilters, tenant_page
from parvis.identity.rules import masked
from parvis.landlords.selectors.for_agents.accounts import accounts_in
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.tenancies.rules import read_search
from parvis.web.backoffice.files.july import july_of
from parvis.web.backoffice.files.opened import file_page, names_seen_by, reader_of, seen_by
from parvis.web.backoffice.files.states import told
from parvis.web.backoffice.files.timeline import Shown, kinds_of, timeline
from parvis.web.backoffice.files.whole import shown_accounts
from parvis.web.backoffice.forms.files import TenantForm
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.render import render

PAGE = 25
MOST_PEOPLE = 50
"""Of more accounts, what the portal did to the oldest ones is told; what people did themselves is told of all."""
_LONGEST_EDGE = 80
_Line = TypeVar("_Line")


@file_page()
def accounts(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """Every account of the landlord."""
    cards = accounts_in(file.partner_id, after=_edge(request), limit=PAGE + 1, at=request.now)
    shown = _page(cards)
    after = shown[-1].reference if len(cards) > PAGE else ""
    context = {"file": file, "accounts": shown_accounts(request, file, shown), **_ends(request, file, after)}
    return render(request, "backoffice/files/accounts.html", context)


@file_page(writes=True)
def tenancies(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """The tenants in place; a search comes by POST, so that no tenant's name stands in an address."""
    reader = reader_of(request.actor, file)
    form = TenantForm(request.POST if request.method == "POST" else None)
    search = read_search(form.cleaned_data["asked"]) if form.is_valid() else None
    card = campaign_card(reader, at=request.now)
    page = tenant_page(
        reader,
        filters=TenantFilters(search=search, former=request.GET.get("anciens") == "1"),
        year=card.year if card else None,
        after=_uuid(_edge(request)) if search is None else None,
    )
    after = str(page.next) if page.next and search is None else ""
    context = {
        "file": file,
        "form": form,
        "rows": page.rows,
        "campaign": card,
        **july_of(request, file, card, page.rows),
    }
    return render(request, "backoffice/files/tenancies.html", {**context, **_ends(request, file, after)})


@file_page()
def declarations(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """What the landlord declared, newest first."""
    lines = history(reader_of(request.actor, file), HistoryFilters(), after=_uuid(_edge(request)), limit=PAGE + 1)
    shown = _page(lines)
    after = str(shown[-1].opaque) if len(lines) > PAGE else ""
    context = {"file": file, "declarations": [told(line) for line in shown], **_ends(request, file, after)}
    return render(request, "backoffice/files/declarations.html", context)


@file_page()
def changes(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """What the landlord asked to change; of a bank account, its last four signs."""
    page = changes_of(reader_of(request.actor, file), after=_edge(request))
    context = {"file": file, "changes": page.lines, **_ends(request, file, page.next or "")}
    return render(request, "backoffice/files/changes.html", context)


@file_page()
def messages(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """What the portal wrote to the landlord's people."""
    offices = names_seen_by(request.actor, file)
    found = messages_of_partner(file.partner_id, offices, before=_moment_edge(request), limit=PAGE + 1)
    shown = _page(found)
    after = f"{shown[-1].created_at.isoformat()}|{shown[-1].pk}" if len(found) > PAGE else ""
    context = {"file": file, "messages": shown, "masked": masked, **_ends(request, file, after)}
    return render(request, "backoffice/files/messages.html", context)


@file_page()
def message(request: AgentRequest, file: LandlordFile, message: str) -> HttpResponse:
    """One message with its words: its secrets stay masked, they were in what was sent and nowhere else."""
    offices = names_seen_by(request.actor, file)
    found, body = message_of_partner(file.partner_id, offices, message.replace("\0", "")[:16])
    context = {"file": file, "message": found, "body": body, "masked": masked}
    return render(request, "backoffice/files/message.html", context)


@file_page()
def passed(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """Everything that happened, of every kind or of one, newest first."""
    wanted = request.GET.get("voir", "")
    shown = Shown(wanted) if wanted in set(Shown) else Shown.ALL
    people = accounts_in(file.partner_id, limit=MOST_PEOPLE, at=request.now)
    page = timeline(request, file, people, shown=shown, before=read_place(_edge(request)), limit=PAGE)
    context = {"file": file, "lines_shown": page.lines, "kinds": kinds_of(file, shown), "shown": shown}
    after = page.next.word if page.next else ""
    return render(request, "backoffice/files/passed.html", {**context, **_ends(request, file, after)})


@file_page()
def journal(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """Who did what for this landlord, and who looked."""
    people = accounts_in(file.partner_id, limit=MOST_PEOPLE, at=request.now)
    subjects = [card.login_id for card in people]
    offices, before = seen_by(request.actor, file), _moment_edge(request)
    lines = journal_of_partner(file.partner_id, subjects, offices=offices, before=before, limit=PAGE + 1)
    shown = _page(lines)
    after = f"{shown[-1].at.isoformat()}|{shown[-1].pk}" if len(lines) > PAGE else ""
    return render(
        request, "backoffice/files/journal.html", {"file": file, "journal": shown, **_ends(request, file, after)}
    )


def _page(found: Sequence[_Line]) -> list[_Line]:
    return list(found[:PAGE])


def _edge(request: AgentRequest) -> str:
    return request.GET.get("apres", "")[:_LONGEST_EDGE].replace("\0", "")


def _ends(request: AgentRequest, file: LandlordFile, after: str) -> dict[str, Any]:
    """The addresses of the first and of the next page, where there are any."""
    kept = {"anciens": "1"} if request.GET.get("anciens") == "1" else {}
    kept |= {"voir": request.GET["voir"]} if request.GET.get("voir") in set(Shown) - {Shown.ALL} else {}
    match = request.resolver_match
    here = reverse(match.view_name if match else "file", args=[file.partner_id])
    first = f"{here}?{urlencode(kept)}" if kept else here
    following = f"{here}?{urlencode({**kept, 'apres': after})}" if after else None
    return {"first": first if _edge(request) else None, "following": following}


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _moment_edge(request: AgentRequest) -> tuple[datetime, int] | None:
    moment, _, key = _edge(request).partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(key)) if at.tzinfo and key.isascii() and key.isdecimal() and len(key) < 19 else None
