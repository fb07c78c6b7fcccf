"""The yearly statement: what was paid in a calendar year, month by month, office by office, tenant by tenant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor
from parvis.kit.merging import rows, rows_in_blocks
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.payments import demand
from parvis.tenancies.selectors.payments.transfers import TRANSFER_ACCOUNT, year_bounds
from parvis.tenancies.selectors.scope import of_tenancy, seen_by, within

LINES_ADDED_UP_TO = 30_000


class Sums(NamedTuple):
    """What one month or one office came to; recoveries are negative."""

    label: date | str
    transfers: int
    aid_cents: int
    back_payment_cents: int
    recovery_cents: int

    @property
    def total_cents(self) -> int:
        """What reached the bank."""
        return self.aid_cents + self.back_payment_cents + self.recovery_cents


class TenantYear(NamedTuple):
    """What was paid for one tenant."""

    tenancy: UUID
    name: str
    claimant_number: str
    is_here: bool
    aid_cents: int
    back_payment_cents: int
    recovery_cents: int

    @property
    def total_cents(self) -> int:
        """The same, recoveries deducted."""
        return self.aid_cents + self.back_payment_cents + self.recovery_cents


@dataclass(frozen=True, slots=True)
class Year:
    """A year of payments. ``tenants`` is None where there are too many lines to add up tenant by tenant. ``accounts`` are the
    last four signs of each IBAN that something went to, none where no office said it."""

    year: int
    months: tuple[Sums, ...]
    offices: tuple[Sums, ...]
    accounts: tuple[Sums, ...]
    tenants: tuple[TenantYear, ...] | None

    @property
    def whole(self) -> Sums:
        """All of it."""
        columns = [[item[place] for item in self.months] for place in range(1, 5)]
        return Sums("Total", *(sum(int(str(value)) for value in column) for column in columns))


_SUMS = """
SELECT {label}, count(*)::int, sum(t.aid_cents)::bigint, sum(t.back_payment_cents)::bigint, sum(t.recovery_cents)::bigint,
       sum(t.lines)::bigint
FROM tenancies_transfer t LEFT JOIN landlords_office o ON o.caf_code = t.caf_code
WHERE t.landlord_id = %(landlord)s AND t.paid_on >= %(first)s AND t.paid_on <= %(last)s{within} GROUP BY 1 ORDER BY 1
"""
_TENANTS = """
SELECT x.reference, btrim(x.first_name || ' ' || x.last_name), x.claimant_number, x.landlord_id = %(landlord)s, s.aid, s.back, s.recovery
FROM (
  SELECT p.tenancy_id, COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'aid'), 0)::bigint AS aid,
         COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'back_payment'), 0)::bigint AS back,
         COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'recovery'), 0)::bigint AS recovery
  FROM tenancies_payment p
  WHERE p.landlord_id = %(landlord)s AND p.paid_on >= %(first)s AND p.paid_on <= %(last)s{within} GROUP BY p.tenancy_id
) s JOIN tenancies_tenancy x ON x.id = s.tenancy_id ORDER BY x.sort_name, x.id
"""


def tenants_of(actor: Actor, year: int, *, today: date) -> Iterator[TenantYear]:
    """What was paid for each tenant, however many they are, for a file."""
    demand(actor)
    query = _TENANTS.format(within=of_tenancy(actor, "p.tenancy_id"))
    yield from (TenantYear(*row) for row in rows_in_blocks(query, {**seen_by(actor), **year_bounds(year, until=today)}))


def year_of(actor: Actor, year: int, *, today: date) -> Year:
    """What was paid in ``year`` until today; a year without any transfer is not found."""
    demand(actor)
    values = {**seen_by(actor), **year_bounds(year, until=today)}
    limit = within(actor, "t.caf_code")
    months = rows(_SUMS.format(label="date_trunc('month', t.paid_on)::date", within=limit), values)
    if not months:
        raise NotFound
    offices = rows(_SUMS.format(label="COALESCE(o.name, t.caf_code)", within=limit), values)
    accounts = _sums(rows(_SUMS.format(label=TRANSFER_ACCOUNT, within=limit), values))
    named = accounts if any(item.label for item in accounts) else ()
    tenants = None
    if sum(row[5] for row in months) <= LINES_ADDED_UP_TO:
        found = rows(_TENANTS.format(within=of_tenancy(actor, "p.tenancy_id")), values)
        tenants = tuple(TenantYear(*row) for row in found)
    return Year(year, _sums(months), _sums(offices), named, tenants)


def _sums(found: Sequence[tuple[Any, ...]]) -> tuple[Sums, ...]:
    return tuple(Sums(*row[:5]) for row in found)
