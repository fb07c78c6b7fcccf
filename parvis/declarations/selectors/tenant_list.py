"""The list of tenants, page by page: as cheap with 300 000 tenancies as with three (performance.md, P3 and P4).

Pages follow one another by key, never by number: the cursor is the reference of the row at the edge of the page shown,
so that no name stands in an address. Two ways of searching:

- by index (names in either order, claimant numbers old and new, the landlord's own reference): cost of the rows found;
- everywhere (addresses, first names alone): reads the landlord's list in order, ``READ_AT_MOST`` rows a page; when
  nothing more was found in them, ``next`` goes on from where the reading stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.models import OPEN_STATES, EntryState
from parvis.kit.actors import Actor
from parvis.tenancies.rules import NameMatch, Search
from parvis.tenancies.selectors.scope import seen_by, within
from parvis.tenancies.selectors.sheet import situation

READ_AT_MOST = 5_000
LAST_CHARACTER = "\U0010ffff"
_OPEN = "('" + "', '".join(OPEN_STATES) + "')"


class TenantRow(NamedTuple):
    """A line of the list. Aid is None unless it is paid to this landlord (domain.md §3.1, secrecy)."""

    reference: UUID
    first_name: str
    last_name: str
    claimant_number: str
    own_reference: str
    address: str
    town: str
    rent_cents: int | None
    direct_payment: bool
    aid_cents: int | None
    end_on: date | None
    state: str | None

    @property
    def state_label(self) -> str:
        """The state of this year's July rent as the screens name it; empty outside the campaign."""
        return EntryState(self.state).label if self.state and self.state != EntryState.OUT else ""


@dataclass(frozen=True, slots=True)
class TenantPage:
    """One page of the list; ``next`` and ``previous`` are the cursors of its neighbours, None at the ends."""

    rows: list[TenantRow]
    next: UUID | None
    previous: UUID | None


@dataclass(frozen=True, slots=True)
class TenantFilters:
    """What narrows the list. ``everywhere`` searches addresses and first names too, by reading (see above)."""

    search: Search | None = None
    everywhere: bool = False
    to_declare: bool = False
    direct_payment: bool = False
    former: bool = False


