"""The statement behind one page of the list of tenants: pick the identifiers in their order by an index, then show those rows.

Each order is a list of keys that an index holds, the last of them the identifier: pages are read from a key on, never counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from parvis.declarations.rules import in_groups
from parvis.declarations.selectors import entries
from parvis.declarations.selectors.tenant_lists import july
from parvis.declarations.selectors.tenant_lists.orders import (
    AID_STOPPED,
    BY_AID,
    BY_BUILDING,
    BY_GROUP,
    BY_NAME,
    DECLARED,
    OPEN_ENTRIES,
    VARIATIONS,
    Source,
)
from parvis.kit.actors import Actor, Right
from parvis.kit.text import like_literal
from parvis.tenancies.models import BUILDING
from parvis.tenancies.rules import NameMatch, Search
from parvis.tenancies.selectors.names import LAST_CHARACTER, is_joined, joined_values
from parvis.tenancies.selectors.scope import seen_by, within
from parvis.tenancies.selectors.sheet import situation

ORDERS = ("name", "building", "aid", "to_declare")


@dataclass(frozen=True, slots=True)
class TenantFilters:
    """What narrows and orders the list. ``everywhere`` searches addresses and first names too, by reading.

    ``july`` is a key of ``july.STATES``; ``paid_to`` is ``landlord`` or ``tenant``; ``situation`` a key of
    :data:`DECLARED` or ``aid_stopped``; ``variation`` a key of :data:`VARIATIONS`; ``building`` a tenancy whose street address the
    others share; ``order`` one of :data:`ORDERS`: that of names for a search and for former tenants. ``references`` are the only
    tenancies wanted, when some were chosen; ``suspended`` the offices where a rent that is missing suspends its aid by now.
    """

    search: Search | None = None
    everywhere: bool = False
    july: str = ""
    paid_to: str = ""
    situation: str = ""
    variation: str = ""
    building: UUID | None = None
    office: str = ""
    former: bool = False
    order: str = "name"
    references: tuple[UUID, ...] = ()
    suspended: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where a page stands: beyond or before a row, how long it is, how many rows it may read."""

    cursor: UUID | None
    backward: bool
    limit: int
    read: int


