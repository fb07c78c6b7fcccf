"""« Ce qui change depuis le mois d’avant »: who is new, who is back, whose aid changed or stopped, what was withheld.

Every change has its place in one order, way by way and then by name, so that a page is a stretch of places. Of a long transfer
they are kept, as the worker found them (services.transfers.comparing); of a short one they are worked out when they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor
from parvis.kit.merging import rows
from parvis.tenancies.selectors.payments import ADDED_UP_TO, demand
from parvis.tenancies.selectors.payments.transfers import MONTH_BEFORE, SAME_PAY_DAY, THIS_MONTH, TransferLine
from parvis.tenancies.selectors.scope import seen_by

PAGE = 50
READ_AT_ONCE = 5_000
KINDS = ("new", "resumed", "revised", "stopped", "late", "back_payment", "recovery")
"""In the order of the page. ``late`` are aids of earlier months than the transfer's own."""


class ChangeCount(NamedTuple):
    """How many tenancies changed in one way, and by how much in all; ``tenancies`` is None where they are not counted."""

    kind: str
    tenancies: int | None
    cents: int


class Change(NamedTuple):
    """One tenancy whose part of the transfer changed. ``reasons`` are the codes of the lines that changed, never
    of the tenant's other lines; of a stop, what the tenancy itself tells."""

    place: int
    kind: str
    tenancy: UUID
    name: str
    claimant_number: str
    is_here: bool
    before_cents: int
    now_cents: int
    reasons: tuple[str, ...]
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The counts add up to the difference between the two months. ``are_kept``: the worker has worked them out."""

    counts: tuple[ChangeCount, ...]
    are_kept: bool = False

    @property
    def total(self) -> int | None:
        """How many changes there are; None where they are not counted, as long as the worker has not been there."""
        counted = [item.tenancies for item in self.counts if item.tenancies is not None]
        return sum(counted) if len(counted) == len(self.counts) else None

    def places(self, kind: str = "") -> tuple[int, int]:
        """The first and the last place of the changes of one kind, of all by default; (1, 0) where there are none."""
        before = 0
        for item in self.counts:
            if item.kind == kind:
                return before + 1, before + (item.tenancies or 0)
            before += item.tenancies or 0
        return (1, 0) if kind else (1, before)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A stretch of the changes; ``previous`` and ``following`` are the places to start from, or None."""

    shown: tuple[Change, ...]
    previous: int | None
    following: int | None


_SIDE = """
SELECT p.tenancy_id, COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'aid' AND p.month = b.month), 0) AS aid,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'aid' AND p.month <> b.month), 0) AS late,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'back_payment'), 0) AS back,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'recovery'), 0) AS recovery,
       array_remove(array_agg(DISTINCT p.reason_code::text) FILTER (WHERE p.kind = 'aid' AND p.month = b.month), '')
         AS aid_reasons,
       array_remove(array_agg(DISTINCT p.reason_code::text) FILTER (WHERE p.kind = 'aid' AND p.month <> b.month), '')
         AS late_reasons,
       array_remove(array_agg(DISTINCT p.reason_code::text) FILTER (WHERE p.kind = 'back_payment'), '') AS back_reasons,
       array_remove(array_agg(DISTINCT p.reason_code::text) FILTER (WHERE p.kind = 'recovery'), '') AS recovery_reasons
FROM tenancies_transfer t JOIN tenancies_transfer b ON {same} AND {month}
JOIN tenancies_payment p ON p.landlord_id = b.landlord_id AND p.paid_on = b.paid_on AND p.transfer_ref = b.transfer_ref
JOIN tenancies_tenancy x ON x.id = p.tenancy_id AND x.caf_code = b.caf_code
WHERE t.reference = %(transfer)s AND t.landlord_id = %(landlord)s GROUP BY p.tenancy_id
"""
_CHANGED = f"""
WITH now AS ({_SIDE.format(same=SAME_PAY_DAY, month=THIS_MONTH)}), before AS ({_SIDE.format(same=SAME_PAY_DAY, month=MONTH_BEFORE)}),
changed AS (
  SELECT tenancy_id, v.kind, v.before AS before_cents, v.now AS now_cents, COALESCE(v.reasons, '{{}}') AS reasons
  FROM now n FULL JOIN before b USING (tenancy_id)
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN COALESCE(b.aid, 0) <= 0 THEN CASE WHEN EXISTS (
            SELECT 1 FROM tenancies_payment e WHERE e.tenancy_id = n.tenancy_id AND e.landlord_id = %(landlord)s
            AND e.kind = 'aid' AND e.amount_cents > 0 AND e.paid_on < %(month)s) THEN 'resumed' ELSE 'new' END
          WHEN COALESCE(n.aid, 0) <= 0 THEN 'stopped' ELSE 'revised' END, COALESCE(b.aid, 0), COALESCE(n.aid, 0), n.aid_reasons),
    ('late', COALESCE(b.late, 0), COALESCE(n.late, 0), n.late_reasons),
    ('back_payment', COALESCE(b.back, 0), COALESCE(n.back, 0), n.back_reasons),
    ('recovery', COALESCE(b.recovery, 0), COALESCE(n.recovery, 0), n.recovery_reasons)) v(kind, before, now, reasons)
  WHERE v.before <> v.now)
"""
PLACED = f"""{_CHANGED}, placed AS (
  SELECT c.*, row_number() OVER (ORDER BY array_position(%(kinds)s::text[], c.kind), x.sort_name, x.id)::int AS place
  FROM changed c JOIN tenancies_tenancy x ON x.id = c.tenancy_id)
"""
"""All changes of the transfer ``%(transfer)s`` of ``%(landlord)s``, whose first of the month is ``%(month)s``, in their places."""
_COUNTS = "SELECT kind, count(*)::int, sum(now_cents - before_cents)::bigint FROM changed GROUP BY kind"
_SHOWN = """
SELECT c.place, c.kind, x.reference, btrim(x.first_name || ' ' || x.last_name), x.claimant_number, x.landlord_id = %(landlord)s,
       c.before_cents::int, c.now_cents::int, c.reasons, x.end_on IS NOT NULL OR x.absent_since IS NOT NULL, x.direct_payment,
       CASE WHEN x.landlord_id = %(landlord)s THEN x.end_on END
FROM {changes} c JOIN tenancies_tenancy x ON x.id = c.tenancy_id
WHERE {own}c.place >= %(first)s AND c.place <= %(last)s ORDER BY c.place
"""
_KEPT = _SHOWN.format(changes="tenancies_transferchange", own="c.transfer_id = %(transfer)s AND ")
_WORKED_OUT = PLACED + _SHOWN.format(changes="placed", own="")
_WHOLES = f"""
SELECT COALESCE(max(b.tenancies), 0)::int,
       (SELECT own.changes::json FROM tenancies_transfer own
        WHERE own.reference = %(transfer)s AND own.landlord_id = %(landlord)s AND NOT own.is_comparison_due),
       {
    ", ".join(
        f"COALESCE(sum(CASE WHEN {THIS_MONTH} THEN b.{name} ELSE -b.{name} END), 0)::bigint"
        for name in ("aid_cents", "back_payment_cents", "recovery_cents")
    )
}
FROM tenancies_transfer t JOIN tenancies_transfer b ON {SAME_PAY_DAY} AND ({THIS_MONTH} OR {MONTH_BEFORE})
WHERE t.reference = %(transfer)s AND t.landlord_id = %(landlord)s
"""