def tenant_page(
    actor: Actor,
    *,
    filters: TenantFilters,
    year: int | None,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = 25,
) -> TenantPage:
    """The page after or before a row of the landlord's list, in the order of names; the first page without cursor."""
    query = _Query(actor, filters, year, cursor=before or after, backward=before is not None, limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(query.sql(), query.values)
        found = cursor.fetchall()
    resume: UUID | None = found[0][0] if found else None
    rows = [TenantRow._make(row[1:]) for row in found if row[1] is not None]
    more = len(rows) > limit
    rows = rows[:limit]
    beyond = rows[-1].reference if more else resume
    if before is not None:
        rows.reverse()
        return TenantPage(rows, next=rows[-1].reference if rows else None, previous=beyond)
    return TenantPage(rows, next=beyond, previous=rows[0].reference if rows and after else None)


class _Query:
    """The statement of one page, put together from its parts; values are always parameters."""

    def __init__(
        self, actor: Actor, filters: TenantFilters, year: int | None, *, cursor: UUID | None, backward: bool, limit: int
    ) -> None:
        self.filters = filters
        self.within, self.edge_within = within(actor, "t.caf_code"), within(actor, "a.caf_code")
        self.way, self.compare = ("DESC", "<") if backward else ("ASC", ">")
        self.cursor = cursor
        self.values: dict[str, Any] = {
            **seen_by(actor),
            "year": year,
            "cursor": cursor,
            "limit": limit + 1,
            "shown": limit,
            "read": READ_AT_MOST,
        }

    def sql(self) -> str:
        """The whole statement: pick the identifiers in the order of the list, then show those few rows."""
        way = self.way
        return f"""
WITH {self._picked()}
SELECT resume.reference, t.reference, t.first_name, t.last_name, t.claimant_number, t.own_reference,
       btrim(t.address_1 || ' ' || t.address_2), t.postcode || ' ' || t.city, t.rent_cents, t.direct_payment,
       aid.amount_cents, t.end_on, e.state
FROM {self._resume()} LEFT JOIN picked ON true
LEFT JOIN tenancies_tenancy t ON t.id = picked.id
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = %(year)s
LEFT JOIN LATERAL (
  SELECT p.amount_cents FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid' ORDER BY p.month DESC LIMIT 1
) aid ON t.direct_payment
ORDER BY picked.sort_name {way}, picked.id {way}"""

    def _picked(self) -> str:
        search = self.filters.search
        if search is not None and self.filters.everywhere:
            return self._read_everywhere(search.words)
        if search is not None:
            branches = " UNION ALL ".join(f"({branch})" for branch in self._branches(search))
            return f"picked AS (SELECT sort_name, id FROM ({branches}) found {self._order('found')} LIMIT %(limit)s)"
        if self.filters.to_declare:
            return f"picked AS ({self._to_declare()})"
        return f"picked AS ({self._select('')} {self._order('t')} LIMIT %(limit)s)"

    def _resume(self) -> str:
        """Where a reading that stopped before the page was full is to go on; nothing for the other lists."""
        if not (self.filters.search and self.filters.everywhere):
            return "(SELECT NULL::uuid AS reference) resume"
        return """(SELECT CASE WHEN (SELECT count(*) FROM picked) <= %(shown)s THEN
  (SELECT reference FROM read OFFSET %(read)s - 1 LIMIT 1) END AS reference) resume"""

    def _select(self, condition: str, columns: str = "t.sort_name, t.id") -> str:
        """Rows of the list with its filters, beyond the cursor, in no order yet."""
        parts = [f"t.landlord_id = %(landlord)s{self.within}", situation("t", former=self.filters.former)]
        if self.filters.direct_payment:
            parts.append("t.direct_payment")
        if self.filters.to_declare:
            parts.append(
                "EXISTS (SELECT 1 FROM declarations_campaignentry e"
                f" WHERE e.tenancy_id = t.id AND e.year = %(year)s AND e.state IN {_OPEN})"
            )
        if self.cursor is not None:
            parts.append(
                f"(t.sort_name, t.id) {self.compare} (SELECT a.sort_name, a.id FROM tenancies_tenancy a"
                f" WHERE a.reference = %(cursor)s AND a.landlord_id = %(landlord)s{self.edge_within})"
            )
        if condition:
            parts.append(condition)
        return f"SELECT {columns} FROM tenancies_tenancy t WHERE {' AND '.join(parts)}"

    def _order(self, alias: str) -> str:
        return f"ORDER BY {alias}.sort_name {self.way}, {alias}.id {self.way}"

    def _to_declare(self) -> str:
        """Driven by the entries of the campaign, whose own index is in the order of names."""
        beyond, direct = "", self.within
        if self.cursor is not None:
            beyond = (
                f"AND (e.sort_name, e.tenancy_id) {self.compare} (SELECT x.sort_name, x.tenancy_id"
                " FROM declarations_campaignentry x JOIN tenancies_tenancy a ON a.id = x.tenancy_id"
                f" WHERE a.reference = %(cursor)s AND x.landlord_id = %(landlord)s AND x.year = %(year)s{self.edge_within})"
            )
        if self.filters.direct_payment:
            direct += " AND t.direct_payment"
        return f"""
SELECT e.sort_name, e.tenancy_id AS id FROM declarations_campaignentry e
JOIN tenancies_tenancy t ON t.id = e.tenancy_id AND {situation("t", former=self.filters.former)} {direct}
WHERE e.landlord_id = %(landlord)s AND e.year = %(year)s AND e.state IN {_OPEN} {beyond}
ORDER BY e.sort_name {self.way}, e.tenancy_id {self.way} LIMIT %(limit)s"""

    def _branches(self, search: Search) -> list[str]:
        """One index range each, none giving a row another one gives."""
        conditions: list[str] = [self._name_condition(index, match) for index, match in enumerate(search.names)]
        if search.number is not None:
            self.values["number_low"], self.values["number_high"] = search.number
            conditions = [
                "t.claimant_number BETWEEN %(number_low)s AND %(number_high)s",
                "t.former_claimant_number <> '' AND t.former_claimant_number BETWEEN %(number_low)s AND %(number_high)s",
            ]
        own = " ".join(search.words)
        self.values |= {"own_low": own, "own_high": own + LAST_CHARACTER}
        conditions.append(
            "t.own_reference <> '' AND parvis_fold(t.own_reference) COLLATE \"C\" >= %(own_low)s"
            ' AND parvis_fold(t.own_reference) COLLATE "C" < %(own_high)s'
        )
        branches = []
        for index, condition in enumerate(conditions):
            others = "".join(f" AND NOT ({earlier})" for earlier in conditions[:index])
            branches.append(f"{self._select(condition + others)} {self._order('t')} LIMIT %(limit)s")
        return branches

    def _name_condition(self, index: int, match: NameMatch) -> str:
        low, high, inside = f"name_{index}_low", f"name_{index}_high", f"name_{index}_inside"
        self.values |= {low: match.prefix, high: match.prefix + LAST_CHARACTER}
        condition = f"t.sort_name >= %({low})s AND t.sort_name < %({high})s"
        if match.containing:
            self.values[inside] = f"% {_literal(match.containing)}%"
            condition += f" AND t.sort_name LIKE %({inside})s"
        return condition

    def _read_everywhere(self, words: tuple[str, ...]) -> str:
        """Every word somewhere in the name, the number, the reference or the address; as many rows as one page may read.

        A materialized CTE is read lazily and in its own order: twenty-six found early end the reading there. OFFSET 0
        keeps the folding from being done once per word.
        """
        columns = (
            "t.sort_name, t.id, t.reference, t.claimant_number, t.own_reference,"
            " t.address_1, t.address_2, t.postcode, t.city"
        )
        tests = []
        for index, word in enumerate(words):
            self.values[f"word_{index}"] = f"% {_literal(word)}%"
            tests.append(f"text LIKE %(word_{index})s")
        return f"""
read AS MATERIALIZED ({self._select("", columns)} {self._order("t")} LIMIT %(read)s),
picked AS MATERIALIZED (SELECT sort_name, id FROM read CROSS JOIN LATERAL (SELECT ' ' || parvis_fold(concat_ws(' ',
  sort_name, claimant_number, own_reference, address_1, address_2, postcode, city)) AS text OFFSET 0) folded
  WHERE {" AND ".join(tests)} LIMIT %(limit)s)"""


def _literal(text: str) -> str:
    """Text as LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
