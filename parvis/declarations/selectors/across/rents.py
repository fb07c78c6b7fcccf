"""A page of July rents across the accounts of one credential, in the order of the accounts, then of each grid.

The counts kept by the writes say where the rows of a page are, so that few accounts are opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.models import Receipt
from parvis.declarations.selectors import entries
from parvis.declarations.selectors.across.owing import OwingAccount
from parvis.declarations.selectors.grid import GridRow, rows_query
from parvis.declarations.selectors.grid.norms import norms_of

PAGE = 25
# Each account is read by the index of its grid, in the order of its grid.
_PICKED = """(
SELECT picked.rank, picked.year, picked.sees_aid, picked.sort_name, picked.tenancy_id
FROM unnest(%(landlords)s::uuid[], %(years)s::int[], %(offices)s::text[], %(edges)s::uuid[], %(aids)s::bool[])
  WITH ORDINALITY AS chosen (landlord_id, year, offices, edge, sees_aid, rank)
CROSS JOIN LATERAL (
  SELECT chosen.rank, chosen.sees_aid, chosen.year, e.sort_name, e.tenancy_id FROM ({found}) e
) picked ORDER BY picked.rank, picked.sort_name {order}, picked.tenancy_id {order} LIMIT %(limit)s) picked"""
_WANTED = """e.landlord_id = chosen.landlord_id AND e.year = chosen.year
    AND (chosen.offices = '' OR (SELECT own.caf_code FROM tenancies_tenancy own WHERE own.id = e.tenancy_id)
         = ANY(string_to_array(chosen.offices, ',')))
    AND (chosen.edge IS NULL OR (e.sort_name, e.tenancy_id) {sign} (
      SELECT x.sort_name, x.tenancy_id FROM declarations_campaignentry x JOIN tenancies_tenancy at ON at.id = x.tenancy_id
      WHERE at.reference = chosen.edge AND x.landlord_id = chosen.landlord_id AND x.year = chosen.year))"""
_READY = entries.FILTERS["prets"]


class RentRow(NamedTuple):
    """One rent not with the office yet, in one of the accounts: the row of its own grid."""

    account: OwingAccount
    row: GridRow

    @property
    def reference(self) -> UUID:
        """The tenancy's."""
        return self.row.reference


class Edge(NamedTuple):
    """The row at the edge of a page: its account's reference, then its tenancy's."""

    account: str
    tenancy: UUID

    def __str__(self) -> str:
        return f"{self.account}.{self.tenancy}"


@dataclass(frozen=True, slots=True)
class RentPage:
    """One page of rents; ``previous`` and ``next`` are edges to page from, None at the ends.

    ``begins_inside`` and ``ends_inside`` say that the first or the last account has other rents on the page before or after.
    """

    rows: list[RentRow]
    previous: Edge | None
    next: Edge | None
    begins_inside: bool = False
    ends_inside: bool = False


def rents_owed(
    accounts: Sequence[OwingAccount], *, after: Edge | None = None, before: Edge | None = None, size: int = PAGE
) -> RentPage:
    """A page of the rents of ``accounts``, in their order, then in that of each grid. An unknown edge is no edge."""
    edge, backward = before or after, before is not None
    ordered = list(reversed(accounts)) if backward else list(accounts)
    start = next((rank for rank, account in enumerate(ordered) if edge and account.reference == edge.account), None)
    if start is None:
        edge, start = None, 0
        ordered, backward = list(accounts), False
    found = _rows(ordered[start:], edge, backward=backward, limit=size + 1)
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    has_before, has_after = (more, bool(rows)) if backward else (edge is not None, more)
    page = RentPage(rows, _edge(rows, 0) if has_before else None, _edge(rows, -1) if has_after else None)
    came_from, beyond = edge.account if edge else "", found[size].account.reference if more else ""
    left, right = (beyond, came_from) if backward else (came_from, beyond)
    return replace(page, begins_inside=_is_at(rows, 0, left), ends_inside=_is_at(rows, -1, right)) if rows else page


def _is_at(rows: list[RentRow], index: int, reference: str) -> bool:
    return rows[index].account.reference == reference


def _edge(rows: list[RentRow], index: int) -> Edge | None:
    return Edge(rows[index].account.reference, rows[index].reference) if rows else None


def rents_ready(accounts: Sequence[OwingAccount], *, size: int) -> list[RentRow]:
    """The first rents that would leave if these accounts sent now, in the order of the accounts."""
    return _read([account for account in accounts if account.drafted], None, _READY, backward=False, limit=size)


def receipts_of_sending(credential_id: int, key: UUID) -> list[Receipt]:
    """What a sending across accounts was given: one receipt an account and office, of this credential's accounts alone."""
    own = Receipt.objects.filter(submission_key=key, account__credential_id=credential_id)
    return list(own.select_related("office", "account").order_by("number"))


def _rows(accounts: list[OwingAccount], edge: Edge | None, *, backward: bool, limit: int) -> list[RentRow]:
    chosen = _enough(accounts, limit, partly=edge is not None)
    return _read(chosen, edge, entries.FILTERS[""], backward=backward, limit=limit)


def _read(
    chosen: list[OwingAccount], edge: Edge | None, shown: entries.Shown, *, backward: bool, limit: int
) -> list[RentRow]:
    if not chosen:
        return []
    way = "DESC" if backward else "ASC"
    where = _WANTED.format(sign="<" if backward else ">") + shown.also
    end = f"ORDER BY e.sort_name {way}, e.tenancy_id {way} LIMIT %(limit)s"
    source = _PICKED.format(found=entries.picked(shown.groups, where, end), order=way)
    query = rows_query(source, year="picked.year", sees_aid="picked.sees_aid", also=", picked.rank")
    values: dict[str, Any] = {
        "landlords": [account.partner_id for account in chosen],
        "years": [account.year for account in chosen],
        "offices": [",".join(account.offices) for account in chosen],
        "edges": [edge.tenancy if edge and rank == 0 else None for rank in range(len(chosen))],
        "aids": [account.sees_aid for account in chosen],
        "limit": limit,
    }
    norms = {account.year: norms_of(account.year) for account in chosen}
    with connection.cursor() as cursor:
        cursor.execute(f"{query} ORDER BY picked.rank, picked.sort_name {way}, picked.tenancy_id {way}", values)
        found = [(chosen[row[-1] - 1], row[:-1]) for row in cursor.fetchall()]
    return [RentRow(account, GridRow._make((*row, norms[account.year]))) for account, row in found]


def _enough(accounts: list[OwingAccount], limit: int, *, partly: bool) -> list[OwingAccount]:
    """The first accounts that hold ``limit`` rents between them; of the first one perhaps nothing is left, if ``partly``."""
    chosen, held = [], 0
    for rank, account in enumerate(accounts):
        if held >= limit:
            break
        chosen.append(account)
        held += 0 if partly and rank == 0 else account.remaining
    return chosen
