"""The transfers of a year, those announced among them, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor
from parvis.kit.merging import rows
from parvis.tenancies.selectors.payments import demand
from parvis.tenancies.selectors.scope import seen_by, within

PAGE = 25
LATE_IN_THE_MONTH = 15
"""Two pay days a month: « Apl » around the 25th, the other aids at its beginning."""


class TransferLine(NamedTuple):
    """One transfer; ``before_cents`` is what the same office paid on the same pay day a month earlier, or None.

    ``same_cents`` is the whole of that pay day: nearly always this very transfer. ``account_last4`` ends the IBAN it went to,
    where the office said so and the reader may know.
    """

    reference: UUID
    paid_on: date
    transfer_ref: str
    caf_code: str
    office_name: str
    month: date
    tenancies: int
    total_cents: int
    aid_cents: int
    back_payment_cents: int
    recovery_cents: int
    same_cents: int
    before_cents: int | None
    account_last4: str

    @property
    def gap_cents(self) -> int | None:
        """How it differs from the month before; None for a first transfer."""
        return None if self.before_cents is None else self.same_cents - self.before_cents

    @property
    def is_late_in_the_month(self) -> bool:
        """Whether it is of the second pay day."""
        return self.paid_on.day > LATE_IN_THE_MONTH

    @property
    def month_before(self) -> date:
        """The month it is compared with."""
        return (self.paid_on.replace(day=1) - timedelta(days=1)).replace(day=1)


@dataclass(frozen=True, slots=True)
class TransferPage:
    """A page of transfers, newest first; ``previous`` and ``following`` are the transfers to start from, or None."""

    lines: list[TransferLine]
    previous: UUID | None
    following: UUID | None


TRANSFER_ACCOUNT = "CASE WHEN %(sees_accounts)s THEN t.account_last4 ELSE '' END"
SAME_PAY_DAY = (
    "b.landlord_id = t.landlord_id AND b.caf_code = t.caf_code "
    f"AND (date_part('day', b.paid_on) > {LATE_IN_THE_MONTH}) = (date_part('day', t.paid_on) > {LATE_IN_THE_MONTH})"
)
THIS_MONTH = (
    "b.paid_on >= date_trunc('month', t.paid_on)::date "
    "AND b.paid_on < (date_trunc('month', t.paid_on) + interval '1 month')::date"
)
MONTH_BEFORE = (
    "b.paid_on >= (date_trunc('month', t.paid_on) - interval '1 month')::date "
    "AND b.paid_on < date_trunc('month', t.paid_on)::date"
)
TRANSFER = f"""
SELECT t.reference, t.paid_on, t.transfer_ref, t.caf_code, COALESCE(o.name, t.caf_code), t.month, t.tenancies, t.total_cents,
       t.aid_cents, t.back_payment_cents, t.recovery_cents, same.cents, before.cents, {TRANSFER_ACCOUNT}
FROM tenancies_transfer t
LEFT JOIN landlords_office o ON o.caf_code = t.caf_code
LEFT JOIN LATERAL (SELECT sum(b.total_cents)::bigint AS cents FROM tenancies_transfer b
                   WHERE {SAME_PAY_DAY} AND {THIS_MONTH}) same ON true
LEFT JOIN LATERAL (SELECT sum(b.total_cents)::bigint AS cents FROM tenancies_transfer b
                   WHERE {SAME_PAY_DAY} AND {MONTH_BEFORE}) before ON true
WHERE t.landlord_id = %(landlord)s
"""


def years_of(actor: Actor, *, today: date) -> list[int]:
    """The years in which something was paid until today, newest first, and those between."""
    demand(actor)
    query = f"""SELECT min(t.paid_on), max(t.paid_on) FROM tenancies_transfer t
    WHERE t.landlord_id = %(landlord)s AND t.paid_on <= %(today)s{within(actor, "t.caf_code")}"""
    first, last = rows(query, {**seen_by(actor), "today": today})[0]
    return list(range(last.year, first.year - 1, -1)) if last else []


def total_of(actor: Actor, year: int, *, today: date) -> int:
    """What was paid in a year until today, recoveries deducted: what is only announced is not paid."""
    demand(actor)
    query = f"""SELECT COALESCE(sum(t.total_cents), 0)::bigint FROM tenancies_transfer t
    WHERE t.landlord_id = %(landlord)s AND t.paid_on >= %(first)s AND t.paid_on <= %(last)s{within(actor, "t.caf_code")}"""
    return int(rows(query, {**seen_by(actor), **year_bounds(year, until=today)})[0][0])


def year_bounds(year: int, *, until: date = date.max) -> dict[str, date]:
    """The first and last day of a year, as statements take them; never a day after ``until``."""
    return {"first": date(year, 1, 1), "last": min(date(year, 12, 31), until)}


def transfers_page(
    actor: Actor, year: int, *, after: UUID | None = None, before: UUID | None = None, limit: int = PAGE
) -> TransferPage:
    """The transfers of a year, newest first. A place that is not the actor's is as if not said."""
    demand(actor)
    values: dict[str, Any] = {**seen_by(actor), **year_bounds(year), "limit": limit + 1}
    edge = _edge(actor, after or before)
    backwards = edge is not None and after is None
    place = ""
    if edge is not None:
        values["day"], values["edge"] = edge
        place = f" AND (t.paid_on, t.reference) {'>' if backwards else '<'} (%(day)s, %(edge)s)"
    order = "t.paid_on, t.reference" if backwards else "t.paid_on DESC, t.reference DESC"
    year_s = " AND t.paid_on >= %(first)s AND t.paid_on <= %(last)s"
    query = f"{TRANSFER}{within(actor, 't.caf_code')}{year_s}{place} ORDER BY {order} LIMIT %(limit)s"
    found = [TransferLine(*row) for row in rows(query, values)]
    more, shown = len(found) > limit, found[:limit]
    if backwards:
        shown.reverse()
    previous = shown and (more if backwards else edge is not None)
    following = shown and (more or backwards)
    return TransferPage(shown, shown[0].reference if previous else None, shown[-1].reference if following else None)


def _edge(actor: Actor, reference: UUID | None) -> tuple[date, UUID] | None:
    if reference is None:
        return None
    query = "SELECT paid_on, reference FROM tenancies_transfer WHERE reference = %(reference)s AND landlord_id = %(landlord)s"
    found = rows(query, {**seen_by(actor), "reference": reference})
    return (found[0][0], found[0][1]) if found else None
