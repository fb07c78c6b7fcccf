"""The letters about the July rents: to landlords whom no mail reaches, and to who wishes paper (ux.md B21, domain.md §4).

One an office and campaign, to the address that office knows, with its own tenants alone. It names them: it is kept with an account
that may see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.correspondence.services import Draft
from parvis.declarations.models import OPEN_STATES, RentCampaign
from parvis.declarations.rules import OPEN_ENTRY
from parvis.declarations.services.reminders.due import BLOCK, IN_CAMPAIGN, NAME
from parvis.declarations.services.reminders.waves import OPENING, Wave
from parvis.kit.clock import starts_at
from parvis.kit.money import euros

TEMPLATE = "declarations/letters/july_rents"
WAVE = "opening_by_post"
BY_POST = ":post"
"""What the name of any other wave ends with, where a letter is written."""
ASKED = "asked"
"""What an agent has written to those who never signed in, beside the waves."""
NOT_SINCE = timedelta(days=30)
"""Nobody gets two letters about the same rents within this time."""
MOST_TENANTS = 8
"""As many as stand on the page of a letter; whoever has more is told how to get the form."""
BEFORE_ALL = (UUID(int=0), "")


class Addressed(NamedTuple):
    """A landlord at one office; ``account_id`` is the one the letter is kept with, ``tenants`` are names with the last July rent."""

    account_id: int
    partner_id: UUID
    login_id: str
    user_number: str
    name: str
    lines: list[str]
    caf_code: str
    office: dict[str, Any]
    remaining: int
    tenants: list[list[Any]]
    wave: str


_LEFT = " + ".join(f"c.{state}" for state in OPEN_STATES)
_MAY_DECLARE = """EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = {0}.id AND h.right = 'declare'
  AND (h.ended_at IS NULL OR h.ended_at > %(at)s))"""
_SEES_OFFICE = "(COALESCE(cardinality(m.offices), 0) = 0 OR c.caf_code = ANY(m.offices))"
# Whoever may declare at that office; while nobody has signed in yet, the first account. Who wishes paper comes first.
_KEPT_WITH = f"""
SELECT a.id, a.login_id, a.letters FROM identity_account a LEFT JOIN landlords_membership m ON m.account_id = a.id
WHERE a.partner_id = c.landlord_id AND a.state NOT IN ('disabled', 'frozen') AND {_SEES_OFFICE}
  AND ({_MAY_DECLARE.format("a")} OR a.opened_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM identity_account o WHERE o.partner_id = a.partner_id AND o.opened_at IS NOT NULL))
ORDER BY a.letters <> 'paper', a.id LIMIT 1
"""
# Whoever wants no reminders gets none on paper either when their mailbox takes nothing any more; the opening goes to all. A colleague
# who wants none does not stand for one who does.
_REACHED = f"""
SELECT 1 FROM identity_account b JOIN identity_credential k ON k.id = b.credential_id
LEFT JOIN landlords_membership m ON m.account_id = b.id
WHERE b.partner_id = c.landlord_id AND b.state = 'active' AND b.opened_at IS NOT NULL AND k.email IS NOT NULL
  AND {_SEES_OFFICE} AND {_MAY_DECLARE.format("b")}
HAVING count(*) > 0 AND (bool_or(k.email_refused_at IS NULL AND (b.campaign_reminders OR %(unasked)s))
  OR NOT bool_or(k.email_refused_at IS NOT NULL AND (b.campaign_reminders OR %(unasked)s)))
"""
_ADDRESSED = f"""
SELECT a.id, c.landlord_id, a.login_id, n.user_number, {NAME}, ARRAY[n.address_1, n.address_2, n.address_3,
         btrim(n.postcode || ' ' || n.city) || CASE WHEN n.country = 'FR' THEN '' ELSE ' (' || n.country || ')' END]::text[],
       c.caf_code, json_build_object('name', o.name, 'phone', o.phone, 'address', array_remove(
         ARRAY[o.address_1, o.address_2, btrim(o.postcode || ' ' || o.city)]::text[], '')),
       {_LEFT}, ARRAY(SELECT ARRAY[btrim(t.first_name || ' ' || t.last_name), e.last_july_cents::text]
         FROM declarations_campaignentry e JOIN tenancies_tenancy t ON t.id = e.tenancy_id AND t.caf_code = c.caf_code
         WHERE e.landlord_id = c.landlord_id AND e.year = c.year AND {OPEN_ENTRY}
         ORDER BY e.sort_name, e.tenancy_id LIMIT %(tenants)s), w.wave
