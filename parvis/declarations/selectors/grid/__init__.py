"""The rows of the July grid, page by page, by key: as cheap with 300 000 tenancies as with three (performance.md, P5).

The cursor is the reference of the row at the edge of the page shown, so that no name stands in an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parvis.declarations.rules import OPEN_ENTRY, SHARE_STATED, entry_in, in_groups
from parvis.declarations.selectors import entries
from parvis.declarations.selectors.grid.norms import bounds, norms_of
from parvis.declarations.selectors.grid.row import GridRow as GridRow
from parvis.kit.actors import Actor
from parvis.kit.db import all_rows
from parvis.kit.text import like_literal
from parvis.tenancies.rules import Search
from parvis.tenancies.selectors.names import LAST_CHARACTER, is_joined, joined_values
from parvis.tenancies.selectors.scope import of_tenancy, seen_by, within

PAGE = 25
READ_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class GridPage:
    """One page; ``next`` and ``previous`` are the cursors of its neighbours, None at the ends."""

    rows: list[GridRow]
    next: UUID | None
    previous: UUID | None


# Declarations are found tenancy by tenancy, by the index of the one that stands, whatever the planner believes of a table that
# grew: hence LATERAL with LIMIT, and a comparison of landlords that no index serves.
_COLUMNS = """
SELECT t.id, t.reference, t.first_name, t.last_name, t.claimant_number, btrim(t.address_1 || ' ' || t.address_2), t.city,
       t.caf_code, t.start_on, t.end_on, t.absent_since, t.rent_cents, t.charges_cents, t.furnished, t.lease_holders,
       stated.yes IS NOT NULL, aid.amount_cents, e.state, e.year, e.last_july_cents,
       d.id, d.state, COALESCE(e.draft_typed, d.typed, ''), COALESCE(e.draft_cents, (d.details ->> 'rent_cents')::int),
       ARRAY(SELECT jsonb_array_elements_text(COALESCE(e.draft_confirmed, d.confirmed))),
       COALESCE(e.draft_reason, d.confirmed_reason, ''),
       COALESCE(before.typed, ''), (before.details ->> 'rent_cents')::int, COALESCE(refused.reason_code, ''), r.number,
       COALESCE(e.draft_saved_at, d.saved_at),
       COALESCE(e.draft_lease_holders, (d.details ->> 'lease_holders')::int, t.lease_holders){also}
FROM {source} JOIN declarations_campaignentry e ON e.tenancy_id = picked.tenancy_id AND e.year = {year}
JOIN tenancies_tenancy t ON t.id = e.tenancy_id
LEFT JOIN LATERAL (
  SELECT * FROM declarations_declaration x
  WHERE NOT ({open_entry}) AND x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent' AND x.year = e.year
    AND NOT x.revises AND x.landlord_id IS NOT DISTINCT FROM e.landlord_id
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) LIMIT 1
) d ON true
LEFT JOIN LATERAL (
  SELECT * FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'previous_july_rent'
    AND x.year = e.year - 1 AND x.landlord_id IS NOT DISTINCT FROM e.landlord_id
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) AND NOT x.revises LIMIT 1
) before ON true
LEFT JOIN declarations_receipt r ON r.id = d.receipt_id
LEFT JOIN LATERAL (
  SELECT x.reason_code FROM declarations_declaration x
  WHERE e.state = 'rejected' AND x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent' AND x.year = e.year
    AND x.landlord_id IS NOT DISTINCT FROM e.landlord_id AND x.state = 'rejected'
  ORDER BY x.decided_at DESC NULLS LAST LIMIT 1
) refused ON true
LEFT JOIN LATERAL (
  SELECT p.amount_cents FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid' ORDER BY p.month DESC LIMIT 1
) aid ON t.direct_payment AND {sees_aid}
{stated}
"""


def grid_rows(
    actor: Actor,
    year: int,
    *,
    state: str = "",
    search: Search | None = None,
    everywhere: bool = False,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> GridPage:
    """A page of the landlord's campaign in the order of names. ``state`` is a key of :data:`entries.FILTERS`.

    A search goes by indexes (names, claimant numbers); ``everywhere`` reads the first ``READ_AT_MOST`` lines instead, and
    finds words of addresses and first names too.
    """
    backward = before is not None
    values: dict[str, Any] = {
        **seen_by(actor), "year": year, "cursor": before or after, "limit": limit + 1, "read": READ_AT_MOST,
    }  # fmt: skip
    wanted = entries.FILTERS[state].and_also(of_tenancy(actor, "e.tenancy_id"))
    picked = _picked(wanted, search, values, backward=backward, everywhere=everywhere)
    rows = _rows(f"({picked}) picked", values, order="DESC" if backward else "ASC")
    more = len(rows) > limit
    rows = rows[:limit]
    if backward:
        rows.reverse()
    if not rows:
        return GridPage([], None, None)
    has_next = more if not backward else True
    has_previous = more if backward else after is not None
    return GridPage(rows, rows[-1].reference if has_next else None, rows[0].reference if has_previous else None)


def rows_named(actor: Actor, year: int, references: Sequence[UUID]) -> list[GridRow]:
    """The rows of these tenancies, those of the landlord's campaign only, in the order of names."""
    # How many they are is hidden from the planner, which would plan anew each time, longer than it reads.
    source = (
        "(SELECT e.tenancy_id, e.sort_name FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id"
        " WHERE t.reference = ANY((SELECT %(references)s::uuid[])::uuid[]) AND e.landlord_id = %(landlord)s AND e.year = %(year)s"
        f"{within(actor, 't.caf_code')}) picked"
    )
    return _rows(source, {**seen_by(actor), "year": year, "references": list(references)}, order="ASC")


