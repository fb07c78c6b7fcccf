"""What the landlord's home says of its portfolio: counts, the office's view of the landlord, transfers received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from parvis.kit.actors import Actor, Right
from parvis.kit.merging import rows
from parvis.kit.periods import months_back
from parvis.kit.refusals import NotAllowed
from parvis.tenancies.selectors.payments import ADDED_UP_TO
from parvis.tenancies.selectors.scope import kept_count, of_tenancy, seen_by, within

TRANSFER_MONTHS = 7
PAY_DAY_MARGIN = 4
"""Days by which a pay day moves from one month to the next (week-ends, holidays)."""


class ProcessingDelay(NamedTuple):
    """How long the office takes for a topic, in weeks."""

    topic: str
    min_weeks: int
    max_weeks: int
    measured_on: date


@dataclass(frozen=True, slots=True)
class Portfolio:
    """How many tenancies, and the landlord as its office knows it.

    ``offices`` are the codes and names of those the landlord has a number with, as far as the actor sees them.
    """

    current: int
    former: int
    user_number: str
    address: tuple[str, ...]
    phone: str
    email: str
    office_name: str
    delays: tuple[ProcessingDelay, ...]
    offices: tuple[tuple[str, str], ...] = ()


_PORTFOLIO = """
SELECT COALESCE({current}, 0), COALESCE({former}, 0), n.user_number,
       n.address_1, n.address_2, n.address_3, btrim(n.postcode || ' ' || n.city), n.phone, n.email, o.name,
       (SELECT json_agg(DISTINCT jsonb_build_array(f.caf_code, f.name)) FROM landlords_thirdpartynumber own
        JOIN landlords_office f ON f.caf_code = own.office_id
        WHERE own.landlord_id = l.partner_id AND own.absent_since IS NULL{within}),
       d.topic, d.min_weeks, d.max_weeks, d.measured_on
FROM landlords_landlord l
LEFT JOIN tenancies_portfoliocount c ON c.landlord_id = l.partner_id
LEFT JOIN LATERAL (
  SELECT * FROM landlords_thirdpartynumber own WHERE own.landlord_id = l.partner_id{within}
  ORDER BY own.user_number = %(user_number)s DESC, own.absent_since NULLS FIRST, own.id LIMIT 1
) n ON true
LEFT JOIN landlords_office o ON o.caf_code = n.office_id
LEFT JOIN landlords_delay d ON d.office_id = n.office_id
WHERE l.partner_id = %(landlord)s
ORDER BY d.topic
"""


def portfolio_of(actor: Actor, *, user_number: str) -> Portfolio:
    """The counts kept by the writes, and the third-party number that carries ``user_number``."""
    query = _PORTFOLIO.format(
        current=f"({kept_count(actor, 'current')})" if actor.offices else "c.current",
        former=f"({kept_count(actor, 'former')})" if actor.offices else "c.former",
        within=within(actor, "own.office_id"),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "user_number": user_number})
        found = cursor.fetchall()
    if not found:
        return Portfolio(0, 0, user_number, (), "", "", "", ())
    current, former, number, line_1, line_2, line_3, town, phone, email, office, offices, *_ = found[0]
    return Portfolio(
        current=current,
        former=former,
        user_number=number or user_number,
        address=tuple(line for line in (line_1, line_2, line_3, town) if line),
        phone=phone or "",
        email=email or "",
        office_name=office or "",
        delays=tuple(ProcessingDelay(*row[11:]) for row in found if row[11]),
        offices=tuple(sorted(((code, name) for code, name in offices or ()), key=lambda office: office[1])),
    )


class TransferMonth(NamedTuple):
    """What one calendar month's transfers came to, recoveries deducted."""

    month: date
    cents: int


@dataclass(frozen=True, slots=True)
class Transfers:
    """The transfers received; ``difference_cents`` is None where there is nothing to compare the last month with."""

    last_paid_on: date
    months: tuple[TransferMonth, ...]
    tenancies: int
    difference_cents: int | None

    @property
    def last_cents(self) -> int:
        """What the last month came to so far."""
        return self.months[-1].cents


# Read on what each transfer comes to, which the writes keep office by office: some rows a month, whatever the portfolio.
# The month before counts up to the same pay day only: half a month is not compared to a whole one.
_TRANSFERS = """
WITH last AS (
  SELECT max(t.paid_on) AS day FROM tenancies_transfer t WHERE t.landlord_id = %(landlord)s
    AND t.paid_on <= %(today)s{within})
SELECT last.day, date_trunc('month', t.paid_on)::date, sum(t.total_cents)::bigint, sum(t.tenancies)::int,
       count(*) > count(DISTINCT t.caf_code),
       (sum(t.total_cents) FILTER (
         WHERE t.paid_on < date_trunc('month', last.day)
           AND t.paid_on >= date_trunc('month', last.day) - interval '1 month'
           AND date_part('day', t.paid_on) <= date_part('day', last.day) + %(margin)s))::bigint
FROM last JOIN tenancies_transfer t ON t.landlord_id = %(landlord)s
  AND t.paid_on >= date_trunc('month', last.day) - make_interval(months => %(before)s)
  AND t.paid_on <= last.day{within}
GROUP BY 1, 2 ORDER BY 2
"""
# A tenant paid twice in a month is one tenant.
_TENANCIES = """
SELECT count(DISTINCT p.tenancy_id)::int FROM tenancies_transfer t JOIN tenancies_payment p
  ON p.landlord_id = t.landlord_id AND p.paid_on = t.paid_on AND p.transfer_ref = t.transfer_ref AND p.amount_cents <> 0{seen}
WHERE t.landlord_id = %(landlord)s AND t.paid_on >= %(month)s AND t.paid_on <= %(today)s{within}
"""


def transfers_of(actor: Actor, *, today: date) -> Transfers | None:
    """The landlord's transfers of the last seven months that had any, those only announced left out; None before the first one.

    Needs the right « Paiements ».
    """
    if not actor.may(Right.PAYMENTS):
        raise NotAllowed(Right.PAYMENTS.label)
    values = {**seen_by(actor), "before": TRANSFER_MONTHS - 1, "margin": PAY_DAY_MARGIN, "today": today}
    found = rows(_TRANSFERS.format(within=within(actor, "t.caf_code")), values)
    if not found:
        return None
    last_day, last_month, _, tenancies, is_paid_in_parts, _ = found[-1]
    if is_paid_in_parts and tenancies <= ADDED_UP_TO:
        seen = of_tenancy(actor, "p.tenancy_id")
        query = _TENANCIES.format(within=within(actor, "t.caf_code"), seen=seen)
        tenancies = rows(query, {**values, "month": last_month})[0][0]
    totals = {month: cents for _, month, cents, *_ in found}
    months = tuple(TransferMonth(item, totals.get(item, 0)) for item in months_back(last_day, TRANSFER_MONTHS))
    months = months[next(index for index, item in enumerate(months) if item.month in totals) :]
    before = next((row[5] for row in found if row[5] is not None), None)
    return Transfers(last_day, months, tenancies, None if before is None else months[-1].cents - before)
