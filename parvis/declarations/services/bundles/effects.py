"""What a sending changes at once here, before the office has decided: a July nobody asks for any more, what is asked again."""

from __future__ import annotations

from django.db import connection

from parvis.declarations import workflow
from parvis.declarations.models import OF_JULY, OPEN_STATES, Declaration, EntryState, Kind
from parvis.declarations.rules import NO_DRAFT
from parvis.declarations.selectors.bundles import BundleSheet
from parvis.declarations.services import counts, papers
from parvis.kit.actors import Actor


def follow(actor: Actor, sheet: BundleSheet, *, year: int | None) -> None:
    """Of each declaration that leaves; nothing of one that asks to correct what was taken in, which stands until the office decides.
    The counts of ``year`` are locked already."""
    about = Declaration.objects.filter(tenancy_id=sheet.tenancy.id, remind_on__isnull=False)
    for step in sheet.steps:
        if step.draft and step.draft.revises:
            continue
        details = (step.reading.details if step.reading else None) or {}
        answered = workflow.FOLLOWED if step.facts.stage else [workflow.INTEGRATED]
        about.filter(landlord_id=actor.partner_id, kind=step.kind.code, state__in=answered).update(remind_on=None)
        if step.kind.code == Kind.DEATH and details.get("who") == "claimant":
            # Nobody is written to about somebody who died: neither what waits in a draft nor what was sent before.
            about.update(remind_on=None)
            if year is not None:
                _leave_campaign(actor, sheet, year)


_OUT = f"""
UPDATE declarations_campaignentry e SET state = %(out)s, {NO_DRAFT}
FROM (SELECT year, tenancy_id, state FROM declarations_campaignentry
      WHERE landlord_id = %(landlord)s AND year = %(year)s AND tenancy_id = %(tenancy)s AND state = ANY(%(open)s) FOR UPDATE) was
WHERE (e.year, e.tenancy_id) = (was.year, was.tenancy_id) RETURNING was.state
"""


def _leave_campaign(actor: Actor, sheet: BundleSheet, year: int) -> None:
    """No July rent is asked of a tenant who died, and no reminder is written; the next refreshing holds to it too."""
    values = {
        "landlord": actor.partner_id,
        "year": year,
        "tenancy": sheet.tenancy.id,
        "out": EntryState.OUT.value,
        "open": [state.value for state in OPEN_STATES],
    }
    with connection.cursor() as cursor:
        cursor.execute(_OUT, values)
        left = [state for (state,) in cursor.fetchall()]
    counts.shift(actor.partner_id, year, [(sheet.tenancy.caf_code, state, EntryState.OUT.value) for state in left])
    mine = Declaration.objects.filter(landlord_id=actor.partner_id, tenancy_id=sheet.tenancy.id, state=workflow.DRAFT)
    of_july = list(mine.filter(kind__in=OF_JULY).values_list("pk", flat=True))
    papers.forget(of_july)
    mine.filter(pk__in=of_july).update(state=workflow.ABANDONED)
