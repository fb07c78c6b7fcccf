"""The next transfers: those the office announces, else what they should come to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor
from parvis.kit.merging import rows
from parvis.tenancies.selectors.payments import ADDED_UP_TO, demand
from parvis.tenancies.selectors.payments.transfers import LATE_IN_THE_MONTH, TRANSFER_ACCOUNT
from parvis.tenancies.selectors.scope import of_tenancy, seen_by, within

STILL_EXPECTED_DAYS = 62


class NextPayment(NamedTuple):
    """The next transfers of one pay day: announced by the office, else what they should come to, told from the last ones.

    ``announced`` is the reference of the transfer, where it is one. ``is_rough``: too many tenancies to look whether each is
    still there: the last transfers' aids as they were.
    ``withheld_up_to_cents``: what was left to withhold after the last recoveries, never more than ``cents``. How much of it
    a transfer will withhold is not told: it is no part of ``cents``. Not looked up where ``is_rough``. ``before_cents`` is what
    the same pay day came to the last time, of what is announced: an estimate is made of it. ``account_last4`` ends the IBAN
    that what is announced goes to, where the office says so and it is one.
    """

    around: date
    cents: int
    tenancies: int
    told_from: date
    is_rough: bool
    withheld_up_to_cents: int = 0
    is_announced: bool = False
    announced: UUID | None = None
    before_cents: int | None = None
    account_last4: str = ""

    @property
    def difference_cents(self) -> int:
        """How far from the last time; nothing where there was none, or nothing is announced."""
        return 0 if self.before_cents is None else self.cents - self.before_cents

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
_ANNOUNCED = f"""
SELECT t.caf_code, date_part('day', t.paid_on) > {LATE_IN_THE_MONTH} AS late, t.paid_on, t.total_cents, t.tenancies, t.reference,
       {TRANSFER_ACCOUNT} AS account
FROM tenancies_transfer t WHERE t.landlord_id = %(landlord)s AND t.paid_on > %(today)s{{within}}
"""
# An office that announced a pay day is not estimated there; those that did not yet are, beside it.
_UNTOLD = """
SELECT l.* FROM ({last}) l WHERE NOT EXISTS (SELECT 1 FROM ({announced}) s WHERE s.late = l.late AND s.caf_code = l.caf_code)
"""
# What is announced, of each pay day the first to come (what several offices announce for one day is one sum, held against what the
# same offices paid the last time); and what the last transfers of the others were, pay day by pay day.
_AROUND = """
(SELECT DISTINCT ON (d.late) true AS announced, d.late, d.cents, d.tenancies, d.paid_on, d.reference,
   (SELECT sum(l.total_cents)::bigint FROM ({last}) l WHERE l.late = d.late AND l.caf_code = ANY(d.offices)) AS before,
   d.account
 FROM (SELECT late, paid_on, sum(total_cents)::bigint AS cents, sum(tenancies)::int AS tenancies,
              CASE WHEN count(*) = 1 THEN (array_agg(reference))[1] END AS reference, array_agg(caf_code) AS offices,
              CASE WHEN min(account) = max(account) THEN max(account) ELSE '' END AS account
       FROM ({announced}) s GROUP BY 1, 2) d
 ORDER BY d.late, d.paid_on)
UNION ALL
SELECT false, late, sum(aid_cents)::bigint, sum(tenancies)::int, max(paid_on), NULL, NULL, '' FROM ({untold}) u GROUP BY late
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
    """The next transfer of each pay day: what offices announce, with its sum; of those that announced nothing, an estimate.

    The estimate is last month's aids of the tenancies that are still there and paid to the landlord.
    """
    demand(actor)
    values = {**seen_by(actor), "since": today - timedelta(days=STILL_EXPECTED_DAYS), "today": today}
    own = within(actor, "t.caf_code")
    parts = {"last": _LAST.format(within=own), "announced": _ANNOUNCED.format(within=own)}
    untold = _UNTOLD.format(**parts)
    around = rows(_AROUND.format(**parts, untold=untold), values)
    announced = [
        NextPayment(
            day,
            cents,
            tenancies,
            day,
            False,
            is_announced=True,
            announced=reference,
            before_cents=before,
            account_last4=last4,
        )
        for is_announced, _, cents, tenancies, day, reference, before, last4 in around
        if is_announced
    ]
    rough = [row[1:5] for row in around if not row[0]]
    found = [*announced, *(_estimates(actor, untold, values, rough) if rough else ())]
    return sorted(found, key=attrgetter("around"))


def _estimates(
    actor: Actor, untold: str, values: dict[str, Any], rough: Sequence[tuple[bool, int, int, date]]
) -> list[NextPayment]:
    """What the transfers that nobody announced should come to; ``rough`` is what the last ones were."""
    is_rough = sum(row[2] for row in rough) > ADDED_UP_TO
    sure = [] if is_rough else rows(_NEXT.format(last=untold), values)
    withheld = {} if is_rough else dict(rows(_STILL_WITHHELD.format(within=of_tenancy(actor, "p.tenancy_id")), values))
    return [
        NextPayment(month_after(day), cents, tenancies, day, is_rough, min(cents, withheld.get(late, 0)))
        for late, cents, tenancies, day in (rough if is_rough else sure)
        if cents > 0
    ]


def coming_payment(actor: Actor, *, today: date) -> NextPayment | None:
    """The first transfer still to come; None where none is expected, or only one whose day has passed."""
    return next((item for item in next_payments(actor, today=today) if item.around >= today), None)


def month_after(day: date) -> date:
    """The same day a month later, or the last of that month."""
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    longest = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - first).days
    return first.replace(day=min(day.day, longest))
