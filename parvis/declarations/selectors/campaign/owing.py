"""Who has not declared: landlords with July rents left, office by office, for agents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from parvis.declarations.models import OPEN_STATES
from parvis.declarations.selectors.campaign.running import seen_offices
from parvis.kit.actors import Actor
from parvis.kit.refusals import NotFound

PAGE = 50
_BLOCK = 2_000
_LEFT = " + ".join(f"c.{state}" for state in OPEN_STATES)
_NAME = "COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))"


class Owing(NamedTuple):
    """A landlord with rents left at an office. ``came_at`` is None while nobody of theirs has ever signed in."""

    partner_id: UUID
    caf_code: str
    name: str
    user_number: str
    left: int
    sent: int
    came_at: datetime | None
    phone: str


_WHO = f"""
SELECT f.landlord_id, f.caf_code, {_NAME}, COALESCE(n.user_number, ''), f.remaining, f.done,
       (SELECT min(a.opened_at) FROM identity_account a WHERE a.partner_id = f.landlord_id), COALESCE(n.phone, '')
FROM found f JOIN landlords_landlord l ON l.partner_id = f.landlord_id
LEFT JOIN LATERAL (SELECT x.user_number, x.phone FROM landlords_thirdpartynumber x WHERE x.landlord_id = f.landlord_id
  AND x.office_id = f.caf_code ORDER BY x.absent_since NULLS FIRST, x.id LIMIT 1) n ON true
"""
_FOUND = f"""
SELECT c.landlord_id, c.caf_code, {_LEFT} AS remaining, c.submitted + c.integrated AS done
FROM declarations_campaignofficecount c WHERE c.year = %(year)s AND c.caf_code = ANY(%(offices)s) AND {_LEFT} > 0
  AND (NOT %(never)s OR NOT EXISTS (SELECT 1 FROM identity_account a
    WHERE a.partner_id = c.landlord_id AND a.opened_at IS NOT NULL))
"""
_LISTED = f"""
WITH found AS MATERIALIZED (
  SELECT * FROM ({_FOUND}) c WHERE (-c.remaining, c.landlord_id) > (%(above)s, %(beyond)s::uuid)
  ORDER BY -c.remaining, c.landlord_id LIMIT %(limit)s)
{_WHO} ORDER BY -f.remaining, f.landlord_id
"""
_ALL = f"WITH found AS ({_FOUND}) {_WHO}"


def owing_at(
    actor: Actor,
    year: int,
    office: str,
    *,
    after: tuple[int, UUID] | None = None,
    limit: int = PAGE,
    never_signed_in: bool = False,
) -> list[Owing]:
    """Those of one office with the most rents left, after one of them (how many it has left, who)."""
    if office not in seen_offices(actor):
        raise NotFound
    above, beyond = (-after[0], after[1]) if after else (-(2**31), UUID(int=0))
    values: dict[str, Any] = {"year": year, "offices": [office], "never": never_signed_in}
    values |= {"above": above, "beyond": beyond, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, values)
        return [Owing._make(row) for row in cursor.fetchall()]


def all_owing(actor: Actor, year: int, office: str = "", *, never_signed_in: bool = False) -> Iterator[Owing]:
    """All of them, at one office or all the agent follows, read some at a time: for a file."""
    names = seen_offices(actor)
    if office and office not in names:
        raise NotFound
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        offices = [office] if office else list(names)
        cursor.execute(_ALL, {"year": year, "offices": offices, "never": never_signed_in})
        while rows := cursor.fetchmany(_BLOCK):
            yield from map(Owing._make, rows)
