"""July rents to declare across the accounts of one credential: how many in each, and which (performance.md, P5).

Only accounts that may declare and owe no step of sign-in are read: what a page of the account would not show is not
shown here either. The counts kept by the writes say where the rows of a page are, so that few accounts are opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.models import OPEN_STATES, Receipt
from parvis.declarations.selectors import entries
from parvis.declarations.selectors.grid import GridRow, rows_query
from parvis.kit.clock import day_in_paris
from parvis.kit.db import one_row
from parvis.kit.text import fold
from parvis.landlords.selectors.choice import IS_READY

PAGE = 25
_REMAINING = " + ".join(f"c.{state}" for state in OPEN_STATES)
_WHOLE = f"({' + '.join(f'whole.{state}' for state in OPEN_STATES)})"

# The campaign of each account is that of its own pages: the newest opened one, national or of an office of the landlord.
_OWING = f"""
WITH newest AS (
  SELECT DISTINCT ON (kind) id, published_at FROM identity_textversion WHERE published_at <= %(at)s
  ORDER BY kind, version DESC
), opened AS (
  SELECT year, office_id FROM declarations_rentcampaign WHERE opens_on <= %(today)s
), national AS (
  SELECT max(year) AS year FROM opened WHERE office_id IS NULL
), early AS (
  SELECT year, office_id FROM opened WHERE office_id IS NOT NULL AND year > COALESCE((SELECT year FROM national), 0)
), owing AS MATERIALIZED (
  SELECT a.id, a.partner_id, a.reference, whole.year, COALESCE(m.offices, '{{}}') AS offices, CASE
    WHEN COALESCE(cardinality(m.offices), 0) = 0 THEN {_WHOLE}
    ELSE (SELECT COALESCE(sum({_REMAINING}), 0)::int FROM declarations_campaignofficecount c
          WHERE c.landlord_id = a.partner_id AND c.year = whole.year AND c.caf_code = ANY(m.offices))
    END AS remaining, CASE
    WHEN COALESCE(cardinality(m.offices), 0) = 0 THEN whole.drafted
    ELSE (SELECT COALESCE(sum(c.drafted), 0)::int FROM declarations_campaignofficecount c
          WHERE c.landlord_id = a.partner_id AND c.year = whole.year AND c.caf_code = ANY(m.offices))
    END AS drafted
  FROM identity_account a LEFT JOIN landlords_membership m ON m.account_id = a.id
  JOIN declarations_campaigncount whole ON whole.landlord_id = a.partner_id AND whole.year = CASE WHEN EXISTS (SELECT 1 FROM early)
    THEN COALESCE((SELECT max(e.year) FROM early e JOIN landlords_thirdpartynumber own ON own.office_id = e.office_id
                   WHERE own.landlord_id = a.partner_id
                     AND (COALESCE(cardinality(m.offices), 0) = 0 OR own.office_id = ANY(m.offices))), (SELECT year FROM national))
    ELSE (SELECT year FROM national) END
  WHERE a.credential_id = %(credential)s AND a.state NOT IN ('disabled', 'frozen') AND {_WHOLE} > 0 AND {IS_READY}
)
"""
_COUNTS = _OWING + "SELECT id, remaining FROM owing WHERE remaining > 0"
_ACCOUNTS = (
    _OWING
    + """
SELECT a.id, a.reference, a.partner_id, a.year, a.offices, a.remaining, a.drafted,
       EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'payments'
               AND (h.ended_at IS NULL OR h.ended_at > %(at)s)),
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
       COALESCE(o.caf_code, ''), COALESCE(o.name, '')
FROM owing a JOIN identity_account held ON held.id = a.id JOIN landlords_landlord l ON l.partner_id = a.partner_id
LEFT JOIN LATERAL (SELECT own.office_id FROM landlords_thirdpartynumber own WHERE own.landlord_id = a.partner_id
  ORDER BY own.office_id = ANY(a.offices) DESC,
           own.user_number = held.user_number DESC, own.absent_since NULLS FIRST, own.id LIMIT 1) n ON true
LEFT JOIN landlords_office o ON o.caf_code = n.office_id WHERE a.remaining > 0
"""
)
_TYPED = (
    _OWING.replace(
        "WHERE a.credential_id = %(credential)s",
        "WHERE a.credential_id = %(credential)s AND a.reference = %(reference)s",
    )
    + """
SELECT 1 FROM owing a JOIN declarations_campaignofficecount c ON c.landlord_id = a.partner_id AND c.year = a.year
WHERE c.drafted + c.to_confirm + c.to_correct > 0 AND (cardinality(a.offices) = 0 OR c.caf_code = ANY(a.offices)) LIMIT 1
"""
)
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


class OwingAccount(NamedTuple):
    """An account with July rents to declare; ``offices`` are those its person is limited to, none for all.

    ``drafted`` of the ``remaining`` ones are ready to leave; ``sees_aid`` says whether its person may see payments there.
    """

    id: int
    reference: str
    partner_id: UUID
    year: int
    offices: list[str]
    remaining: int
    drafted: int
    sees_aid: bool
    name: str
    caf_code: str
    office: str


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


def remaining_by_account(credential_id: int, *, at: datetime) -> dict[int, int]:
    """How many July rents remain in each account of the credential that has some, by the account's key. One statement."""
    return dict(_asked(_COUNTS, credential_id, at))


def accounts_owing(credential_id: int, *, at: datetime) -> list[OwingAccount]:
    """The accounts with July rents to declare, by name."""
    found = [OwingAccount(*row) for row in _asked(_ACCOUNTS, credential_id, at)]
    return sorted(found, key=lambda account: (fold(account.name), account.id))


def _asked(query: str, credential_id: int, at: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"credential": credential_id, "at": at, "today": day_in_paris(at)})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def has_unsent_rents(credential_id: int, reference: str, *, at: datetime) -> bool:
    """Whether July rents were typed and not sent in an account of this credential; never so in anybody else's."""
    asked = {"credential": credential_id, "reference": reference, "at": at, "today": day_in_paris(at)}
    return one_row(_TYPED, asked) is not None


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
    with connection.cursor() as cursor:
        cursor.execute(f"{query} ORDER BY picked.rank, picked.sort_name {way}, picked.tenancy_id {way}", values)
        return [RentRow(chosen[row[-1] - 1], GridRow(*row[:-1])) for row in cursor.fetchall()]


def _enough(accounts: list[OwingAccount], limit: int, *, partly: bool) -> list[OwingAccount]:
    """The first accounts that hold ``limit`` rents between them; of the first one perhaps nothing is left, if ``partly``."""
    chosen, held = [], 0
    for rank, account in enumerate(accounts):
        if held >= limit:
            break
        chosen.append(account)
        held += 0 if partly and rank == 0 else account.remaining
    return chosen
