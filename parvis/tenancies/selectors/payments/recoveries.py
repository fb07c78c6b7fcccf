"""What was withheld on transfers, because it had been paid in excess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor
from parvis.kit.merging import rows, rows_in_blocks
from parvis.tenancies.reasons import Surroundings
from parvis.tenancies.selectors.payments import demand
from parvis.tenancies.selectors.scope import of_tenancy, seen_by

PAGE = 25


class Recovery(NamedTuple):
    """One sum withheld: on which transfer, of which tenant and month, why."""

    payment_ref: str
    paid_on: date
    transfer: UUID | None
    tenancy: UUID
    name: str
    claimant_number: str
    is_here: bool
    month: date
    cents: int
    reason_code: str
    remaining_cents: int | None

    @property
    def around(self) -> Surroundings:
        """What the sentence of its reason may say."""
        return Surroundings(self.month, self.paid_on, -self.cents, self.remaining_cents)


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """Newest first; ``previous`` and ``following`` are the lines to start from, or empty."""

    lines: list[Recovery]
    previous: str
    following: str


_LINES = """
SELECT p.payment_ref, p.paid_on,
       (SELECT t.reference FROM tenancies_transfer t WHERE t.landlord_id = p.landlord_id AND t.paid_on = p.paid_on
        AND t.transfer_ref = p.transfer_ref AND t.caf_code = x.caf_code),
       x.reference, btrim(x.first_name || ' ' || x.last_name), x.claimant_number, x.landlord_id = %(landlord)s, p.month,
       p.amount_cents, p.reason_code, p.remaining_cents
FROM tenancies_payment p JOIN tenancies_tenancy x ON x.id = p.tenancy_id
WHERE p.landlord_id = %(landlord)s AND p.kind = 'recovery'{within}{place} ORDER BY {order} LIMIT %(limit)s
"""
_NEWEST = "p.paid_on DESC, p.payment_ref DESC"


def recoveries_page(actor: Actor, *, after: str = "", before: str = "") -> RecoveryPage:
    """The sums withheld, newest first. A place that is not the actor's is as if not said."""
    demand(actor)
    values: dict[str, Any] = {**seen_by(actor), "limit": PAGE + 1, "edge": after or before}
    query = "SELECT paid_on FROM tenancies_payment WHERE payment_ref = %(edge)s AND landlord_id = %(landlord)s"
    edge = rows(query, values) if values["edge"] else []
    backwards, place = bool(edge) and not after, ""
    if edge:
        values["day"] = edge[0][0]
        place = f" AND (p.paid_on, p.payment_ref) {'>' if backwards else '<'} (%(day)s, %(edge)s)"
    found = _found(actor, values, place, "p.paid_on, p.payment_ref" if backwards else _NEWEST)
    more, shown = len(found) > PAGE, found[:PAGE]
    if backwards:
        shown.reverse()
    previous = shown and (more if backwards else edge)
    following = shown and (more or backwards)
    return RecoveryPage(shown, shown[0].payment_ref if previous else "", shown[-1].payment_ref if following else "")


def recoveries_to_export(actor: Actor) -> Iterator[Recovery]:
    """All of them, for a file."""
    demand(actor)
    query = _LINES.format(within=of_tenancy(actor, "p.tenancy_id"), place="", order=_NEWEST)
    yield from (Recovery(*row) for row in rows_in_blocks(query, {**seen_by(actor), "limit": None}))


def recoveries_count(actor: Actor, *, most: int) -> int:
    """How many there are, ``most`` at most: the reading stops there."""
    demand(actor)
    own = of_tenancy(actor, "p.tenancy_id")
    query = (
        "SELECT count(*)::int FROM (SELECT 1 FROM tenancies_payment p"
        f" WHERE p.landlord_id = %(landlord)s AND p.kind = 'recovery'{own} LIMIT %(most)s) found"
    )
    return int(rows(query, {**seen_by(actor), "most": most})[0][0])


def _found(actor: Actor, values: dict[str, Any], place: str, order: str) -> list[Recovery]:
    query = _LINES.format(within=of_tenancy(actor, "p.tenancy_id"), place=place, order=order)
    return [Recovery(*row) for row in rows(query, values)]