def untouched_rows(actor: Actor, year: int, *, after: UUID | None, limit: int) -> list[GridRow]:
    """Rows where nothing was typed and a rent is known, beyond a tenancy: what can be taken over, block by block."""
    values: dict[str, Any] = {**seen_by(actor), **bounds(), "year": year, "cursor": after, "limit": limit}
    source = f"""(SELECT e.tenancy_id, e.sort_name FROM declarations_campaignentry e
JOIN tenancies_tenancy t ON t.id = e.tenancy_id
WHERE {entry_in("to_declare")} AND {_beyond(values, ">")}{within(actor, "t.caf_code")}
  AND COALESCE(t.rent_cents, e.last_july_cents) BETWEEN %(lowest)s AND %(highest)s
ORDER BY e.sort_name, e.tenancy_id LIMIT %(limit)s) picked"""
    return _rows(source, values, order="ASC")


def rows_query(source: str, *, year: str = "%(year)s", sees_aid: str = "%(sees_aid)s", also: str = "") -> str:
    """The statement that reads the columns of :class:`GridRow`, then ``also``, of the tenancies ``source`` calls ``picked``."""
    return _COLUMNS.format(
        open_entry=OPEN_ENTRY, source=source, year=year, sees_aid=sees_aid, also=also, stated=SHARE_STATED
    )


def _rows(source: str, values: dict[str, Any], *, order: str) -> list[GridRow]:
    query = rows_query(source) + f"ORDER BY picked.sort_name {order}, picked.tenancy_id {order}"
    norms = norms_of(values["year"])
    return [GridRow._make((*row, norms)) for row in all_rows(query, values)]


def _picked(
    shown: entries.Shown, search: Search | None, values: dict[str, Any], *, backward: bool, everywhere: bool
) -> str:
    """The identifiers of one page, in the order of the list, each branch by an index."""
    way, compare = ("DESC", "<") if backward else ("ASC", ">")
    base = _beyond(values, compare) + shown.also
    order = f"ORDER BY e.sort_name {way}, e.tenancy_id {way} LIMIT"
    if search is None:
        return entries.picked(shown.groups, base, f"{order} %(limit)s")
    if everywhere:
        found = [_everywhere(entries.picked(shown.groups, base, f"{order} %(read)s"), search, values)]
    else:
        found = _branches(shown.groups, base, f"{order} %(limit)s", search, values)
    branches = " UNION ".join(f"({branch})" for branch in found)
    return f"SELECT e.sort_name, e.tenancy_id FROM ({branches}) e {order} %(limit)s"


def _beyond(values: dict[str, Any], compare: str) -> str:
    """The landlord's entries, on one side of the cursor."""
    base = "e.landlord_id = %(landlord)s AND e.year = %(year)s"
    if values["cursor"] is None:
        return base
    own = " AND a.caf_code = ANY(%(offices)s)" if values["offices"] else ""
    return (
        f"{base} AND (e.sort_name, e.tenancy_id) {compare} (SELECT x.sort_name, x.tenancy_id"
        " FROM declarations_campaignentry x JOIN tenancies_tenancy a ON a.id = x.tenancy_id"
        f" WHERE a.reference = %(cursor)s AND x.landlord_id = %(landlord)s AND x.year = %(year)s{own})"
    )


def _branches(groups: Sequence[int], base: str, end: str, search: Search, values: dict[str, Any]) -> list[str]:
    """By name in either order, by claimant number: an index range each."""
    branches = []
    for index, match in enumerate(search.names):
        values |= {f"low{index}": match.prefix, f"high{index}": match.prefix + LAST_CHARACTER}
        condition = f"e.sort_name >= %(low{index})s AND e.sort_name < %(high{index})s"
        if match.containing:
            values[f"inside{index}"] = f"% {like_literal(match.containing)}%"
            condition += f" AND e.sort_name LIKE %(inside{index})s"
        branches.append(entries.picked(groups, f"{base} AND {condition}", end))
    of_tenancies = (
        "SELECT e.sort_name, e.tenancy_id FROM declarations_campaignentry e"
        " JOIN tenancies_tenancy t ON t.id = e.tenancy_id AND t.landlord_id = e.landlord_id"
        f" WHERE {base} AND {in_groups(groups)}"
    )
    if search.number is not None:
        values["number_low"], values["number_high"] = search.number
        branches.append(f"{of_tenancies} AND t.claimant_number BETWEEN %(number_low)s AND %(number_high)s {end}")
    if search.joined:
        values |= joined_values(search)
        branches.append(f"{of_tenancies} AND {is_joined('t.id')} {end}")
    return branches


def _everywhere(read: str, search: Search, values: dict[str, Any]) -> str:
    """Every word anywhere, within the first lines of the list."""
    for index, word in enumerate(search.words):
        values[f"word{index}"] = f"% {like_literal(word)}%"
    words = " AND ".join(f"text LIKE %(word{index})s" for index in range(len(search.words)))
    return f"""SELECT sort_name, tenancy_id FROM ({read}) read
CROSS JOIN LATERAL (SELECT ' ' || parvis_fold(concat_ws(' ', t.last_name, t.first_name, t.claimant_number, t.own_reference,
  t.address_1, t.address_2, t.postcode, t.city)) AS text FROM tenancies_tenancy t WHERE t.id = read.tenancy_id OFFSET 0) folded
WHERE {words}"""
