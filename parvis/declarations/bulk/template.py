"""The table that comes down: the tenants whose rent is still to be declared, and one column to fill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from parvis.declarations.bulk.columns import key_of
from parvis.declarations.selectors import OwingAccount, entries
from parvis.kit.actors import Actor
from parvis.sheets.limits import MOST_ROWS
from parvis.sheets.writing import Cell
from parvis.tenancies.selectors.scope import of_tenancy, seen_by

BLOCK = 5_000
PREVIOUS_COLUMN, RENT_COLUMN = 6, 8
ACCOUNT_COLUMN = "Compte"
"""Second in the table of several accounts: what stands behind it stands one further than in that of one."""
MOST_LINES = MOST_ROWS - 1_000
"""Lines of a table of several accounts that can come back: head and title lines besides."""
_OWN = "e.landlord_id = %(landlord)s AND e.year = %(year)s"
_END = "ORDER BY e.sort_name, e.tenancy_id LIMIT %(limit)s"
_LINES = """
SELECT e.sort_name, e.tenancy_id, t.reference, t.caf_code, t.claimant_number, t.own_reference,
       btrim(t.last_name || ' ' || t.first_name), btrim(t.address_1 || ' ' || t.address_2) || ', ' || t.city,
       e.last_july_cents, t.rent_cents, t.lease_holders
FROM ({picked}) picked
JOIN declarations_campaignentry e ON e.tenancy_id = picked.tenancy_id AND e.year = %(year)s
JOIN tenancies_tenancy t ON t.id = e.tenancy_id
ORDER BY e.sort_name, e.tenancy_id
"""


@dataclass(frozen=True, slots=True)
class TableOfAccounts:
    """The accounts one table holds, all of one campaign; ``others`` are of a former one, ``is_whole`` says that no line is missing."""

    year: int
    accounts: list[OwingAccount]
    others: list[OwingAccount]
    is_whole: bool

    @property
    def count(self) -> int:
        """How many rents."""
        return sum(account.remaining for account in self.accounts)


def table_of(owing: Sequence[OwingAccount], year: int) -> TableOfAccounts:
    """Of those that owe rents, the accounts whose table goes up again into a file of ``year``."""
    held: list[OwingAccount] = []
    count = 0
    for account in owing:
        if account.year == year and count + account.remaining <= MOST_LINES:
            held.append(account)
            count += account.remaining
    others = [account for account in owing if account.year != year]
    return TableOfAccounts(year, held, others, len(held) + len(others) == len(owing))


def header(year: int) -> list[str]:
    """The head of the table. The first column is never to be changed."""
    return [
        "Clé (ne pas modifier)",
        "Caisse",
        "N° allocataire",
        "Votre référence",
        "Locataire",
        "Adresse",
        f"Loyer juillet {year - 1}",
        "Loyer connu",
        f"Loyer juillet {year}",
        "Remarque",
    ]


def short_header(year: int) -> list[str]:
    """The least a table of one's own must have."""
    return ["Caisse", "N° allocataire", "Votre référence", f"Loyer juillet {year}"]


def header_across(year: int) -> list[str]:
    """The head of the table of several accounts: the same, with the account each line is of."""
    key, *others = header(year)
    return [key, ACCOUNT_COLUMN, *others]


def lines_across(title: str, actor: Actor, year: int) -> Iterator[list[Cell]]:
    """The lines of one account in the table of several, where it is called ``title``."""
    for key, *others in lines(actor, year):
        yield [key, title, *others]


def lines(actor: Actor, year: int) -> Iterator[list[Cell]]:
    """One line a tenant, in the order of names; the cell of the rent is empty, what to declare of a shared lease stands behind it."""
    place: tuple[str, int] | None = None
    while rows := _block(actor, year, place):
        for _, _, reference, caf, number, own, name, address, last, known, holders in rows:
            key = key_of(year, UUID(str(reference)))
            yield [key, caf, number, own, name, address, _euros(last), _euros(known), None, _remark(holders)]
        place = (rows[-1][0], rows[-1][1])


def _block(
    actor: Actor, year: int, place: tuple[str, int] | None
) -> list[tuple[str, int, str, str, str, str, str, str, int, int, int]]:
    beyond = " AND (e.sort_name, e.tenancy_id) > (%(name)s, %(tenancy)s)" if place else ""
    values = {**seen_by(actor), "year": year, "limit": BLOCK}
    if place:
        values |= {"name": place[0], "tenancy": place[1]}
    picked = entries.picked(entries.OPEN, f"{_OWN}{of_tenancy(actor, 'e.tenancy_id')}{beyond}", _END)
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(picked=picked), values)
        return list(cursor.fetchall())


def _remark(holders: int) -> str | None:
    """What the rent to write is, where several hold the lease."""
    return f"Part de ce locataire seulement ({holders} titulaires du bail)" if holders > 1 else None


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
