"""What the paper form of a campaign prints: the rents left to declare, office by office, with whom to send them to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from parvis.declarations.selectors.campaign import CampaignCard
from parvis.declarations.selectors.grid import GridRow, grid_rows
from parvis.kit.actors import Actor
from parvis.tenancies.rules import Search
from parvis.tenancies.selectors.scope import seen_by, within

MOST_TENANTS = 300
"""As many tenants as one form holds, a dozen pages: whoever has more declares by file."""


@dataclass(frozen=True, slots=True)
class OfficeForm:
    """The form for one office; ``user_number`` is the landlord's there, ``deadline_on`` the last day there."""

    caf_code: str
    name: str
    address: tuple[str, ...]
    user_number: str
    landlord: tuple[str, ...]
    rows: tuple[GridRow, ...]
    deadline_on: date


@dataclass(frozen=True, slots=True)
class PaperForm:
    """All of it; ``is_whole`` says that nobody asked for is missing from it."""

    year: int
    offices: tuple[OfficeForm, ...]
    is_whole: bool


_OFFICES = """
SELECT o.caf_code, o.name, ARRAY[o.address_1, o.address_2, btrim(o.postcode || ' ' || o.city)]::text[], own.user_number,
       ARRAY[COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), own.address_1, own.address_2,
             own.address_3, btrim(own.postcode || ' ' || own.city)]::text[]
FROM landlords_office o
JOIN landlords_landlord l ON l.partner_id = %(landlord)s
JOIN LATERAL (SELECT * FROM landlords_thirdpartynumber n WHERE n.landlord_id = l.partner_id AND n.office_id = o.caf_code
  ORDER BY n.absent_since NULLS FIRST, n.id LIMIT 1) own ON true
WHERE o.caf_code = ANY(%(codes)s){within} ORDER BY o.name, o.caf_code
"""


def paper_form(
    actor: Actor,
    card: CampaignCard,
    *,
    search: Search | None = None,
    everywhere: bool = False,
    most: int = MOST_TENANTS,
) -> PaperForm:
    """The first ``most`` rents left, or those a search finds, in the order of names within each office."""
    found = grid_rows(actor, card.year, search=search, everywhere=everywhere, limit=most)
    codes = sorted({row.caf_code for row in found.rows})
    with connection.cursor() as cursor:
        cursor.execute(_OFFICES.format(within=within(actor, "o.caf_code")), {**seen_by(actor), "codes": codes})
        offices = [
            OfficeForm(
                code, name, _said(address), number, _said(landlord), _of(found.rows, code), card.deadline_of(code)
            )
            for code, name, address, number, landlord in cursor.fetchall()
        ]
    return PaperForm(card.year, tuple(offices), found.next is None)


def _said(lines: list[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())


def _of(rows: list[GridRow], code: str) -> tuple[GridRow, ...]:
    return tuple(row for row in rows if row.caf_code == code)
