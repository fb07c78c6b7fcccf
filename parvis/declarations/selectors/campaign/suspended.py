"""Which aids are suspended for want of a July rent, tenant by tenant, for agents (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from parvis.declarations.models import OPEN_STATES, CampaignEntry, RentCampaign
from parvis.declarations.rules import OPEN_ENTRY
from parvis.declarations.selectors.campaign.running import seen_offices
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound

PAGE = 50
_BLOCK = 2_000
_LEFT = " + ".join(f"c.{state}" for state in OPEN_STATES)
_NAME = "COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))"


class SuspendedAid(NamedTuple):
    """One tenant who is still there, whose July rent is missing beyond the day of suspension of their office."""

    partner_id: UUID
    landlord: str
    user_number: str
    phone: str
    caf_code: str
    claimant_number: str
    tenant: str
    tenancy: UUID


# The landlords with rents left at these offices, one after the other; of each, an index gives the entries by name.
_LISTED = f"""
SELECT f.landlord_id, {_NAME}, COALESCE(n.user_number, ''), COALESCE(n.phone, ''), s.caf_code, s.claimant_number,
  s.tenant, s.reference
FROM (SELECT c.landlord_id, c.caf_code FROM declarations_campaignofficecount c
      WHERE c.year = %(year)s AND c.caf_code = ANY(%(offices)s) AND {_LEFT} > 0 AND c.landlord_id >= %(landlord)s::uuid) f
JOIN landlords_landlord l ON l.partner_id = f.landlord_id
CROSS JOIN LATERAL (
  SELECT t.caf_code, t.claimant_number, btrim(t.last_name || ' ' || t.first_name) AS tenant, t.reference, e.sort_name, e.tenancy_id
  FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
  WHERE e.landlord_id = f.landlord_id AND e.year = %(year)s AND {OPEN_ENTRY}
    AND t.caf_code = f.caf_code AND t.absent_since IS NULL AND (t.end_on IS NULL OR t.end_on >= %(today)s)
    AND (f.landlord_id, e.sort_name, e.tenancy_id) > (%(landlord)s::uuid, %(name)s, %(tenancy)s)
  ORDER BY e.sort_name, e.tenancy_id LIMIT %(limit)s) s
LEFT JOIN LATERAL (SELECT x.user_number, x.phone FROM landlords_thirdpartynumber x WHERE x.landlord_id = f.landlord_id
  AND x.office_id = f.caf_code ORDER BY x.absent_since NULLS FIRST, x.id LIMIT 1) n ON true
ORDER BY f.landlord_id, s.sort_name, s.tenancy_id LIMIT %(limit)s
"""


def suspended_since(actor: Actor, year: int, *, at: datetime) -> dict[str, date]:
    """The offices the agent follows where the day of suspension has come, each with that day."""
    found = RentCampaign.objects.filter(year=year).values_list("office_id", "suspension_on")
    days: dict[str | None, date] = dict(list(found))
    known = {code: days.get(code) or days.get(None) for code in seen_offices(actor)}
    return {code: on for code, on in known.items() if on is not None and on <= day_in_paris(at)}


def suspended_at(
    actor: Actor, year: int, office: str, *, after: UUID | None = None, limit: int = PAGE, at: datetime
) -> list[SuspendedAid]:
    """The suspended aids of one office, landlord by landlord, beyond one of them; none before its day of suspension."""
    if office not in seen_offices(actor):
        raise NotFound
    if office not in suspended_since(actor, year, at=at):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, _values(year, [office], after, limit, at))
        return [SuspendedAid._make(row) for row in cursor.fetchall()]


def all_suspended(actor: Actor, year: int, office: str = "", *, at: datetime) -> Iterator[SuspendedAid]:
    """All of them, at one office or all the agent follows, read some at a time: for a file."""
    if office and office not in seen_offices(actor):
        raise NotFound
    offices = [code for code in suspended_since(actor, year, at=at) if office in ("", code)]
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_LISTED, _values(year, offices, None, None, at))
        while rows := cursor.fetchmany(_BLOCK):
            yield from map(SuspendedAid._make, rows)


def _values(year: int, offices: list[str], after: UUID | None, limit: int | None, at: datetime) -> dict[str, Any]:
    landlord, name, tenancy = UUID(int=0), "", 0
    if after is not None:
        here = CampaignEntry.objects.filter(year=year, tenancy__reference=after, tenancy__caf_code__in=offices)
        found = here.values_list("landlord_id", "sort_name", "tenancy_id").first()
        if found is None:
            raise NotFound
        landlord, name, tenancy = found
    values = {"year": year, "offices": offices, "limit": limit, "today": day_in_paris(at)}
    return {**values, "landlord": landlord, "name": name, "tenancy": tenancy}
