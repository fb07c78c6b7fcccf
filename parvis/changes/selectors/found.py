"""Which landlord a number of change leads to, for an agent who was told nothing else."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from parvis.changes.models import ChangeRequest


def landlord_of_change(number: str, offices: Collection[str] | None) -> UUID | None:
    """The landlord who asked it, of one of these offices; ``offices`` is None for all of them."""
    rows = ChangeRequest.objects.filter(number=number)
    if offices is not None:
        rows = rows.filter(office_id__in=list(offices))
    return rows.values_list("landlord_id", flat=True).first()
