"""Pages inside a landlord's file: the duty at one of its offices, and a reason given today (security.md §2.11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.agents.selectors.openings import opening_of
from parvis.agents.services.openings import record_look, record_page
from parvis.kit.actors import Actor, Duty, Right
from parvis.kit.refusals import DutyMissing
from parvis.landlords.selectors import names_of
from parvis.landlords.selectors.for_agents.files import LandlordFile, file_of
from parvis.web.backoffice.gate import AgentRequest, View, agent_page

_READS = frozenset({Right.CONSULT, Right.BANK_DETAILS})


def file_page(duty: Duty = Duty.OPEN_FILES, *, writes: bool = False) -> Callable[[View], View]:
    """Declare a page of a file: the view is given the file instead of ``partner``.

    Without a reason given today the agent is asked for one; a landlord of other offices does not exist; one seen by an office
    where the agent does not hold ``duty`` is refused. Each page that is shown leaves one line in the journal (security.md T62), here
    and not in the view: a new page cannot forget it. A paper leaves its own line instead (``request.paper_read``).
    """

    def declare(view: View) -> View:
        @agent_page(duty, writes=writes)
        @wraps(view)
        def opened(request: AgentRequest, partner: UUID, **kwargs: Any) -> HttpResponseBase:
            file = file_of(request.actor, partner)
            if not request.actor.holds(duty, file.offices):
                raise DutyMissing(duty.label)
            if opening_of(request.agent.agent_id, partner, at=request.now) is None:
                return HttpResponseRedirect(reverse("file-reason", args=[partner]))
            request.paper_read = None
            answer = view(request, file, **kwargs)
            if answer.status_code == HTTPStatus.OK:
                _note(request, partner, kwargs)
            return answer

        opened.of_a_file = True  # type: ignore[attr-defined]
        return opened

    return declare


def _note(request: AgentRequest, partner: UUID, names: dict[str, Any]) -> None:
    """What is shown is in the journal before it leaves; a redirect shows nothing."""
    if request.paper_read is not None:
        subject, name = request.paper_read
        record_look(partner, subject, paper=name, by=request.actor, at=request.now)
        return
    match = request.resolver_match
    page = match.url_name or "" if match else ""
    record_page(partner, page, *(str(name) for name in names.values()), by=request.actor, at=request.now)


def reader_of(actor: Actor, file: LandlordFile) -> Actor:
    """The agent as one who reads this landlord's things, in the offices they share; for selectors, never for services."""
    offices = seen_by(actor, file) or frozenset[str]()
    return replace(actor, partner_id=file.partner_id, offices=offices, rights=_READS)


def seen_by(actor: Actor, file: LandlordFile) -> frozenset[str] | None:
    """The codes of the offices that narrow what this agent reads in the file; None for an agent of all of them."""
    return None if actor.offices_of(Duty.OPEN_FILES) is None else file.offices


def names_seen_by(actor: Actor, file: LandlordFile) -> frozenset[str] | None:
    """The same offices by their names, now and before, as messages tell them."""
    codes = seen_by(actor, file)
    return None if codes is None else names_of(codes)
