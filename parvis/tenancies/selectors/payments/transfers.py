"""The transfers of a year, what they come to, and what the next ones should be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor
from parvis.kit.merging import rows
from parvis.tenancies.selectors.payments import ADDED_UP_TO, demand
from parvis.tenancies.selectors.scope import of_tenancy, seen_by, within

PAGE = 25
LATE_IN_THE_MONTH = 15
"""Two pay days a month: « Apl » around the 25th, the other aids at its beginning."""
STILL_EXPECTED_DAYS = 62


class TransferLine(NamedTuple):
    """One transfer; ``before_cents`` is what the same office paid on the same pay day a month earlier, or None.

    ``same_cents`` is the whole of that pay day: nearly always this very transfer.
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

    @property
    def gap_cents(self) -> int | None:
        """How it differs from the month before; None for a first transfer."""
        return None if self.before_cents is None else self.same_cents - self.before_cents

    @property
    def is_late_in_the_month(self) -> bool:
        """Whether it is of the second pay day."""
        return self.paid_on.day > LATE_IN_THE_MONTH


@dataclass(frozen=True, slots=True)
class TransferPage:
    """A page of transfers, newest first; ``previous`` and ``following`` are the transfers to start from, or None."""

    lines: list[TransferLine]
    previous: UUID | None
    following: UUID | None


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
       t.aid_cents, t.back_payment_cents, t.recovery_cents, same.cents, before.cents
FROM tenancies_transfer t
LEFT JOIN landlords_office o ON o.caf_code = t.caf_code
LEFT JOIN LATERAL (SELECT sum(b.total_cents)::bigint AS cents FROM tenancies_transfer b
                   WHERE {SAME_PAY_DAY} AND {THIS_MONTH}) same ON true
LEFT JOIN LATERAL (SELECT sum(b.total_cents)::bigint AS cents FROM tenancies_transfer b
                   WHERE {SAME_PAY_DAY} AND {MONTH_BEFORE}) before ON true
WHERE t.landlord_id = %(landlord)s
"""


def years_of(actor: Actor) -> list[int]:
    """The years in which something was paid, newest first, and those between."""
    demand(actor)
    query = f"""SELECT min(t.paid_on), max(t.paid_on) FROM tenancies_transfer t
    WHERE t.landlord_id = %(landlord)s{within(actor, "t.caf_code")}"""
    first, last = rows(query, seen_by(actor))[0]
    return list(range(last.year, first.year - 1, -1)) if last else []


def total_of(actor: Actor, year: int) -> int:
    """What was paid in a year, recoveries deducted."""
    demand(actor)
    query = f"""SELECT COALESCE(sum(t.total_cents), 0)::bigint FROM tenancies_transfer t
    WHERE t.landlord_id = %(landlord)s AND t.paid_on >= %(first)s AND t.paid_on <= %(last)s{within(actor, "t.caf_code")}"""
    return int(rows(query, {**seen_by(actor), **year_bounds(year)})[0][0])


def year_bounds(year: int) -> dict[str, date]:
    """The first and last day of a year, as statements take them."""
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}


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


class NextPayment(NamedTuple):
    """What the next transfers of one pay day should come to, told from the last ones.

    ``is_rough``: too many tenancies to look whether each is still there: the last transfers' aids as they were.
    ``withheld_up_to_cents``: what was left to withhold after the last recoveries, never more than ``cents``. How much of it
    a transfer will withhold is not told: it is no part of ``cents``. Not looked up where ``is_rough``.
    """

    around: date
    cents: int
    tenancies: int
    told_from: date
    is_rough: bool
    withheld_up_to_cents: int = 0

    @property
    def is_late_in_the_month(self) -> bool:
        """Whether it is of the second pay day."""
        return self.told_from.day > LATE_IN_THE_MONTH


_LAST = f"""
SELECT * FROM (
  SELECT t.*, date_part('day', t.paid_on) > {LATE_IN_THE_MONTH} AS late,
         rank() OVER (PARTITION BY t.caf_code, date_part('day', t.paid_on) > {LATE_IN_THE_MONTH}
                      ORDER BY date_trunc('month', t.paid_on) DESC) AS place
  FROM tenancies_transfer t WHERE t.landlord_id = %(landlord)s AND t.paid_on >= %(since)s AND t.paid_on <= %(today)s{{within}}
) ranked WHERE place = 1
"""
_NEXT_ROUGH = """
SELECT late, sum(aid_cents)::bigint, sum(tenancies)::int, max(paid_on) FROM ({last}) l GROUP BY late ORDER BY late
"""
_NEXT = """
SELECT l.late, COALESCE(sum(p.amount_cents), 0)::bigint, count(DISTINCT p.tenancy_id)::int, max(l.paid_on)
FROM ({last}) l
LEFT JOIN (tenancies_payment p JOIN tenancies_tenancy x ON x.id = p.tenancy_id AND x.landlord_id = %(landlord)s
           AND x.direct_payment AND x.end_on IS NULL AND x.absent_since IS NULL)
  ON p.landlord_id = %(landlord)s AND p.paid_on = l.paid_on AND p.transfer_ref = l.transfer_ref
  AND p.kind = 'aid' AND p.amount_cents > 0 AND p.month = l.month AND x.caf_code = l.caf_code
GROUP BY l.late ORDER BY l.late
"""
_STILL_WITHHELD = f"""
SELECT late, sum(remaining_cents)::bigint FROM (
  SELECT DISTINCT ON (p.tenancy_id) date_part('day', p.paid_on) > {LATE_IN_THE_MONTH} AS late, p.remaining_cents
  FROM tenancies_payment p WHERE p.landlord_id = %(landlord)s AND p.kind = 'recovery' AND p.paid_on >= %(since)s
    AND p.paid_on <= %(today)s{{within}}
  ORDER BY p.tenancy_id, p.paid_on DESC, p.remaining_cents NULLS LAST
) latest WHERE remaining_cents > 0 GROUP BY late
"""


def next_payments(actor: Actor, *, today: date) -> list[NextPayment]:
    """The next transfer of each pay day: last month's aids of the tenancies that are still there and paid to the landlord."""
    demand(actor)
    values = {**seen_by(actor), "since": today - timedelta(days=STILL_EXPECTED_DAYS), "today": today}
    last = _LAST.format(within=within(actor, "t.caf_code"))
    rough = rows(_NEXT_ROUGH.format(last=last), values)
    is_rough = sum(row[2] for row in rough) > ADDED_UP_TO
    found = rough if is_rough else rows(_NEXT.format(last=last), values)
    withheld = {} if is_rough else dict(rows(_STILL_WITHHELD.format(within=of_tenancy(actor, "p.tenancy_id")), values))
    expected = [
        NextPayment(month_after(day), cents, tenancies, day, is_rough, min(cents, withheld.get(late, 0)))
        for late, cents, tenancies, day in found
    ]
    return [item for item in sorted(expected) if item.cents > 0]


def coming_payment(actor: Actor, *, today: date) -> NextPayment | None:
    """The first transfer still to come; None where none is expected, or only one whose day has passed."""
    return next((item for item in next_payments(actor, today=today) if item.around >= today), None)


def month_after(day: date) -> date:
    """The same day a month later, or the last of that month."""
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    longest = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - first).days
    return first.replace(day=min(day.day, longest))