def changes_of(actor: Actor, transfer: TransferLine) -> Changes | None:
    """What makes the difference with the month before; None for a first transfer.

    Of a transfer too long to be compared while somebody waits, and that the worker has not compared yet, the aids, back-payments
    and recoveries are compared as wholes.
    """
    demand(actor)
    if transfer.before_cents is None:
        return None
    values = _values(actor, transfer)
    tenancies, kept, *differences = rows(_WHOLES, values)[0]
    if kept is not None:
        return Changes(tuple(ChangeCount(kind, *kept[kind]) for kind in KINDS if kind in kept), are_kept=True)
    if tenancies > ADDED_UP_TO:
        named = zip(("revised", "back_payment", "recovery"), differences, strict=True)
        return Changes(tuple(ChangeCount(kind, None, cents) for kind, cents in named if cents))
    counts = {kind: ChangeCount(kind, count, cents) for kind, count, cents in rows(_CHANGED + _COUNTS, values)}
    return Changes(tuple(counts[kind] for kind in KINDS if kind in counts))


def change_page(
    actor: Actor, transfer: TransferLine, changes: Changes, *, kind: str = "", start: int = 1, limit: int = PAGE
) -> ChangePage:
    """The changes from the place ``start`` on, of one kind or of all. A place that is not theirs is as if not said."""
    demand(actor)
    first, last = changes.places(kind)
    if changes.total is None or last < first:
        return ChangePage((), None, None)
    begin = start if first <= start <= last else first
    shown = _found(actor, transfer, changes, begin, min(last, begin + limit - 1))
    previous = max(first, begin - limit) if begin > first else None
    return ChangePage(tuple(shown), previous, begin + limit if begin + limit <= last else None)


def every_change(actor: Actor, transfer: TransferLine, changes: Changes, *, kind: str = "") -> Iterator[list[Change]]:
    """All changes of one kind, or of all, some thousands at a time, for a file. Those worked out now are so at once."""
    demand(actor)
    first, last = changes.places(kind)
    step = READ_AT_ONCE if changes.are_kept else max(1, last)
    for begin in range(first, last + 1, step):
        yield _found(actor, transfer, changes, begin, min(last, begin + step - 1))


def _values(actor: Actor, transfer: TransferLine) -> dict[str, Any]:
    about = {"transfer": transfer.reference, "month": transfer.paid_on.replace(day=1), "kinds": list(KINDS)}
    return {**seen_by(actor), **about}


def _found(actor: Actor, transfer: TransferLine, changes: Changes, first: int, last: int) -> list[Change]:
    values = {**_values(actor, transfer), "first": first, "last": last}
    return [_change(*row) for row in rows(_KEPT if changes.are_kept else _WORKED_OUT, values)]


def _change(
    place: int,
    kind: str,
    tenancy: UUID,
    name: str,
    number: str,
    is_here: bool,
    before: int,
    now: int,
    reasons: list[str],
    is_former: bool,
    is_direct: bool,
    left_on: date | None,
) -> Change:
    told = tuple(reasons)
    if kind == "stopped" and not told and is_here:
        told = ("move_out",) if is_former else () if is_direct else ("direct_payment_ended",)
    return Change(place, kind, tenancy, name, number, is_here, before, now, told, left_on)
