"""One tenancy as its landlord may see it, and its neighbours in the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotFound
from parvis.tenancies.models import Decency
from parvis.tenancies.selectors.scope import kept_count, seen_by, within

POSITION_UP_TO = 1000
"""Beyond this many tenancies, « 12 sur 57 » would cost a count of rows: the number is left out."""


class KnownJulyRent(NamedTuple):
    """A July rent the office holds; ``source`` is who told it, or empty."""

    year: int
    cents: int
    source: str


class TenancySheet(NamedTuple):
    """What the sheet of a tenancy shows. Aid is None unless it is paid to this landlord and the actor may see payments (domain.md §3.1)."""

    id: int
    reference: UUID
    sort_name: str
    title: str
    first_name: str
    last_name: str
    claimant_number: str
    former_claimant_number: str
    own_reference: str
    address_1: str
    address_2: str
    postcode: str
    city: str
    caf_code: str
    start_on: date
    end_on: date | None
    absent_since: date | None
    furnished: bool
    decency: str
    floor_area_m2: int | None
    lease_holders: int
    rent_cents: int | None
    direct_payment: bool
    aid_cents: int | None
    aid_paid_on: date | None
    july_rents: tuple[KnownJulyRent, ...]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        """Two letters for the round mark."""
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()

    @property
    def is_former(self) -> bool:
        """Whether the office considers it ended."""
        return self.end_on is not None or self.absent_since is not None

    @property
    def decency_label(self) -> str:
        """The state of the dwelling as the screens name it."""
        return Decency(self.decency).label

    @property
    def tenant_pays_cents(self) -> int | None:
        """What the tenant has to pay, charges apart: the rent, less the aid when the landlord receives it."""
        if self.rent_cents is None or (self.direct_payment and self.aid_cents is None):
            return None
        return max(0, self.rent_cents - (self.aid_cents or 0))


_SHEET = """
SELECT t.id, t.reference, t.sort_name, t.title, t.first_name, t.last_name, t.claimant_number, t.former_claimant_number,
       t.own_reference, t.address_1, t.address_2, t.postcode, t.city, t.caf_code, t.start_on, t.end_on, t.absent_since, t.furnished,
       t.decency, t.floor_area_m2, t.lease_holders, t.rent_cents, t.direct_payment, aid.amount_cents, aid.paid_on,
       (SELECT json_agg(json_build_array(j.year, j.rent_cents, j.source) ORDER BY j.year DESC)
        FROM tenancies_julyrent j WHERE j.tenancy_id = t.id)
FROM tenancies_tenancy t
LEFT JOIN LATERAL (
  SELECT p.amount_cents, p.paid_on FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid' ORDER BY p.month DESC LIMIT 1
) aid ON t.direct_payment AND %(sees_aid)s
WHERE t.reference = %(reference)s AND t.landlord_id = %(landlord)s{within}
"""


def tenancy_of(actor: Actor, reference: UUID) -> TenancySheet:
    """The tenancy of that reference. Another landlord's, another office's, or none: one and the same refusal."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SHEET.format(within=within(actor, "t.caf_code")),
            {**seen_by(actor), "reference": reference, "sees_aid": actor.may(Right.PAYMENTS)},
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    *values, rents = row
    return TenancySheet._make([*values, tuple(KnownJulyRent(*rent) for rent in rents or ())])


class Neighbour(NamedTuple):
    """The tenancy before or after, as the arrows name it."""

    name: str
    reference: UUID


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a sheet stands in its list; position and total are None in a long list."""

    previous: Neighbour | None
    next: Neighbour | None
    position: int | None
    total: int | None


_NEIGHBOURS = """
SELECT
  (SELECT ROW(btrim(b.first_name || ' ' || b.last_name), b.reference) FROM tenancies_tenancy b
   WHERE b.landlord_id = %(landlord)s AND {which_b} AND (b.sort_name, b.id) < (%(name)s, %(id)s)
   ORDER BY b.sort_name DESC, b.id DESC LIMIT 1),
  (SELECT ROW(btrim(n.first_name || ' ' || n.last_name), n.reference) FROM tenancies_tenancy n
   WHERE n.landlord_id = %(landlord)s AND {which_n} AND (n.sort_name, n.id) > (%(name)s, %(id)s)
   ORDER BY n.sort_name, n.id LIMIT 1),
  CASE WHEN c.total <= %(most)s THEN (SELECT count(*) FROM tenancies_tenancy t
   WHERE t.landlord_id = %(landlord)s AND {which_t} AND (t.sort_name, t.id) <= (%(name)s, %(id)s)) END,
  c.total
FROM (SELECT COALESCE(({count}), 0) AS total) c
"""
_CURRENT = "{0}.end_on IS NULL AND {0}.absent_since IS NULL"
_FORMER = "({0}.end_on IS NOT NULL OR {0}.absent_since IS NOT NULL)"


def situation(alias: str, *, former: bool) -> str:
    """The SQL condition of one of the two lists, written as the partial indexes want it."""
    return (_FORMER if former else _CURRENT).format(alias)


def neighbours(actor: Actor, sheet: TenancySheet) -> Neighbours:
    """The tenancies before and after in the same list (current or former), by the index of that list."""
    former = sheet.is_former
    query = _NEIGHBOURS.format(
        which_b=situation("b", former=former) + within(actor, "b.caf_code"),
        which_n=situation("n", former=former) + within(actor, "n.caf_code"),
        which_t=situation("t", former=former) + within(actor, "t.caf_code"),
        count=kept_count(actor, "former" if former else "current"),
    )
    values = {**seen_by(actor), "name": sheet.sort_name, "id": sheet.id, "most": POSITION_UP_TO}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    assert row is not None
    before, after, position, total = row
    known = position is not None and position <= total
    return Neighbours(_neighbour(before), _neighbour(after), position if known else None, total if known else None)


def _neighbour(pair: tuple[str, UUID] | None) -> Neighbour | None:
    return Neighbour(pair[0], UUID(str(pair[1]))) if pair else None
