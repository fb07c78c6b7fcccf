"""Typing the July rents: drafts that survive everything, and that nobody but their landlord sees.

Drafts are not told in the journal: they state nothing. Their sending is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.kinds.july_rent import PREVIOUS_UNKNOWN, Assessment, assess
from parvis.declarations.models import CampaignEntry, SubmissionChannel
from parvis.declarations.refusals import AlreadySubmitted, JulyBeforeChanged, RentChanged
from parvis.declarations.selectors.grid import GridRow, rows_named, untouched_rows
from parvis.declarations.services import counts, drafts
from parvis.declarations.services.one_rent import is_one_amount, keep_one
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.money import decimal
from parvis.kit.refusals import NotAllowed, NotFound

BLOCK = 2_000
LONGEST_TYPED = 60
NOT_SHOWN = -1
"""Of a page that did not say which July before it showed."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What was typed on one line; None is « not touched », an empty text « removed ».

    ``seen`` is the version of the line that the page showed: what somebody saved since is not overwritten.
    """

    tenancy: UUID
    typed: str | None = None
    previous_typed: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """A line after its saving. ``sentence`` says why it was not saved, or is empty.

    ``counts`` are those of the landlord that changed, by state; None where they have to be read again.
    """

    row: GridRow
    sentence: str = ""
    counts: dict[str, int] | None = None


def save_rent(
    actor: Actor,
    tenancy_reference: UUID,
    *,
    year: int,
    typed: str | None,
    previous_typed: str | None = None,
    seen: str | None = None,
    at: datetime,
) -> RowOutcome:
    """Keep what was typed on one line, right or wrong; an empty text removes the draft. Nothing leaves."""
    _check_may_declare(actor)
    writing = Writing(tenancy_reference, typed, previous_typed, seen)
    if typed and typed.strip():
        for row in rows_named(actor, year, [tenancy_reference]):
            kept = None if _refusal(row, writing) else _at_once(actor, _change(row, writing), at=at)
            if kept is not None:
                return kept
    outcomes = save_rents(actor, year, [writing], at=at)
    if not outcomes:
        raise NotFound
    return outcomes[0]


def is_own_draft(actor: Actor, tenancy_reference: UUID, *, year: int) -> bool:
    """Whether what is kept of a line was saved by this very account: a page that races with its own saving is no surprise."""
    mine = CampaignEntry.objects.filter(landlord_id=actor.partner_id, draft_account_id=own_account(actor))
    return mine.filter(tenancy__reference=tenancy_reference, year=year).exists()


def _at_once(actor: Actor, change: drafts.Change, *, at: datetime) -> RowOutcome | None:
    """The amount kept by one statement; None where there is more to it, or where the line has changed since it was read."""
    kept = keep_one(actor, change, at=at) if is_one_amount(change) else None
    return RowOutcome(kept[0], counts=kept[1]) if kept else None


@transaction.atomic
def save_rents(
    actor: Actor,
    year: int,
    writings: Sequence[Writing],
    *,
    at: datetime,
    channel: SubmissionChannel = SubmissionChannel.PAGE,
) -> list[RowOutcome]:
    """Keep what was typed on many lines at once. Lines of other landlords, or out of the campaign, are left out."""
    _check_may_declare(actor)
    counts.lock(actor.partner_id, year)
    asked = {writing.tenancy: writing for writing in writings}
    rows = rows_named(actor, year, list(asked))
    refused = {row.tenancy_id: _refusal(row, asked[row.reference]) for row in rows}
    changes = [_change(row, asked[row.reference]) for row in rows if not refused[row.tenancy_id]]
    now = drafts.keep(actor, year, changes, channel=channel, at=at)
    if any(row.tenancy_id not in now for row in rows):
        now = {row.tenancy_id: row for row in rows_named(actor, year, list(asked))}
    return [RowOutcome(row, refused.get(row.tenancy_id, "")) for row in now.values()]


def _refusal(row: GridRow, writing: Writing) -> str:
    """Why a line is not saved, or nothing."""
    if not row.is_open:
        return AlreadySubmitted().sentence
    words = row.typed if writing.typed is None else writing.typed.strip()[:LONGEST_TYPED]
    before = row.previous_typed if writing.previous_typed is None else writing.previous_typed.strip()[:LONGEST_TYPED]
    is_stale = row.saved_at is not None and writing.seen not in (None, row.version)
    is_other = is_stale and (words, before) != (row.typed, row.previous_typed)
    return RentChanged().sentence if is_other else ""


def _change(row: GridRow, writing: Writing) -> drafts.Change:
    """The new content of a line; what was confirmed stays so as long as the amounts do."""
    typed = row.typed if writing.typed is None else writing.typed.strip()[:LONGEST_TYPED]
    before = row.previous_typed if writing.previous_typed is None else writing.previous_typed.strip()[:LONGEST_TYPED]
    kept = row.rent_cents if row.is_taken_over and writing.typed is None else None
    confirmed = tuple(row.confirmed)
    found = assess(row.facts, typed=typed, kept_cents=kept, previous_typed=before, confirmed=confirmed)
    is_compared_anew = row.facts.asks_previous and found.previous_cents != row.previous_cents
    if found.cents != row.rent_cents or is_compared_anew:
        confirmed = tuple(code for code in confirmed if code == PREVIOUS_UNKNOWN)
        found = assess(row.facts, typed=typed, kept_cents=kept, previous_typed=before, confirmed=confirmed)
    reason = row.confirmed_reason if confirmed else ""
    return drafts.Change(row, found, typed, before, confirmed, reason)


@transaction.atomic
def confirm(
    actor: Actor,
    tenancy_reference: UUID,
    *,
    year: int,
    code: str,
    cents: int,
    before: int | None = NOT_SHOWN,
    reason: str = "",
    at: datetime,
) -> RowOutcome:
    """Keep an unusual amount as it is: the warning confirmed is kept with the declaration, with the reason if one is given.

    Only the amount that was shown, ``cents``, is confirmed: one that a colleague typed meanwhile is shown instead. ``before`` is
    the July rent of the year before that was shown beside it, None for none: against another one the confirmation is asked anew
    (JulyBeforeChanged). A line that waits although nothing is unusual about it any more, since the thresholds moved, is ready then.
    """
    row = _own_open_row(actor, tenancy_reference, year)
    shown = row.assessment
    is_offered = code in {warning.code for warning in shown.warnings}
    if is_offered and shown.cents == cents and before not in (NOT_SHOWN, row.before_cents):
        raise JulyBeforeChanged(year - 1, row.before_cents)
    if shown.cents == cents and (is_offered or not shown.pending):
        confirmed = tuple(dict.fromkeys([*row.confirmed, code])) if is_offered else tuple(row.confirmed)
        found = _again(row, confirmed)
        change = drafts.Change(
            row, found, row.typed, row.previous_typed, confirmed, reason[:200] or row.confirmed_reason
        )
        drafts.keep(actor, year, [change], channel=SubmissionChannel.PAGE, at=at)
    return RowOutcome(rows_named(actor, year, [tenancy_reference])[0])


def _again(row: GridRow, confirmed: tuple[str, ...]) -> Assessment:
    kept = row.rent_cents if row.is_taken_over else None
    return assess(row.facts, typed=row.typed, kept_cents=kept, previous_typed=row.previous_typed, confirmed=confirmed)


def apply_remedy(actor: Actor, tenancy_reference: UUID, *, year: int, cents: int, at: datetime) -> RowOutcome:
    """Write the amount a warning offered in place of the one typed."""
    return save_rent(actor, tenancy_reference, year=year, typed=decimal(cents), at=at)


def _own_open_row(actor: Actor, reference: UUID, year: int) -> GridRow:
    _check_may_declare(actor)
    counts.lock(actor.partner_id, year)
    rows = rows_named(actor, year, [reference])
    if not rows:
        raise NotFound
    if not rows[0].is_open:
        raise AlreadySubmitted
    return rows[0]


@transaction.atomic
def prefill(actor: Actor, year: int, *, at: datetime) -> int:
    """Put the last known rent on every empty line and say how many; nothing leaves, each line stays to be looked at."""
    _check_may_declare(actor)
    counts.lock(actor.partner_id, year)
    taken, last = 0, None
    while rows := untouched_rows(actor, year, after=last, limit=BLOCK):
        changes = []
        for row in rows:
            cents = row.known_rent_cents or row.last_july_cents
            found = assess(row.facts, typed="", kept_cents=cents, previous_typed=row.previous_typed)
            changes.append(drafts.Change(row, found, "", row.previous_typed, (), ""))
        drafts.keep(actor, year, changes, channel=SubmissionChannel.PAGE, at=at)
        taken, last = taken + len(rows), rows[-1].reference
    if taken:
        record(events.PREFILLED, subject=f"campaign:{year}", by=actor, at=at, count=taken)
    return taken


def _check_may_declare(actor: Actor) -> None:
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
