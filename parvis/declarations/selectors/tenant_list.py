"""The list of tenants, page by page: as cheap with 300 000 tenancies as with three (performance.md, P3 and P4).

Pages follow one another by key, never by number: the cursor is the reference of the row at the edge of the page shown,
so that no name stands in an address. Two ways of searching:

- by index (names in either order, claimant numbers old and new, the landlord's own reference): cost of the rows found;
- everywhere (addresses, first names alone), and the situations no index knows: reads the landlord's list in order,
  ``READ_AT_MOST`` rows a page; when nothing more was found in them, ``next`` goes on from where the reading stopped.

The statement itself is put together in :mod:`parvis.declarations.selectors.tenant_lists.query`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.selectors.campaign import CampaignCard, card_of, card_query
from parvis.declarations.selectors.tenant_lists import july, orders
from parvis.declarations.selectors.tenant_lists import query as statement
from parvis.declarations.selectors.tenant_lists.query import TenantFilters as TenantFilters
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows, one_row
from parvis.tenancies.rules import read_search
from parvis.tenancies.selectors.scope import kept_count, seen_by, within

READ_AT_MOST = 5_000
MOST_PARTS = 4
"""What is rare is looked for in so many parts of the list, one after the other, before a page says that it found nothing."""
BLOCK = 1_000


class TenantRow(NamedTuple):
    """A line of the list. Aid is None unless it is paid to this landlord and the actor may see payments (domain.md §3.1)."""

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
        """Where this year's July rent stands, as the screens name it; empty outside the campaign."""
        return july.LABELS.get(self.state or "", "")


@dataclass(frozen=True, slots=True)
class TenantPage:
    """One page of the list; ``next`` and ``previous`` are the cursors of its neighbours, None at the ends."""

    rows: list[TenantRow]
    next: UUID | None
    previous: UUID | None


def tenant_page(
    actor: Actor,
    *,
    filters: TenantFilters,
    year: int | None,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = 25,
) -> TenantPage:
    """The page after or before a row of the landlord's list, in the order asked; the first page without cursor."""
    resume, rows = before or after, []
    for _ in range(MOST_PARTS):
        place = statement.Place(cursor=resume, backward=before is not None, limit=limit, read=READ_AT_MOST)
        query = statement.TenantQuery(actor, filters, year, place)
        found = all_rows(query.sql(), query.values) if limit < BLOCK else _many(query)
        resume = found[0][0] if found else None
        rows = [TenantRow._make(row[1:]) for row in found if row[1] is not None]
        if rows or resume is None:
            break
    more = len(rows) > limit
    rows = rows[:limit]
    beyond = rows[-1].reference if more else resume
    if before is not None:
        rows.reverse()
        return TenantPage(rows, next=rows[-1].reference if rows else None, previous=beyond)
    return TenantPage(rows, next=beyond, previous=rows[0].reference if rows and after else None)


