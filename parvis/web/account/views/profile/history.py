"""What happened with one's account: who saw and did what, and what the portal wrote."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from parvis.audit.selectors import PAGE, Line, journal_of
from parvis.correspondence.selectors import message_of_account, messages_of_account
from parvis.kit.clock import PARIS
from parvis.sheets import writing
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

MOST_EXPORTED = 5_000
COLUMNS = ("Date", "Heure", "Ce qui s’est passé", "Par", "À propos de")


@page(account_pages)
def journal(request: PageRequest) -> HttpResponse:
    """« Mes consultations » : every act on the account, newest first."""
    before = request.GET.get("avant", "")
    lines = journal_of(request.actor, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    address = reverse("profile-journal", args=[request.standing.account_reference])
    following = f"{address}?{urlencode({'avant': lines[-1].pk})}" if len(lines) == PAGE else None
    context = {"lines": lines, "following": following, "first": address if before else None}
    return render(request, "account/profile/journal.html", context)


@page(account_pages)
def journal_csv(request: PageRequest) -> HttpResponse:
    """The same as a file that no spreadsheet executes."""
    lines = journal_of(request.actor, limit=MOST_EXPORTED)
    content = writing.csv([COLUMNS, *(_cells(line) for line in lines)])
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="mes-consultations.csv"'
    return answer


def _cells(line: Line) -> tuple[str, ...]:
    local = line.at.astimezone(PARIS)
    return (f"{local:%d/%m/%Y}", f"{local:%H:%M}", line.sentence, line.by, line.subject)


@page(account_pages)
def written(request: PageRequest) -> HttpResponse:
    """« Ce que le portail m’a écrit » : mails and letters, newest first."""
    found = messages_of_account(request.actor, before=_edge(request.GET.get("avant", "")))
    address = reverse("profile-messages", args=[request.standing.account_reference])
    following = None
    if len(found) == PAGE:
        last = found[-1]
        following = f"{address}?{urlencode({'avant': f'{last.created_at.isoformat()}|{last.reference}'})}"
    context = {"found": found, "following": following, "first": address if request.GET.get("avant") else None}
    return render(request, "account/profile/messages.html", context)


def _edge(typed: str) -> tuple[datetime, str] | None:
    moment, _, reference = typed[:80].partition("|")
    try:
        return datetime.fromisoformat(moment), reference.replace("\0", "")
    except ValueError:
        return None


@page(account_pages)
def message(request: PageRequest, message: str) -> HttpResponse:
    """One message, its secrets masked: they were in what was sent, and nowhere else."""
    found, body = message_of_account(request.actor, message.replace("\0", ""))
    return render(request, "account/profile/message.html", {"message": found, "body": body})
