"""Opening a landlord's file: a reason first, once per file and day, and a trace the landlord can read (security.md §2.11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from parvis.agents import events
from parvis.agents.models import Agent, AlertKind, Opening
from parvis.agents.reasons import read_reason
from parvis.agents.rules import place_of
from parvis.agents.selectors.journal import Asked
from parvis.agents.services import alerts
from parvis.audit.extracts import Extract
from parvis.audit.journal import record
from parvis.identity.models import Account
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.encryption import CannotOpen, open_
from parvis.kit.text import fold
from parvis.landlords.models import Landlord, ThirdPartyNumber
from parvis.landlords.selectors.for_agents.files import file_of
from parvis.parameters.catalogue import AGENT_FILES_AN_HOUR
from parvis.parameters.selectors import value

log = structlog.get_logger(__name__)
LONGEST_SUBJECT = 80
SUBJECT = "dossier"
"""What the landlord reads of whom or what it was about: never an agent's name."""


@transaction.atomic
def open_file(agent_id: int, partner_id: UUID, *, reason: str, note: str, by: Actor, at: datetime) -> None:
    """Note why this agent opens this file today. A second click adds nothing.

    A file of another office does not exist. The controller is told of too many files in an hour, of a namesake, and of
    somebody at the agent's own address.
    """
    file_of(by, partner_id)
    read, words = read_reason(reason, note)
    _, made = Opening.objects.get_or_create(
        agent_id=agent_id,
        partner_id=partner_id,
        on=day_in_paris(at),
        defaults={"reason": read, "note": words, "at": at},
    )
    if made:
        about = replace(by, partner_id=partner_id)
        told = read.label.lower()
        record(events.FILE_OPENED, subject=SUBJECT, by=about, at=at, told_reason=told, note=words)
        _watch(agent_id, partner_id, by=by, at=at)


def _watch(agent_id: int, partner_id: UUID, *, by: Actor, at: datetime) -> None:
    """Alert the controller; the landlord reads nothing of it, for the alert may prove empty."""
    most = value(AGENT_FILES_AN_HOUR)
    count = Opening.objects.filter(agent_id=agent_id, at__gt=at - timedelta(hours=1)).count()
    if count > most:
        record(events.MANY_FILES, subject=by.label, by=by, at=at, files=count, limit=most)
        log.warning("agent_opens_many_files", agent=agent_id, files=count)
        alerts.ring(agent_id, AlertKind.MANY_FILES, at=at)
    agent = Agent.objects.get(pk=agent_id)
    if fold(agent.last_name) in _names(partner_id):
        record(events.NAMESAKE, subject=by.label, by=by, at=at, partner=str(partner_id))
        log.warning("agent_opens_a_namesake", agent=agent_id)
        alerts.ring(agent_id, AlertKind.NAMESAKE, partner_id=partner_id, at=at)

    if _lives_there(agent, partner_id):
        record(events.SAME_ADDRESS, subject=by.label, by=by, at=at, partner=str(partner_id))
        log.warning("agent_opens_a_file_at_their_address", agent=agent_id)
        alerts.ring(agent_id, AlertKind.SAME_ADDRESS, partner_id=partner_id, at=at)


def _lives_there(agent: Agent, partner_id: UUID) -> bool:
    """Whether the landlord is written to where the agent lives, or at the agent's own mailbox."""
    numbers = ThirdPartyNumber.objects.filter(landlord_id=partner_id)
    if numbers.filter(email__iexact=agent.email).exists():
        return True
    if Account.objects.filter(partner_id=partner_id, credential__email__iexact=agent.email).exists():
        return True
    if agent.home is None:
        return False
    try:
        home = open_(bytes(agent.home), agent.home_column)
    except CannotOpen:
        # A key that is gone, or a value somebody copied there: whoever is on the phone is served all the same.
        log.exception("agent_home_does_not_open", agent=agent.pk)
        return False
    lines = numbers.values_list("postcode", "address_1", "address_2", "address_3")
    return any(home == place_of(line, postcode) for postcode, *parts in lines for line in parts)


def _names(partner_id: UUID) -> set[str]:
    """The last names of a landlord and of those who act for it."""
    people = Account.objects.filter(partner_id=partner_id).exclude(last_name="").values_list("last_name", flat=True)
    landlord = Landlord.objects.filter(pk=partner_id).exclude(last_name="").values_list("last_name", flat=True)
    return {fold(name) for name in (*people, *landlord)}


@transaction.atomic
def record_look(partner_id: UUID, subject: str, *, paper: str = "", by: Actor, at: datetime) -> None:
    """Note that an agent looked at what waits for a decision, or opened a paper joined to it: the queue is the reason."""
    event, told = (events.PAPER_OPENED, {"name": paper}) if paper else (events.LOOKED, {})
    record(event, subject=subject, by=replace(by, partner_id=partner_id), at=at, **told)


@transaction.atomic
def record_page(partner_id: UUID, page: str, *names: str, by: Actor, at: datetime) -> None:
    """Note that an agent read a page of a file: which one, and the references in its address. The landlord reads of the opening."""
    subject = " ".join(names)[:LONGEST_SUBJECT] or SUBJECT
    record(events.FILE_READ, subject=subject, by=replace(by, partner_id=partner_id), at=at, page=page)


@transaction.atomic
def record_list(subject: str, count: int, *, by: Actor, at: datetime) -> None:
    """Note that an agent read a page of a list that names landlords, and how many; an empty one names nobody."""
    if count:
        record(events.LISTED, subject=subject, by=by, at=at, count=count)


@transaction.atomic
def record_export(asked: Asked, made: Extract, *, by: Actor, at: datetime) -> None:
    """Note that a part of the journal left as a file, which one, and what proves it."""
    check_holds(by, Duty.READ_JOURNAL)
    narrow = {
        "event": asked.event,
        "label": asked.label,
        "subject": asked.subject,
        "partner": str(asked.partner_id or ""),
    }
    record(
        events.JOURNAL_EXPORTED,
        subject=by.label,
        by=by,
        at=at,
        since=asked.since.isoformat(),
        until=asked.until.isoformat(),
        count=made.count,
        first=made.first,
        last=made.last,
        sha256=made.sha256,
        search={name: value for name, value in narrow.items() if value},
    )
