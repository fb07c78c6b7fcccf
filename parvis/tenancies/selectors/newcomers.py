"""Landlords who should have an account and have none (docs/decisions/0007)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.identity.services.birth import Newcomer

_BATCH = 2_000

# One number a landlord: the first that has a current tenancy with a right to aid and does not declare by exchange.
_NEWCOMERS = """
SELECT DISTINCT ON (n.landlord_id) n.landlord_id, n.user_number, n.email,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
       n.address_1, n.address_2, n.address_3, n.postcode, n.city, n.country,
       o.name, o.address_1, o.address_2, o.postcode, o.city, o.phone
FROM landlords_thirdpartynumber n
JOIN landlords_landlord l ON l.partner_id = n.landlord_id
JOIN landlords_office o ON o.caf_code = n.office_id
WHERE n.absent_since IS NULL AND n.channel <> 'exchange'
  AND NOT EXISTS (SELECT 1 FROM identity_account a WHERE a.partner_id = n.landlord_id)
  AND n.id IN (SELECT x.third_party_number_id FROM tenancies_tenancy x
               WHERE x.end_on IS NULL AND x.absent_since IS NULL AND x.aid_from IS NOT NULL)
ORDER BY n.landlord_id, n.id
"""


def newcomers() -> Iterator[Newcomer]:
    """Landlords with a current tenancy with a right to aid, without account, who do not declare by computer exchange.

    Found in one query that lasts while accounts are opened from it, read block by block.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_NEWCOMERS)
        while block := cursor.fetchmany(_BATCH):
            yield from (_newcomer(*row) for row in block)


def _newcomer(partner_id: UUID, user_number: str, email: str, name: str, *rest: Any) -> Newcomer:
    line_1, line_2, line_3, postcode, city, country, office, *sender = rest
    place = f"{postcode} {city}" if country == "FR" else f"{postcode} {city} ({country})"
    office_1, office_2, office_postcode, office_city, phone = sender
    address = [line for line in (office_1, office_2, f"{office_postcode} {office_city}".strip()) if line]
    return Newcomer(
        partner_id=partner_id,
        user_number=user_number,
        email=email,
        recipient_name=name,
        address_lines=tuple(line for line in (line_1, line_2, line_3, place) if line),
        office={"name": office, "address": address, "phone": phone},
    )
