"""« Voir comme le bailleur »: a landlord's pages read by an agent, and nothing written (security.md §2.11).

What is open is a list: the home and the pages of the « Espace bailleur ». Each page is noted with both identities, then made in a
transaction that PostgreSQL itself refuses to write in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.agents.selectors.viewings import READING, Over, Viewed, viewing_of
from parvis.agents.services import sessions, viewings
from parvis.web.frame import cookies
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, comes_from_inside, is_agents_host

if TYPE_CHECKING:
    from parvis.web.frame.page import Access

OPEN = ("welcome", "usage-rules")
"""Pages open besides those of the « Espace bailleur »."""
KEEP_ALIVE_EVERY_SECONDS = 60
READ_ONLY = "25006"
"""PostgreSQL's own word for a write in a transaction that only reads."""


class Admission(NamedTuple):
    """Whether an agent asks to read; the page to answer instead, if they may not."""

    is_for_an_agent: bool
    refused: HttpResponse | None = None


def of(request: HttpRequest) -> Viewed | None:
    """What is viewed by this request, if it is an agent's."""
    return getattr(request, "viewed", None)


def landlords_cookie(request: HttpRequest) -> str:
    """The session of a landlord; none where only agents come in."""
    return "" if settings.AGENT_HOST and is_agents_host(request) else cookies.session_cookie(request)


def admit(request: PageRequest, access: Access, reference: str) -> Admission:
    """Let an agent who views this account read it. To all others it does not exist, as before."""
    cookie = request.COOKIES.get(cookies.AGENT, "")
    if not cookie or (settings.AGENT_NETWORKS and not comes_from_inside(request)):
        return Admission(False)
    found = viewing_of(cookie, reference, at=request.now)
    if found is None:
        return Admission(False)
    if isinstance(found, Over):
        messages.info(request, "La lecture est terminée. Vous pouvez l’ouvrir à nouveau depuis le dossier.")
        return Admission(True, HttpResponseRedirect(reverse("file", args=[found.partner_id])))
    if (request.now - found.session_seen_at).total_seconds() > KEEP_ALIVE_EVERY_SECONDS:
        sessions.keep_alive(found.session_id, created_at=found.session_created_at, at=request.now)
    request.viewed, request.standing, request.actor, request.visit = found, found.standing, found.actor, None
    return Admission(True, _refused(request, access))


def _refused(request: PageRequest, access: Access) -> HttpResponse | None:
    """403 for what would write, and for what is not shown to agents."""
    match = request.resolver_match
    name = match.view_name if match else ""
    inside = request.path.startswith(f"/c/{request.standing.account_reference}/bailleur/") or name in OPEN
    shown = access.right is None or (access.right in READING and request.actor.may(access.right))
    if request.method in ("GET", "HEAD") and inside and shown and not access.step:
        return None
    return _closed(request)


def _closed(request: PageRequest) -> HttpResponse:
    return render(request, "frame/viewing_closed.html", status=403)


def read(request: PageRequest, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Note the page, make it where nothing can be written; a page that writes as it is read is not shown."""
    match, standing = request.resolver_match, request.standing
    viewings.note_page(
        match.view_name if match else "",
        by=request.actor,
        account_reference=standing.account_reference,
        login_id=standing.login_id,
        at=request.now,
    )
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            answer = make()
            # Nothing was written; and where this is a part of a longer transaction, that one goes on writing.
            transaction.set_rollback(True)
        return answer
    except InternalError as error:
        if getattr(error.__cause__, "sqlstate", "") != READ_ONLY:
            raise
        return _closed(request)
