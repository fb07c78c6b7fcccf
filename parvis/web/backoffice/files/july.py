"""Why a July rent does not go through: what an agent answers to « je ne peux pas saisir mon loyer », tenant by tenant."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.kit.actors import Actor


def told_of_july(reader: Actor, year: int, references: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Sentences on the rents still to be sent: the July before that is unknown, what was typed and what is wrong with it."""
    return {row.reference: _told(row) for row in rows_named(reader, year, references) if row.is_open}


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
