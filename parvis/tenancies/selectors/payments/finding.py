"""A transfer found again by its amount or its day, and those a bank statement should show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from parvis.kit.actors import Actor
from parvis.kit.merging import rows
from parvis.tenancies.selectors.payments import demand
from parvis.tenancies.selectors.payments.transfers import TRANSFER, TransferLine
from parvis.tenancies.selectors.scope import seen_by, within

MOST_FOUND = 25
MOST_MATCHED = 5_000
DAYS_AROUND = 5
"""A bank writes a transfer down some days after it was ordered."""


def transfers_found(actor: Actor, *, cents: int | None = None, day: date | None = None) -> list[TransferLine]:
    """The transfers of exactly that amount, or ordered around that day, newest first."""
    demand(actor)
    values: dict[str, Any] = {**seen_by(actor), "cents": cents}
    if day is not None:
        values |= _around(day, day)
    where = (
        " AND t.total_cents = %(cents)s" if day is None else " AND t.paid_on >= %(since)s AND t.paid_on <= %(until)s"
    )
    return _found(actor, where, values, MOST_FOUND)


def transfers_between(actor: Actor, first: date, last: date) -> list[TransferLine]:
    """The transfers that a bank statement of these days may show: the newest five thousand."""
    demand(actor)
    where = " AND t.paid_on >= %(since)s AND t.paid_on <= %(until)s"
    return _found(actor, where, {**seen_by(actor), **_around(first, last)}, MOST_MATCHED)


def _around(first: date, last: date) -> dict[str, date]:
    margin = timedelta(days=DAYS_AROUND)
    since = first - margin if first > date.min + margin else date.min
    return {"since": since, "until": last + margin if last < date.max - margin else date.max}


def _found(actor: Actor, where: str, values: dict[str, Any], most: int) -> list[TransferLine]:
    order = f" ORDER BY t.paid_on DESC, t.reference DESC LIMIT {most}"
    return [TransferLine(*row) for row in rows(f"{TRANSFER}{within(actor, 't.caf_code')}{where}{order}", values)]
