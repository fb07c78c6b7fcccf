"""The payments made for one tenant, month by month of right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor, Right
from parvis.kit.merging import rows
from parvis.kit.periods import months_back
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import PaymentKind
from parvis.tenancies.reasons import Surroundings
from parvis.tenancies.rules import MonthFigures, PaymentLine, months_of_aid, rents_by_month
from parvis.tenancies.selectors.payments import demand
from parvis.tenancies.selectors.scope import seen_by, within


class PaidLine(NamedTuple):
    """One line of payment, and the transfer it came with."""

    month: date
    kind: str
    cents: int
    paid_on: date
    reason_code: str
    transfer_ref: str
    transfer: UUID | None
    remaining_cents: int | None = None
    account_last4: str = ""

    @property
    def around(self) -> Surroundings:
        """What the sentence of its reason may say."""
        withheld = -self.cents if self.kind == PaymentKind.RECOVERY else 0
        return Surroundings(self.month, self.paid_on, withheld, self.remaining_cents)


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """One month of right: what was paid for it, when, and what is worth saying of it."""

    figures: MonthFigures
    aid_cents: int
    back_payment_cents: int
    recovery_cents: int
    lines: tuple[PaidLine, ...]

    @property
    def total_cents(self) -> int:
        """What was paid for this month."""
        return self.aid_cents + self.back_payment_cents + self.recovery_cents


@dataclass(frozen=True, slots=True)
class TenantPayments:
    """A tenant's history of one year; ``years`` are those with payments, newest first."""

    reference: UUID
    name: str
    claimant_number: str
    is_here: bool
    years: tuple[int, ...]
    year: int
    months: tuple[PaidMonth, ...]


_TENANCY = """
SELECT x.id, x.reference, btrim(x.first_name || ' ' || x.last_name), x.claimant_number, x.landlord_id = %(landlord)s,
       x.rent_cents, x.start_on, x.end_on, x.aid_from, paid.first, paid.last,
       (SELECT json_object_agg(j.year, j.rent_cents) FROM tenancies_julyrent j WHERE j.tenancy_id = x.id)
FROM tenancies_tenancy x
LEFT JOIN LATERAL (SELECT min(p.month) AS first, max(p.month) AS last FROM tenancies_payment p
                   WHERE p.tenancy_id = x.id AND p.landlord_id = %(landlord)s) paid ON true
WHERE x.reference = %(reference)s AND (x.landlord_id = %(landlord)s OR paid.first IS NOT NULL){within}
"""
_LINES = """
SELECT p.month, p.kind, p.amount_cents, p.paid_on, p.reason_code, p.transfer_ref,
       (SELECT t.reference FROM tenancies_transfer t WHERE t.landlord_id = p.landlord_id AND t.paid_on = p.paid_on
        AND t.transfer_ref = p.transfer_ref AND t.caf_code = %(office)s), p.remaining_cents,
       CASE WHEN %(sees_accounts)s THEN p.account_last4 ELSE '' END
FROM tenancies_payment p WHERE p.tenancy_id = %(tenancy)s AND p.landlord_id = %(landlord)s
  AND p.month >= %(first)s AND p.month <= %(last)s ORDER BY p.month, p.paid_on, p.payment_ref
"""


def payments_of_tenant(actor: Actor, reference: UUID, *, year: int | None, today: date) -> TenantPayments:
    """The year asked for, or the last one with payments. Rents are shown to those who may consult tenants only."""
    demand(actor)
    row = _tenancy(actor, reference)
    first, last = row["first"], row["last"]
    years = tuple(range(last.year, first.year - 1, -1)) if last else ()
    shown = year if year in years else years[0] if years else today.year
    end = today.replace(day=1) if shown == today.year else date(shown, 12, 1)
    months = months_back(end, end.month + 1)
    lines = _lines(actor, row, months[0], date(shown, 12, 31))
    shown_months = _months(actor, row, months, lines, is_now=shown == today.year)
    return TenantPayments(row["reference"], row["name"], row["number"], row["here"], years, shown, shown_months)


class WholeHistory(NamedTuple):
    """Every line of payment made to the landlord for a tenant, oldest first."""

    name: str
    claimant_number: str
    lines: list[PaidLine]


def lines_of_tenant(actor: Actor, reference: UUID) -> WholeHistory:
    """All that was ever paid for this tenant, for a file."""
    demand(actor)
    row = _tenancy(actor, reference)
    return WholeHistory(row["name"], row["number"], _lines(actor, row, date.min, date.max))


_NAMES = (
    "id", "reference", "name", "number", "here", "rent", "start_on", "end_on", "aid_from", "first", "last", "july_rents",
)  # fmt: skip


def _tenancy(actor: Actor, reference: UUID) -> dict[str, Any]:
    found = rows(_TENANCY.format(within=within(actor, "x.caf_code")), {**seen_by(actor), "reference": reference})
    if not found:
        raise NotFound
    return dict(zip(_NAMES, found[0], strict=True))


def _lines(actor: Actor, row: dict[str, Any], first: date, last: date) -> list[PaidLine]:
    office = rows("SELECT caf_code FROM tenancies_tenancy WHERE id = %s", [row["id"]])[0][0]
    values = {**seen_by(actor), "tenancy": row["id"], "office": office, "first": first, "last": last}
    return [PaidLine(*line) for line in rows(_LINES, values)]


def _months(
    actor: Actor, row: dict[str, Any], months: list[date], lines: list[PaidLine], *, is_now: bool
) -> tuple[PaidMonth, ...]:
    """The month before the first one is only there to be compared with; today's rent holds in the present month only."""
    rents: list[int | None] = [None] * len(months)
    current = row["rent"] if is_now else None
    if row["here"] and actor.may(Right.CONSULT):
        july = {int(year): cents for year, cents in (row["july_rents"] or {}).items()}
        rents = rents_by_month(months, july, current_cents=current, start_on=row["start_on"], end_on=row["end_on"])
    plain = [
        PaymentLine(line.month, line.kind, line.cents, line.paid_on, line.reason_code, line.remaining_cents)
        for line in lines
    ]
    left_on = row["end_on"] if row["here"] else None
    figures = months_of_aid(months, rents, plain, aid_from=row["aid_from"], left_on=left_on)
    return tuple(_month(item, lines) for item in figures[1:])


def _month(figures: MonthFigures, lines: list[PaidLine]) -> PaidMonth:
    own = tuple(line for line in lines if line.month.replace(day=1) == figures.month)
    sums = {kind: sum(line.cents for line in own if line.kind == kind) for kind in ("aid", "back_payment", "recovery")}
    return PaidMonth(figures, sums["aid"], sums["back_payment"], sums["recovery"], own)
