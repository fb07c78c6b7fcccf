"""Tenancies that ended because somebody said so and the office took it in; its next file says it again, or otherwise."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import execute, staging_name
from parvis.tenancies.services.counts import recount

_END = """
UPDATE tenancies_tenancy t SET end_on = x.ends_on FROM {told} x
WHERE t.id = x.tenancy_id AND t.landlord_id = x.landlord_id AND t.end_on IS NULL AND t.absent_since IS NULL
  AND x.ends_on >= t.start_on
"""


@transaction.atomic
def end_tenancies(told: str) -> int:
    """End those of the temporary table ``told`` (``tenancy_id``, ``landlord_id``, ``ends_on``) that are still there; how many."""
    ended = execute(_END.format(told=staging_name(told)))
    if ended:
        recount(told)
    return ended