def _many(query: statement.TenantQuery) -> list[tuple[Any, ...]]:
    """The rows of an export, which no cursor should keep."""
    with connection.cursor() as cursor:
        cursor.execute(query.sql(), query.values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def tenant_rows(actor: Actor, *, filters: TenantFilters, year: int | None, most: int) -> Iterator[TenantRow]:
    """Every row of the list, in its order, read block by block; ``most`` of them."""
    after: UUID | None = None
    left = most
    while left > 0:
        page = tenant_page(actor, filters=filters, year=year, after=after, limit=min(BLOCK, left))
        yield from page.rows
        left -= len(page.rows)
        after = page.next
        if after is None:
            return


_HARMLESS = (
    "CASE WHEN left({0}, 1) IN ('=', '+', '-', '@', E'\\t', E'\\r', E'\\n') THEN '''' || {0} ELSE NULLIF({0}, '') END"
)
_EUROS = "{0} / 100 || ',' || lpad(({0} %% 100)::text, 2, '0')"
_LABELS = " ".join(f"WHEN '{state}' THEN '{label}'" for state, label in july.LABELS.items())
_CELLS = ", ".join([
    *map(_HARMLESS.format, ("claimant_number", "last_name", "first_name", "own_reference", "address", "town")),
    "to_char(end_on, 'DD/MM/YYYY')", _EUROS.format("rent_cents"),
    "CASE WHEN direct_payment THEN 'au bailleur' ELSE 'au locataire' END", _EUROS.format("aid_cents"),
    f"CASE state {_LABELS} END",
])  # fmt: skip
_NAMES = f"q(resume, {', '.join(TenantRow._fields)})"


def tenant_csv(file: IO[bytes], actor: Actor, *, filters: TenantFilters, year: int | None, most: int) -> int:
    """Write the lines of the list, ``most`` at most, as a French spreadsheet opens them: ``;``, decimal comma; how many.

    Made by the database, hundreds of thousands of them: no text is one that a spreadsheet would execute (sheets.writing).
    """
    place = statement.Place(cursor=None, backward=False, limit=most, read=most)
    query = statement.TenantQuery(actor, filters, year, place)
    lines = f"SELECT {_CELLS} FROM ({query.sql()}) {_NAMES} WHERE reference IS NOT NULL LIMIT {most:d}"
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ({lines}) TO STDOUT (FORMAT csv, DELIMITER ';')", query.values) as copy:
            for part in copy:
                file.write(bytes(part).replace(b"\n", b"\r\n"))
        return int(cursor.rowcount)


def tenant_count(actor: Actor, *, filters: TenantFilters, year: int | None, most: int) -> int:
    """How many rows of the list a file would hold, ``most`` at most."""
    place = statement.Place(cursor=None, backward=False, limit=most, read=most)
    query = statement.TenantQuery(actor, filters, year, place)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({query.sql()}) {_NAMES} WHERE reference IS NOT NULL", query.values)
        (count,) = cursor.fetchone() or (0,)
    return int(min(most, count))


def latest_aid_month(actor: Actor) -> date | None:
    """The month that the order by aid shows; None when nothing was ever paid to the landlord."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {orders.LATEST_MONTH}", {"landlord": actor.partner_id})
        row = cursor.fetchone()
    return row[0] if row else None


def building_of(actor: Actor, reference: UUID) -> str:
    """The street address of one of the landlord's tenancies, as a filter names it; empty for what is not theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.address_1 || ', ' || t.postcode || ' ' || t.city FROM tenancies_tenancy t"
            f" WHERE t.reference = %(reference)s AND t.landlord_id = %(landlord)s{within(actor, 't.caf_code')}",
            {**seen_by(actor), "reference": reference},
        )
        row = cursor.fetchone()
    return row[0] if row else ""


@dataclass(frozen=True, slots=True)
class ListHead:
    """The counts kept by the writes; ``offices`` are codes and names, as far as the actor sees them; ``card`` as campaign_card."""

    current: int
    former: int
    offices: tuple[tuple[str, str], ...]
    card: CampaignCard | None


_HEAD = """
SELECT COALESCE({current}, 0), COALESCE({former}, 0),
       ARRAY(SELECT DISTINCT ARRAY[f.name, f.caf_code::text] FROM landlords_thirdpartynumber own
             JOIN landlords_office f ON f.caf_code = own.office_id
             WHERE own.landlord_id = %(landlord)s AND own.absent_since IS NULL{within} ORDER BY 1), card.*
FROM (SELECT 1) one
LEFT JOIN tenancies_portfoliocount c ON c.landlord_id = %(landlord)s
LEFT JOIN LATERAL ({card}) card ON true
"""


def list_head(actor: Actor, *, at: datetime) -> ListHead:
    """What stands above the landlord's list at ``at``, in one statement: how many there are, at which offices, the campaign."""
    query = _HEAD.format(
        current=f"({kept_count(actor, 'current')})" if actor.offices else "c.current",
        former=f"({kept_count(actor, 'former')})" if actor.offices else "c.former",
        within=within(actor, "own.office_id"),
        card=card_query(actor),
    )
    row = one_row(query, {**seen_by(actor), "today": day_in_paris(at)})
    assert row is not None
    current, former, offices, *card = row
    named = tuple((code, name) for name, code in offices)
    return ListHead(current, former, named, card_of(card) if card[0] is not None else None)


MOST_NAMED = 5


def tenants_named(actor: Actor, words: str, *, most: int = MOST_NAMED) -> list[TenantRow]:
    """The first ``most`` tenants whom these words name, in place and then former, for who may see them."""
    search = read_search(words) if words and actor.may(Right.CONSULT) else None
    if search is None:
        return []
    found: list[TenantRow] = []
    for former in (False, True):
        filters = TenantFilters(search=search, former=former)
        found += tenant_page(actor, filters=filters, year=None, limit=most).rows
    return found[:most]
