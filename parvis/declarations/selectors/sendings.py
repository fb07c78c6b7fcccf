"""The last sendings of a landlord with what became of them, and all the July rents of a campaign that are with the office."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from parvis.declarations.models import Kind
from parvis.kit.actors import Actor
from parvis.tenancies.selectors.scope import of_tenancy, seen_by, within

READ_AT_MOST = 1_000
"""How many declarations of one receipt are read to say what became of it: of more, only that they are with the office."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Sending:
    """One receipt: what it acknowledges in a few words' worth of facts, and the states found in it.

    ``titles`` and ``names`` are those of the first declarations; ``states`` is empty when there were too many to read.
    """

    number: str
    at: datetime
    count: int
    is_of_rents: bool
    titles: tuple[str, ...]
    names: tuple[str, ...]
    states: frozenset[str]


_SENDINGS = f"""
SELECT r.number, r.at, r.count, r.is_of_rents, own.read, own.states, named.few
FROM (SELECT * FROM declarations_receipt r WHERE r.landlord_id = %(landlord)s{{within}}
      ORDER BY r.at DESC, r.number DESC LIMIT %(limit)s) r
CROSS JOIN LATERAL (
  SELECT count(*) AS read, array_agg(DISTINCT x.state) AS states FROM (
    SELECT d.state FROM declarations_declaration d WHERE d.receipt_id = r.id LIMIT {READ_AT_MOST + 1}) x) own
CROSS JOIN LATERAL (
  SELECT COALESCE(json_agg(json_build_array(x.kind, x.name)), '[]')::text AS few FROM (
    SELECT d.kind, btrim(concat(d.stated ->> 'first_name', ' ', d.stated ->> 'last_name')) AS name
    FROM declarations_declaration d WHERE d.receipt_id = r.id AND NOT (d.kind = 'previous_july_rent')
    LIMIT {NAMED}) x) named
ORDER BY r.at DESC, r.number DESC
"""


def recent_sendings(actor: Actor, *, limit: int) -> list[Sending]:
    """The newest receipts that the actor may see, with what became of what they acknowledge. One statement."""
    query = _SENDINGS.format(within=within(actor, "r.office_id"))
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "limit": limit})
        rows = cursor.fetchall()
    return [_sending(*row) for row in rows]


def _sending(
    number: str, at: datetime, count: int, of_rents: bool, read: int, states: Sequence[str] | None, few: str
) -> Sending:
    named = [(str(Kind(kind).label), name) for kind, name in json.loads(few)]
    return Sending(
        number=number,
        at=at,
        count=count,
        is_of_rents=of_rents,
        titles=tuple(dict.fromkeys(title for title, _ in named)),
        names=tuple(dict.fromkeys(name for _, name in named)),
        states=frozenset(states or ()) if read <= READ_AT_MOST else frozenset(),
    )


class DeclaredRent(NamedTuple):
    """One July rent with the office, as its recapitulation prints it."""

    first_name: str
    last_name: str
    claimant_number: str
    last_july_cents: int | None
    rent_cents: int
    submitted_at: datetime
    receipt_number: str
    state: str

    @property
    def name(self) -> str:
        """First and last name, as stated on the receipt."""
        return f"{self.first_name} {self.last_name}".strip()


# In the order of names, from the entries that are not open: their own index holds that order.
_DECLARED = """
SELECT d.stated ->> 'first_name', d.stated ->> 'last_name', d.stated ->> 'claimant_number',
       COALESCE((d.stated ->> 'previous_cents')::int, (d.stated ->> 'last_july_cents')::int),
       (d.details ->> 'rent_cents')::int, d.submitted_at, r.number, d.state
FROM declarations_campaignentry e
JOIN LATERAL (
  SELECT * FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent' AND x.year = e.year
    AND x.landlord_id IS NOT DISTINCT FROM e.landlord_id
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned', 'draft')) LIMIT 1) d ON true
JOIN declarations_receipt r ON r.id = d.receipt_id
WHERE e.landlord_id = %(landlord)s AND e.year = %(year)s AND NOT (e.state = 'out'){own}
ORDER BY e.sort_name, e.tenancy_id LIMIT %(limit)s
"""


def declared_rents(actor: Actor, year: int, *, limit: int) -> list[DeclaredRent]:
    """The July rents of a year that were sent from here and stand, in the order of names: ``limit`` of them at most."""
    query = _DECLARED.format(own=of_tenancy(actor, "e.tenancy_id"))
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "year": year, "limit": limit})
        return [DeclaredRent(*row) for row in cursor.fetchall()]
