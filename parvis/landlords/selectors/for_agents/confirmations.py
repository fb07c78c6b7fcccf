"""New administrators that one agent proposes to confirm, and that wait for another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from parvis.kit.actors import Actor, Duty, Right
from parvis.landlords.models import AdministratorConfirmation, Habilitation, Landlord, ThirdPartyNumber
from parvis.landlords.selectors.for_agents.finding import office_codes
from parvis.parameters.catalogue import NEW_ADMINISTRATOR_WAITS
from parvis.parameters.selectors import duration


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One of them: who, of which organisation, and who proposed it."""

    partner_id: UUID
    landlord: str
    reference: str
    name: str
    proposed_by: str
    proposed_at: datetime


def awaiting_second(actor: Actor, *, limit: int, at: datetime) -> list[Awaiting]:
    """Those an agent may confirm at one of their offices, the oldest first; not what they proposed themselves, nor what is settled."""
    held = Habilitation.objects.filter(
        account_id=OuterRef("account_id"),
        right=Right.ADMINISTER,
        ended_at=None,
        granted_at__gt=at - duration(NEW_ADMINISTRATOR_WAITS),
        granted_at__lte=OuterRef("proposed_at"),
    )
    rows = AdministratorConfirmation.objects.filter(Exists(held), confirmed_at=None).exclude(proposed_by=actor.label)
    codes = office_codes(actor, Duty.REPLACE_ADMINISTRATORS)
    if codes is not None:
        known = ThirdPartyNumber.objects.filter(office_id__in=codes, absent_since=None).values("landlord_id")
        rows = rows.filter(account__partner_id__in=known)
    found = list(
        rows.select_related("account").annotate(partner=F("account__partner_id")).order_by("proposed_at", "pk")[:limit]
    )
    names = {one.pk: one.name for one in Landlord.objects.filter(pk__in=[row.partner for row in found])}
    return [
        Awaiting(
            row.partner,
            names[row.partner],
            row.account.reference,
            f"{row.account.first_name} {row.account.last_name}".strip() or row.account.login_id,
            row.proposed_by,
            row.proposed_at,
        )
        for row in found
    ]
