"""What the landlord's home says of its portfolio: counts, the office's view of the landlord, transfers received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from parvis.kit.actors import Actor, Right
from parvis.kit.periods import months_back
from parvis.kit.refusals import NotAllowed
from parvis.tenancies.selectors.scope import kept_count, of_tenancy, seen_by, within

TRANSFER_MONTHS = 7
SUMMED_UP_TO = 10_000
"""Beyond this many tenancies the home does not add payments up: a page must not read a hundred thousand lines."""
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
    """How many tenancies, and the landlord as its office knows it; ``landlord_total`` counts those of other offices too.

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
    landlord_total: int = 0
    offices: tuple[tuple[str, str], ...] = ()


_PORTFOLIO = """
SELECT COALESCE({current}, 0), COALESCE({former}, 0), COALESCE(c.current + c.former, 0), n.user_number,
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
LEFT JOIN landlords_processingtime d ON d.office_id = n.office_id
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
        rows = cursor.fetchall()
    if not rows:
        return Portfolio(0, 0, user_number, (), "", "", "", ())
    current, former, total, number, line_1, line_2, line_3, town, phone, email, office, offices, *_ = rows[0]
    return Portfolio(
        current=current,
        former=former,
        user_number=number or user_number,
        address=tuple(line for line in (line_1, line_2, line_3, town) if line),
        phone=phone or "",
        email=email or "",
        office_name=office or "",
        delays=tuple(ProcessingDelay(*row[12:]) for row in rows if row[12]),
        landlord_total=total,
        offices=tuple(sorted(((code, name) for code, name in offices or ()), key=lambda office: office[1])),
    )


class TransferMonth(NamedTuple):
    """What one calendar month's transfers came to, recoveries deducted."""

    month: date
    cents: int


@dataclass(frozen=True, slots=True)
class Transfers:
    """The transfers received. ``months`` is empty and ``difference_cents`` None where they are not added up."""

    last_paid_on: date
    months: tuple[TransferMonth, ...]
    tenancies: int
    difference_cents: int | None

    @property
    def last_cents(self) -> int | None:
        """What the last month came to so far."""
        return self.months[-1].cents if self.months else None


_LAST_DAY = "SELECT max(paid_on) AS day FROM tenancies_payment WHERE landlord_id = %(landlord)s"
_LAST_DAY_SEEN = """
SELECT (SELECT x.paid_on FROM tenancies_payment x WHERE x.landlord_id = %(landlord)s{within}
        ORDER BY x.paid_on DESC LIMIT 1) AS day
"""
# The month before counts up to the same pay day only: half a month is not compared to a whole one.
_TRANSFERS = """
WITH last AS ({last})
SELECT last.day, date_trunc('month', p.paid_on)::date, sum(p.amount_cents),
       count(DISTINCT p.tenancy_id) FILTER (WHERE p.paid_on >= date_trunc('month', last.day)),
       sum(p.amount_cents) FILTER (
         WHERE p.paid_on < date_trunc('month', last.day)
           AND p.paid_on >= date_trunc('month', last.day) - interval '1 month'
           AND date_part('day', p.paid_on) <= date_part('day', last.day) + %(margin)s)
FROM last LEFT JOIN tenancies_payment p ON %(summed)s AND p.landlord_id = %(landlord)s
  AND p.paid_on >= date_trunc('month', last.day) - make_interval(months => %(before)s){within}
GROUP BY 1, 2 ORDER BY 2
"""


def _last_day(actor: Actor) -> str:
    """The last transfer the actor sees; for a limited one, read backwards until one of their offices is found."""
    return _LAST_DAY_SEEN.format(within=of_tenancy(actor, "x.tenancy_id")) if actor.offices else _LAST_DAY


def transfers_of(actor: Actor, portfolio: Portfolio) -> Transfers | None:
    """The landlord's transfers of the last seven months that had any; None before the first one.

    Needs the right « Paiements ». A portfolio too large to be added up for a page gives the last day alone.
    """
    if not actor.may(Right.PAYMENTS):
        raise NotAllowed(Right.PAYMENTS.label)
    values = {
        **seen_by(actor),
        "summed": max(portfolio.current + portfolio.former, portfolio.landlord_total) <= SUMMED_UP_TO,
        "before": TRANSFER_MONTHS - 1,
        "margin": PAY_DAY_MARGIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFERS.format(last=_last_day(actor), within=of_tenancy(actor, "p.tenancy_id")), values)
        rows = cursor.fetchall()
    if not rows or rows[0][0] is None:
        return None
    last_day = rows[0][0]
    totals = {month: cents for _, month, cents, _, _ in rows if month is not None}
    if not totals:
        return Transfers(last_day, (), 0, None)
    months = tuple(TransferMonth(item, totals.get(item, 0)) for item in months_back(last_day, TRANSFER_MONTHS))
    months = months[next(index for index, item in enumerate(months) if item.month in totals) :]
    before = next((same for _, month, _, _, same in rows if same is not None), None)
    difference = months[-1].cents - before if before is not None else None
    return Transfers(last_day, months, rows[-1][3], difference)
