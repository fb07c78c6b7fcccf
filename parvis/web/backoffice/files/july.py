"""Why a July rent does not go through: what an agent answers to « je ne peux pas saisir mon loyer », tenant by tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from parvis.declarations.models import OPEN_STATES
from parvis.declarations.selectors import CampaignCard
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.declarations.selectors.tenant_list import TenantRow
from parvis.kit.actors import Actor, Duty
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.web.backoffice.files.opened import reader_of
from parvis.web.backoffice.gate import AgentRequest


def told_of_july(reader: Actor, year: int, references: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Sentences on the rents still to be sent: the July before that is unknown, what was typed and what is wrong with it."""
    return {row.reference: _told(row) for row in rows_named(reader, year, references) if row.is_open}


def july_of(
    request: AgentRequest, file: LandlordFile, card: CampaignCard | None, rows: Sequence[TenantRow]
) -> dict[str, Any]:
    """What is said of the July rents of some tenants, and whether a paper may be registered for those that are open."""
    asked = [row.reference for row in rows]
    return {
        "july": told_of_july(reader_of(request.actor, file), card.year, asked) if card and asked else {},
        "registers": request.actor.holds(Duty.REGISTER_PAPER, file.offices),
        "open_states": OPEN_STATES,
    }


def _told(row: GridRow) -> list[str]:
    found = row.assessment
    told = []
    if row.facts.asks_previous and found.previous_cents is None:
        told.append(
            f"Juillet\u00a0{row.year - 1} inconnu\u00a0: les deux montants se tapent sur la même ligne, sans papier."
        )
    if row.typed.strip():
        wrong = found.fault or found.previous_fault or " ".join(f"{one.title} {one.sentence}" for one in found.pending)
        told.append(f"Tapé\u00a0: «\u00a0{row.typed.strip()}\u00a0». {wrong}".strip())
    return told