class TenantQuery:
    """The statement of one page, put together from its parts; values are always parameters."""

    def __init__(self, actor: Actor, filters: TenantFilters, year: int | None, place: Place) -> None:
        if not actor.may(Right.PAYMENTS):  # The order by aid would tell who has the larger one, and whose grew.
            filters = replace(filters, order="name" if filters.order == "aid" else filters.order, variation="")
        self.filters, self.cursor = filters, place.cursor
        self.within, self.edge_within = within(actor, "t.caf_code"), within(actor, "a.caf_code")
        self.source = self._source()
        self.way, self.compare = ("DESC", "<") if place.backward != self.source.descending else ("ASC", ">")
        self.values: dict[str, Any] = {
            **seen_by(actor),
            "year": year,
            "cursor": place.cursor,
            "limit": place.limit + 1,
            "shown": place.limit,
            "read": place.read,
            "office": filters.office,
            "building": filters.building,
            "references": list(filters.references),
            "suspended": list(filters.suspended),
            "sees_aid": actor.may(Right.PAYMENTS),
        }

    def _source(self) -> Source:
        asked = self.filters
        if asked.search is not None:
            return BY_NAME
        if asked.building is not None:
            return BY_BUILDING
        if asked.order in ("aid", "building") and not asked.former:
            return BY_AID if asked.order == "aid" else BY_BUILDING
        if asked.july == july.OPEN and asked.order != "to_declare":
            return OPEN_ENTRIES
        return BY_GROUP if asked.july or asked.order == "to_declare" else BY_NAME

    @property
    def is_read(self) -> bool:
        """Whether the rows are looked at one by one, so many a page."""
        asked = self.filters
        return bool(self._tests) or self._reads_july or (asked.search is not None and asked.everywhere)

    @property
    def _tests(self) -> list[str]:
        """What no index knows."""
        stopped = [AID_STOPPED] if self.filters.situation == "aid_stopped" else []
        return stopped + ([VARIATIONS[self.filters.variation]] if self.filters.variation else [])

    @property
    def _reads_july(self) -> bool:
        """Whether the state of July is looked at row by row, in an order that does not know it."""
        asked = self.filters
        return (
            bool(asked.july) and asked.search is None and asked.building is None and asked.order in ("aid", "building")
        )

    def sql(self) -> str:
        """The whole statement; the first column is where a reading that stopped before the page was full is to go on."""
        resume = "(SELECT NULL::uuid AS reference) resume"
        if self.is_read:
            resume = """(SELECT CASE WHEN (SELECT count(*) FROM picked) <= %(shown)s THEN
  (SELECT reference FROM read OFFSET %(read)s - 1 LIMIT 1) END AS reference) resume"""
        return f"""
WITH {self._picked()}
SELECT resume.reference, t.reference, t.first_name, t.last_name, t.claimant_number, t.own_reference,
       btrim(t.address_1 || ' ' || t.address_2), t.postcode || ' ' || t.city, t.rent_cents, t.direct_payment,
       aid.amount_cents, t.end_on, {july.SHOWN}
FROM {resume} LEFT JOIN picked ON true
LEFT JOIN tenancies_tenancy t ON t.id = picked.{self._last}
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = %(year)s
LEFT JOIN LATERAL (
  SELECT p.amount_cents FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid' ORDER BY p.month DESC LIMIT 1
) aid ON t.direct_payment AND %(sees_aid)s
{self._named_order("picked")}"""

    @property
    def _last(self) -> str:
        return f"k{len(self.source.keys) - 1}"

    def _picked(self) -> str:
        search = self.filters.search
        if search is not None and not self.filters.everywhere and not self._tests:
            branches = " UNION ALL ".join(f"({branch})" for branch in self._branches(search))
            names = ", ".join(self._names())
            return f"picked AS (SELECT {names} FROM ({branches}) found {self._named_order('found')} LIMIT %(limit)s)"
        if self.is_read:
            return self._read(search)
        return f"picked AS ({self._ordered('limit')})"

    def _ordered(self, limit: str, columns: str = "") -> str:
        """The first rows of the list, in its order: those not with the office yet are in several groups of their index."""
        if self.source is not OPEN_ENTRIES:
            return f"{self._select('', columns)} {self._order()} LIMIT %({limit})s"
        groups = (self._select(in_groups([group]), columns) for group in entries.OPEN)
        branches = " UNION ALL ".join(f"({group} {self._order()} LIMIT %({limit})s)" for group in groups)
        return f"SELECT * FROM ({branches}) found {self._named_order('found')} LIMIT %({limit})s"

    def _names(self) -> list[str]:
        return [f"k{index}" for index in range(len(self.source.keys))]

    def _named_order(self, alias: str) -> str:
        return "ORDER BY " + ", ".join(f"{alias}.{name} {self.way}" for name in self._names())

    def _order(self) -> str:
        return "ORDER BY " + ", ".join(f"{key} {self.way}" for key in self.source.keys)

    def _select(self, condition: str = "", columns: str = "") -> str:
        """Rows of the list with its filters, beyond the cursor, in no order yet."""
        keys = ", ".join(f"{key} AS {name}" for key, name in zip(self.source.keys, self._names(), strict=True))
        parts = [*self._conditions(), *([condition] if condition else [])]
        if self.cursor is not None:
            grouped = f" GROUP BY {self.source.edge_keys.split(', ')[-1]}" if "max(" in self.source.edge_keys else ""
            parts.append(
                f"({', '.join(self.source.keys)}) {self.compare} (SELECT {self.source.edge_keys} FROM {self.source.edge}"
                f" AND a.reference = %(cursor)s AND a.landlord_id = %(landlord)s{self.edge_within}{grouped})"
            )
        return f"SELECT {keys}{columns} FROM {self.source.table}{self.within} AND {' AND '.join(parts)}"

    def _conditions(self) -> list[str]:
        asked = self.filters
        parts = [situation("t", former=asked.former)]
        if asked.paid_to:
            parts.append("t.direct_payment" if asked.paid_to == "landlord" else "NOT t.direct_payment")
        if asked.office:
            parts.append("t.caf_code = %(office)s")
        if asked.building is not None:
            parts.append(
                f"{BUILDING.format('t')} = (SELECT {BUILDING.format('b')} FROM tenancies_tenancy b"
                " WHERE b.reference = %(building)s AND b.landlord_id = %(landlord)s)"
            )
        if asked.situation in DECLARED:
            parts.append(DECLARED[asked.situation])
        if asked.references:
            parts.append("t.reference = ANY(%(references)s)")
        if asked.july in july.CONDITIONS:
            parts.append(july.CONDITIONS[asked.july])
        if asked.july and not self._reads_july:
            parts.append(self._of_july())
        return parts

    def _of_july(self) -> str:
        which = july.STATES[self.filters.july]
        if self.source in (BY_GROUP, OPEN_ENTRIES):
            return which
        return f"EXISTS (SELECT 1 FROM declarations_campaignentry e WHERE e.tenancy_id = t.id AND e.year = %(year)s AND {which})"

    def _branches(self, search: Search) -> list[str]:
        """One index range each, none giving a row another one gives."""
        conditions: list[str] = [self._name_condition(index, match) for index, match in enumerate(search.names)]
        if search.number is not None:
            self.values["number_low"], self.values["number_high"] = search.number
            conditions = [
                "t.claimant_number BETWEEN %(number_low)s AND %(number_high)s",
                "t.former_claimant_number <> '' AND t.former_claimant_number BETWEEN %(number_low)s AND %(number_high)s",
            ]
        if search.joined:
            self.values |= joined_values(search)
            conditions.append(is_joined("t.id"))
        own = " ".join(search.words)
        self.values |= {"own_low": own, "own_high": own + LAST_CHARACTER}
        conditions.append(
            "t.own_reference <> '' AND parvis_fold(t.own_reference) COLLATE \"C\" >= %(own_low)s"
            ' AND parvis_fold(t.own_reference) COLLATE "C" < %(own_high)s'
        )
        branches = []
        for index, condition in enumerate(conditions):
            others = "".join(f" AND NOT ({earlier})" for earlier in conditions[:index])
            branches.append(f"{self._select(condition + others)} {self._order()} LIMIT %(limit)s")
        return branches

    def _name_condition(self, index: int, match: NameMatch) -> str:
        low, high, inside = f"name_{index}_low", f"name_{index}_high", f"name_{index}_inside"
        self.values |= {low: match.prefix, high: match.prefix + LAST_CHARACTER}
        condition = f"t.sort_name >= %({low})s AND t.sort_name < %({high})s"
        if match.containing:
            self.values[inside] = f"% {like_literal(match.containing)}%"
            condition += f" AND t.sort_name LIKE %({inside})s"
        return condition

    def _read(self, search: Search | None) -> str:
        """As many rows as one page may read, in their order; kept are those of which every test is true.

        A materialized CTE is read lazily and in its own order: twenty-six found early end the reading there. OFFSET 0
        keeps the folding from being done once per word.
        """
        tests = self._tests
        if self._reads_july:
            tests.append(self._of_july())
        folded = ""
        if search is not None:
            for index, word in enumerate(search.words):
                self.values[f"word_{index}"] = f"% {like_literal(word)}%"
                tests.append(f"text LIKE %(word_{index})s")
            folded = """CROSS JOIN LATERAL (SELECT ' ' || parvis_fold(concat_ws(' ',
  sort_name, claimant_number, own_reference, address_1, address_2, postcode, city)) AS text OFFSET 0) folded"""
        columns = (
            ", t.id, t.landlord_id, t.direct_payment, t.sort_name, t.reference, t.claimant_number, t.own_reference,"
            " t.address_1, t.address_2, t.postcode, t.city"
        )
        return f"""
read AS MATERIALIZED ({self._ordered("read", columns)}),
picked AS MATERIALIZED (SELECT {", ".join(self._names())} FROM read t {folded}
  WHERE {" AND ".join(tests)} LIMIT %(limit)s)"""
