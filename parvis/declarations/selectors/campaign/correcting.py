"""Which July rents that were sent may still be corrected: what a list offers is what the act allows. What the office took in may be
whenever: it decides about the correction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from parvis.declarations.models import Declaration
from parvis.declarations.rules import may_correct
from parvis.declarations.selectors.campaign import CampaignCard
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.workflow import INTEGRATED, WITH_THE_OFFICE
from parvis.kit.clock import day_in_paris


def correctable_among(rows: Collection[GridRow], card: CampaignCard, *, today: date) -> frozenset[int]:
    """Of these rows, the tenancies whose rent may be corrected; when each was sent is asked only once the last day is over."""
    sent = [row for row in rows if not row.is_open and row.declaration_state in WITH_THE_OFFICE]
    over = [row.declaration_id or 0 for row in sent if today > card.deadline_of(row.caf_code)]
    moments = dict(Declaration.objects.filter(pk__in=over).values_list("pk", "submitted_at")) if over else {}
    found = [row.tenancy_id for row in rows if not row.is_open and row.declaration_state == INTEGRATED]
    for row in sent:
        moment = moments.get(row.declaration_id or 0)
        deadline, submitted_on = card.deadline_of(row.caf_code), day_in_paris(moment) if moment else None
        if may_correct(True, today=today, deadline_on=deadline, submitted_on=submitted_on):
            found.append(row.tenancy_id)
    return frozenset(found)
