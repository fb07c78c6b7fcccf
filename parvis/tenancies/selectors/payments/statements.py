"""Transfers as documents: before a day, about some tenancies, or of a reference."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor, Right
from parvis.kit.merging import rows
from parvis.tenancies.selectors.scope import seen_by, within


class PaidStatement(NamedTuple):
    """One transfer as a list of documents names it."""

    reference: UUID
    paid_on: date
    transfer_ref: str
    total_cents: int
    tenancies: int


_LIST = """
SELECT t.reference, t.paid_on, t.transfer_ref, t.total_cents, t.tenancies FROM tenancies_transfer t
WHERE t.landlord_id = %(landlord)s{within} AND t.paid_on <= %(day)s
  AND (t.paid_on < %(day)s OR %(key)s::text IS NULL OR t.reference::text COLLATE "C" < %(key)s::text){about}
ORDER BY t.paid_on DESC, t.reference DESC LIMIT %(limit)s
"""
_ABOUT = """(EXISTS (SELECT 1 FROM tenancies_payment p WHERE p.landlord_id = t.landlord_id AND p.paid_on = t.paid_on
    AND p.transfer_ref = t.transfer_ref AND p.tenancy_id IN (
      SELECT x.id FROM tenancies_tenancy x WHERE x.reference = ANY(%(tenancies)s) AND x.caf_code = t.caf_code))
  OR %(begins)s::text <> '' AND starts_with(t.transfer_ref, %(begins)s::text))"""


def statements_before(
    actor: Actor,
    day: date,
    *,
    key: str | None,
    limit: int,
    tenancies: Collection[UUID] | None = None,
    transfer_ref: str = "",
) -> list[PaidStatement]:
    """The transfers up to ``day``, of that day those whose reference stands before ``key`` (None: all), newest first.

    Nothing at all for who may not see payments: a list of documents is no page to refuse.
    """
    if not actor.may(Right.PAYMENTS):
        return []
    values: dict[str, Any] = {**seen_by(actor), "day": day, "key": key, "limit": limit}
    about = ""
    if tenancies is not None:
        values |= {"tenancies": list(tenancies), "begins": transfer_ref.upper()}
        about = f" AND {_ABOUT}"
    query = _LIST.format(within=within(actor, "t.caf_code"), about=about)
    return [PaidStatement(*row) for row in rows(query, values)]
