"""Campaigns and what is declared in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from parvis.declarations.models import CampaignCount, CampaignEntry, EntryState, Receipt
from parvis.declarations.parameters import Norms, Thresholds, norms_from, shipped
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.selectors.bundles.unfinished import Unfinished, asked_again, begun
from parvis.declarations.services import campaigns, july, submission
from parvis.kit.actors import Actor, system
from parvis.parameters import catalogue
from parvis.tenancies.models import Tenancy
from tests.factories.landlords import Owner

CLOCK = system("clock")
OPENING = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)
YEAR = 2026


def norms(year: int = YEAR) -> Norms:
    """What July rents are compared with while nobody changed a threshold or typed a quarter."""
    names = (
        "RENT_LOWEST",
        "RENT_HIGHEST",
        "RENT_INCREASE",
        "RENT_DECREASE",
        "RENT_ABOVE_INDEX",
        "RENT_LOW",
        "RENT_HIGH",
    )
    return norms_from(year, Thresholds(*(getattr(catalogue, name).default for name in names)), shipped())


def campaign(year: int = YEAR, *, at: datetime = NOW) -> None:
    """The campaign of a year, opened, with the tenancies that are there."""
    campaigns.open_campaign(
        year,
        opens_on=date(year, 7, 1),
        deadline_on=date(year, 9, 30),
        suspension_on=date(year + 1, 1, 15),
        by=CLOCK,
        at=OPENING,
    )
    campaigns.refresh_entries(by=CLOCK, at=at)


def typed(
    owner: Owner, tenancy: Tenancy, text: str, *, previous: str | None = None, at: datetime = NOW
) -> july.RowOutcome:
    """What a landlord types on one line."""
    return july.save_rent(owner.actor, tenancy.reference, year=YEAR, typed=text, previous_typed=previous, at=at)


def sent(owner: Owner, *, at: datetime = NOW) -> list[Receipt]:
    """Everything that is ready, sent."""
    shown = ready_to_submit(owner.actor, YEAR)
    return submission.submit_ready(owner.actor, YEAR, submission_key=uuid4(), expected=shown.fingerprint, at=at)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is typed on one line and not sent, with the words of a declaration."""

    tenancy: Tenancy
    account_id: int
    typed: str
    cents: int | None
    warnings: list[str]
    confirmed: list[str]
    reason: str
    channel: str
    saved_at: datetime


def drafts_of(**which: Any) -> list[Draft]:
    """The drafts there are, of these entries or of all, in the order of names."""
    found = CampaignEntry.objects.filter(draft_saved_at__isnull=False, **which).select_related("tenancy")
    return [
        Draft(
            entry.tenancy,
            entry.draft_account_id or 0,
            entry.draft_typed or "",
            entry.draft_cents,
            entry.draft_warnings or [],
            entry.draft_confirmed or [],
            entry.draft_reason or "",
            entry.draft_channel or "",
            entry.draft_saved_at or NOW,
        )
        for entry in found.order_by("sort_name", "tenancy")
    ]


def draft_of(**which: Any) -> Draft:
    """The one draft there is, of these entries or of all."""
    (draft,) = drafts_of(**which)
    return draft


def state_of(tenancy: Tenancy, year: int = YEAR) -> str:
    """Where a tenancy stands in its campaign."""
    return CampaignEntry.objects.get(tenancy=tenancy, year=year).state


def waiting_for(actor: Actor, today: date) -> list[Unfinished]:
    """What was declared and waits for a word, then what was begun and not sent."""
    return asked_again(actor, today=today, limit=9) + begun(actor, limit=9)


def counts_are_true() -> bool:
    """Whether every count is what counting would give."""
    states = [state.value for state in EntryState if state is not EntryState.OUT]
    for kept in CampaignCount.objects.all():
        entries = CampaignEntry.objects.filter(landlord_id=kept.landlord_id, year=kept.year)
        if any(getattr(kept, state) != entries.filter(state=state).count() for state in states):
            return False
    counted = set(CampaignCount.objects.values_list("landlord_id", "year"))
    return counted >= set(CampaignEntry.objects.exclude(state=EntryState.OUT).values_list("landlord_id", "year"))


def stage_outcomes(*lines: tuple[str, str, str, datetime], answer_by: date | None = None) -> str:
    """An outcomes file as the exchange stages it: (reference, status, reason, decided at); of papers awaited, until when."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_outcomes")
        cursor.execute(
            "CREATE TEMP TABLE staged_outcomes (line int, declaration_ref text, status text, reason_code text,"
            " decided_at timestamptz, answer_by date) ON COMMIT DROP"
        )
        for number, line in enumerate(lines, start=2):
            cursor.execute("INSERT INTO staged_outcomes VALUES (%s, %s, %s, %s, %s, %s)", [number, *line, answer_by])
    return "staged_outcomes"
