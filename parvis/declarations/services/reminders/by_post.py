"""The letter that announces the July rents to landlords whom no mail reaches: one a landlord and campaign (ux.md B21, domain.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.correspondence.services import Draft
from parvis.declarations.models import OPEN_STATES, RentCampaign
from parvis.declarations.services.reminders.due import BLOCK, IN_CAMPAIGN, NAME
from parvis.kit.money import euros

TEMPLATE = "declarations/letters/july_rents"
WAVE = "opening_by_post"
MOST_TENANTS = 8
"""As many as stand on the page of a letter; whoever has more is told how to get the form."""


class Unreached(NamedTuple):
    """A landlord without any proved mailbox, by the first of its accounts; ``tenants`` are names with the last July rent."""

    account_id: int
    partner_id: UUID
    login_id: str
    user_number: str
    name: str
    lines: list[str]
    office: dict[str, Any]
    remaining: int
    tenants: list[list[Any]]
    wave: str


_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)
_UNREACHED = f"""
SELECT a.id, a.partner_id, a.login_id, n.user_number, {NAME}, ARRAY[n.address_1, n.address_2, n.address_3,
         btrim(n.postcode || ' ' || n.city) || CASE WHEN n.country = 'FR' THEN '' ELSE ' (' || n.country || ')' END]::text[],
       json_build_object('name', o.name, 'phone', o.phone, 'address', array_remove(
         ARRAY[o.address_1, o.address_2, btrim(o.postcode || ' ' || o.city)]::text[], '')),
       own.remaining, ARRAY(SELECT ARRAY[btrim(t.first_name || ' ' || t.last_name), e.last_july_cents::text]
         FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id
         WHERE e.landlord_id = a.partner_id AND e.year = %(year)s AND e.state IN ({_OPEN})
         ORDER BY e.sort_name, e.tenancy_id LIMIT %(tenants)s), %(wave)s
FROM identity_account a
JOIN landlords_landlord l ON l.partner_id = a.partner_id
JOIN declarations_campaigncount whole ON whole.landlord_id = a.partner_id AND whole.year = %(year)s
CROSS JOIN LATERAL (
  SELECT COALESCE(sum({" + ".join(f"c.{state}" for state in OPEN_STATES)}), 0)::int AS remaining
  FROM declarations_campaignofficecount c
  WHERE c.landlord_id = a.partner_id AND c.year = %(year)s AND {IN_CAMPAIGN}) own
JOIN LATERAL (SELECT * FROM landlords_thirdpartynumber x WHERE x.landlord_id = a.partner_id
  ORDER BY x.user_number = a.user_number DESC, x.absent_since NULLS FIRST, x.id LIMIT 1) n ON true
JOIN landlords_office o ON o.caf_code = n.office_id
WHERE a.id > %(beyond)s AND own.remaining > 0 AND a.state NOT IN ('disabled', 'frozen')
  AND NOT EXISTS (SELECT 1 FROM identity_account b WHERE b.partner_id = a.partner_id AND b.id < a.id
                  AND b.state NOT IN ('disabled', 'frozen'))
  AND NOT EXISTS (SELECT 1 FROM identity_account b JOIN identity_credential k ON k.id = b.credential_id
    JOIN landlords_habilitation h ON h.account_id = b.id AND h.right = 'declare' AND (h.ended_at IS NULL OR h.ended_at > %(at)s)
    WHERE b.partner_id = a.partner_id AND b.state = 'active' AND b.opened_at IS NOT NULL AND k.email IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM declarations_campaignreminder x
                  WHERE x.account_id = a.id AND x.year = %(year)s AND x.wave = %(wave)s)
ORDER BY a.id LIMIT %(limit)s
"""


def unreached(campaign: RentCampaign, *, beyond: int, at: datetime, limit: int = BLOCK) -> list[Unreached]:
    """The landlords of a campaign with rents left whom no mail reaches and no letter told, beyond an account."""
    office = campaign.office_id
    values: dict[str, Any] = {
        "year": campaign.year, "office": office, "wave": f"{office}:{WAVE}" if office else WAVE, "at": at, "beyond": beyond,
        "limit": limit, "tenants": MOST_TENANTS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNREACHED, values)
        return [Unreached._make(row) for row in cursor.fetchall()]


def letters(campaign: RentCampaign, told: Sequence[Unreached]) -> list[Draft]:
    """The letter of each."""
    return [
        Draft(
            template=TEMPLATE,
            context={
                "account_name": who.name,
                "login_id": who.login_id,
                "user_number": who.user_number,
                "office": who.office,
                "year": campaign.year,
                "count": who.remaining,
                "deadline": campaign.deadline_on.isoformat(),
                "tenants": [[name, euros(int(cents)) if cents else "…………"] for name, cents in who.tenants],
                "more": max(0, who.remaining - len(who.tenants)),
            },
            to_address=[who.name, *(line for line in who.lines if line.strip())],
            account_id=who.account_id,
            partner_id=who.partner_id,
        )
        for who in told
    ]
