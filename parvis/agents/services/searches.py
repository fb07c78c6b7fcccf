"""A search is a look too: the journal says who searched, by what, and how many landlords were shown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.agents import events
from parvis.agents.services.alerts import watch_searches
from parvis.audit.journal import record
from parvis.kit.actors import Actor
from parvis.landlords.selectors.for_agents.finding import Results


@transaction.atomic
def note_search(results: Results, *, by: Actor, at: datetime) -> None:
    """Never what was typed: it may be a NIR or a mailbox."""
    hows = sorted({found.how.name.lower() for found in results.found})
    record(events.SEARCHED, subject=by.label, by=by, at=at, found=len(results.found), by_what=hows)
    watch_searches(by=by, at=at)


@transaction.atomic
def note_numbered(found: int, *, by: Actor, at: datetime) -> None:
    """A claimant looked for by number, to register a paper; never the number."""
    record(events.SEARCHED, subject=by.label, by=by, at=at, found=found, by_what=["claimant"])
    watch_searches(by=by, at=at)