FROM declarations_campaignofficecount c
JOIN landlords_landlord l ON l.partner_id = c.landlord_id
JOIN LATERAL ({_KEPT_WITH}) a ON true
JOIN LATERAL (SELECT * FROM landlords_thirdpartynumber x WHERE x.landlord_id = c.landlord_id AND x.office_id = c.caf_code
  ORDER BY x.absent_since NULLS FIRST, x.id LIMIT 1) n ON true
JOIN landlords_office o ON o.caf_code = c.caf_code
CROSS JOIN LATERAL (SELECT c.caf_code || ':' || %(wave)s::text AS wave) w
WHERE (c.landlord_id, c.caf_code) > (%(landlord)s, %(beyond)s) AND c.year = %(year)s AND {_LEFT} > 0 AND {IN_CAMPAIGN}
  AND (a.letters = 'paper' OR NOT EXISTS ({_REACHED}))
  AND NOT EXISTS (SELECT 1 FROM declarations_campaignreminder x JOIN identity_account y ON y.id = x.account_id
                  WHERE y.partner_id = c.landlord_id AND x.year = c.year
                    AND (x.wave = w.wave OR x.wave ~ ('^' || c.caf_code || %(alike)s) AND x.at >= %(close)s))
  AND (NOT %(never)s OR NOT EXISTS (SELECT 1 FROM identity_account o
    WHERE o.partner_id = c.landlord_id AND o.opened_at IS NOT NULL))
  AND (%(only)s::text IS NULL OR c.caf_code = %(only)s)
ORDER BY c.landlord_id, c.caf_code LIMIT %(limit)s
"""


def name_of(wave: Wave) -> str:
    """What the letters of a wave are claimed under."""
    return WAVE if wave.kind == OPENING else f"{wave.name}{BY_POST}"


def addressed(
    campaign: RentCampaign, wave: Wave, *, beyond: tuple[UUID, str] = BEFORE_ALL, at: datetime, limit: int = BLOCK
) -> list[Addressed]:
    """Who is to be written to and was not, beyond a landlord and office: those with rents left there."""
    values: dict[str, Any] = {
        "year": campaign.year, "office": campaign.office_id, "at": at, "landlord": beyond[0], "beyond": beyond[1],
        "limit": limit, "tenants": MOST_TENANTS, "wave": name_of(wave),
        "alike": f":{wave.kind}(:[0-9]+)?{BY_POST}$", "close": starts_at(wave.close), "never": False, "only": None,
        "unasked": wave.kind == OPENING,
    }  # fmt: skip
    return _found(values)


def never_signed_in(
    campaign: RentCampaign,
    office: str,
    *,
    on: date,
    beyond: tuple[UUID, str] = BEFORE_ALL,
    at: datetime,
    limit: int = BLOCK,
) -> list[Addressed]:
    """Of those, whoever has never come in, at one office or all of them, and got no letter about these rents since ``NOT_SINCE``."""
    values: dict[str, Any] = {
        "year": campaign.year, "office": campaign.office_id, "at": at, "landlord": beyond[0], "beyond": beyond[1],
        "limit": limit, "tenants": MOST_TENANTS, "wave": f"{ASKED}:{on:%Y%m%d}{BY_POST}",
        "alike": f":({WAVE}|.*{BY_POST})$", "close": starts_at(on - NOT_SINCE), "never": True, "only": office or None,
        "unasked": True,
    }  # fmt: skip
    return _found(values)


def _found(values: dict[str, Any]) -> list[Addressed]:
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSED, values)
        return [Addressed._make(row) for row in cursor.fetchall()]


def letters(campaign: RentCampaign, told: Sequence[Addressed], kind: str = OPENING) -> list[Draft]:
    """The letter of each; ``kind`` is that of the wave."""
    return [
        Draft(
            template=TEMPLATE,
            context={
                "account_name": who.name,
                "login_id": who.login_id,
                "user_number": who.user_number,
                "office": who.office,
                "kind": kind,
                "suspension": campaign.suspension_on.isoformat(),
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
