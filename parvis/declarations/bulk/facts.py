"""What the office knows of the tenants that a block of lines names: one statement a block, whatever its size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.parameters import Norms
from parvis.declarations.rules import OPEN_ENTRY, SHARE_STATED
from parvis.kit.actors import Actor
from parvis.tenancies.selectors.scope import seen_by, within


class Known(NamedTuple):
    """One tenancy a line may be about, with what was typed on screen. ``state`` is None out of the campaign.

    ``is_own_file`` says that the amount came by a file of the very account that sends this one: it may take its place unasked.
    """

    ordinal: int
    tenancy_id: int
    norms: Norms
    start_on: date
    last_july_cents: int | None
    known_rent_cents: int | None
    charges_cents: int | None
    aid_cents: int | None
    lease_holders: int
    caf_code: str
    is_share_stated: bool
    state: str | None
    drafted: str
    is_own_file: bool
    rent_cents: int | None
    confirmed: str | None
    previous_typed: str

    @property
    def facts(self) -> Facts:
        """What the amount is compared with."""
        return Facts._make(self[2:11])

    @property
    def is_drafted(self) -> bool:
        """Whether an amount was typed on screen, or came by another file."""
        return bool(self.drafted) and self.rent_cents is not None

    @property
    def confirmed_codes(self) -> list[str]:
        """The warnings that were confirmed with what was typed."""
        return list(json.loads(self.confirmed)) if self.confirmed else []


# As the grid sees them (selectors.grid): same joins, fewer columns. What one line does not have is not looked for.
_KNOWN = """
SELECT k.n, t.id, t.start_on, e.last_july_cents, t.rent_cents, t.charges_cents, aid.amount_cents,
       t.lease_holders, t.caf_code, stated.yes IS NOT NULL, e.state,
       COALESCE(e.draft_typed, d.typed, ''), COALESCE(e.draft_channel = 'file' AND e.draft_account_id = %(account)s, false),
       COALESCE(e.draft_cents, (d.details ->> 'rent_cents')::int), COALESCE(e.draft_confirmed, d.confirmed)::text,
       COALESCE(before.typed, '')
FROM {keys} JOIN tenancies_tenancy t ON {match} AND t.landlord_id = %(landlord)s{within}
LEFT JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = %(year)s AND e.landlord_id = t.landlord_id
  AND NOT (e.state = 'out')
LEFT JOIN LATERAL (
  SELECT x.typed, x.details, x.confirmed FROM declarations_declaration x
  WHERE NOT ({open_entry}) AND x.tenancy_id = t.id AND x.kind = 'july_rent' AND x.year = %(year)s
    AND x.landlord_id IS NOT DISTINCT FROM t.landlord_id AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) AND NOT x.revises
  LIMIT 1
) d ON true
LEFT JOIN LATERAL (
  SELECT x.typed FROM declarations_declaration x
  WHERE e.last_july_cents IS NULL AND x.tenancy_id = t.id AND x.kind = 'previous_july_rent' AND x.year = e.year - 1
    AND x.landlord_id IS NOT DISTINCT FROM t.landlord_id AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) AND NOT x.revises
  LIMIT 1
) before ON true
LEFT JOIN LATERAL (
  SELECT p.amount_cents FROM tenancies_payment p
  WHERE t.direct_payment AND %(sees_aid)s AND p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid'
  ORDER BY p.month DESC LIMIT 1
) aid ON true
{stated}
"""
_BY_KEY = ("unnest(%(ordinals)s::int[], %(keys)s::uuid[]) AS k(n, key)", "t.reference = k.key")
_BY_NUMBER = (
    "unnest(%(ordinals)s::int[], %(numbers)s::text[], %(offices_told)s::text[], %(owns)s::text[]) AS k(n, number, office, own)",
    "t.claimant_number = k.number AND (k.office = '' OR t.caf_code = k.office)"
    " AND (k.own = '' OR k.own IN (t.own_reference, t.tenancy_ref))",
)


def by_key(actor: Actor, norms: Norms, keys: Sequence[tuple[int, str]]) -> list[Known]:
    """The tenancies of these references, by the number of their line in the block; those of others are not there."""
    if not keys:
        return []
    return _known(actor, norms, _BY_KEY, ordinals=[n for n, _ in keys], keys=[key for _, key in keys])


def by_number(actor: Actor, norms: Norms, named: Sequence[tuple[int, str, str, str]]) -> list[Known]:
    """The tenancies of these claimant numbers (with office and reference where told); several where the number does not say."""
    if not named:
        return []
    ordinals, numbers, offices, owns = zip(*named, strict=True)
    return _known(
        actor, norms, _BY_NUMBER, ordinals=list(ordinals), numbers=list(numbers), offices_told=list(offices), owns=list(owns)
    )  # fmt: skip


def _known(actor: Actor, norms: Norms, way: tuple[str, str], **values: Any) -> list[Known]:
    query = _KNOWN.format(
        keys=way[0], match=way[1], stated=SHARE_STATED, open_entry=OPEN_ENTRY, within=within(actor, "t.caf_code")
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "account": actor.account_id, "year": norms.year, **values})
        return [Known(ordinal, tenancy, norms, *row) for ordinal, tenancy, *row in cursor.fetchall()]


_OTHER_ACCOUNTS = """
SELECT k.n, COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), theirs.reference
FROM unnest(%(ordinals)s::int[], %(keys)s::uuid[]) AS k(n, key)
JOIN tenancies_tenancy t ON t.reference = k.key AND t.landlord_id <> %(landlord)s
JOIN landlords_landlord l ON l.partner_id = t.landlord_id
JOIN identity_account theirs ON theirs.partner_id = t.landlord_id AND theirs.state = 'active'
JOIN identity_account mine ON mine.id = %(account)s AND mine.credential_id = theirs.credential_id
"""


def other_account(actor: Actor, keys: Sequence[UUID]) -> tuple[str, str] | None:
    """Name and reference of another account of the same person to which these keys belong; None if it is not theirs to know."""
    rows = _others(actor, list(enumerate(keys)), " ORDER BY k.n LIMIT 1")
    return (str(rows[0][1]), str(rows[0][2])) if rows else None


def other_accounts(actor: Actor, keys: Sequence[tuple[int, UUID]]) -> dict[int, str]:
    """The same of each line with such a key: the account's name."""
    return {number: str(name) for number, name, _ in _others(actor, keys)} if keys else {}


def _others(actor: Actor, keys: Sequence[tuple[int, UUID]], only: str = "") -> list[tuple[int, str, str]]:
    values: dict[str, Any] = {"account": actor.account_id, "landlord": actor.partner_id}
    values |= {"ordinals": [number for number, _ in keys], "keys": [key for _, key in keys]}
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_ACCOUNTS + only, values)
        return list(cursor.fetchall())
