"""Who is to be reminded on a day: accounts with rents left, whose person may declare and wants to be told.

The opening is no reminder: it announces the campaign (domain.md §4), to those too who want no reminders.

Read in blocks, by person: one who holds several accounts gets one mail of all of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.models import OPEN_STATES
from parvis.declarations.rules import READY_ENTRY
from parvis.declarations.services.reminders.waves import Claim

BLOCK = 2_000
UNSENT_FORGOTTEN = timedelta(days=60)
"""Rents typed so long ago are not spoken of any more."""


class Due(NamedTuple):
    """One account to be told; ``wave`` is its own, ``rents`` how many are left, or typed and not sent; ``may_consult`` says
    which pages it can be sent to."""

    credential_id: int
    account_id: int
    reference: str
    login_id: str
    user_number: str
    partner_id: UUID
    name: str
    email: str
    rents: int
    done: int
    wave: str
    may_consult: bool


_OPEN = " + ".join(f"c.{state}" for state in OPEN_STATES)


def holds(right: str) -> str:
    """That an account ``a`` holds a right at ``at``."""
    return f"""EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = '{right}'
              AND (h.ended_at IS NULL OR h.ended_at > %(at)s))"""


_CONSULTS = holds("consult")
# A mailbox that its server says nobody has reaches nobody: a letter is written instead (``by_post``).
_MAY = f"""a.state = 'active' AND a.opened_at IS NOT NULL AND k.email IS NOT NULL AND k.email_refused_at IS NULL
  AND {holds("declare")}"""
_WISHES = " AND a.campaign_reminders"
NAME = "COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))"
# An office's own campaign stands before the national one, for the rents of that office alone.
IN_CAMPAIGN = """CASE WHEN %(office)s::text IS NULL
  THEN NOT EXISTS (SELECT 1 FROM declarations_rentcampaign other WHERE other.office_id = c.caf_code AND other.year = c.year)
  ELSE c.caf_code = %(office)s END"""
TOLD = """x.year = %(year)s AND (x.wave = %(wave)s OR x.wave ~ %(kind)s AND x.at >= %(close)s
  OR x.at <= %(own_since)s::timestamptz AND (x.wave = %(shared)s OR x.wave ~ %(shared_kind)s AND x.at >= %(close)s))"""
"""A reminder ``x`` that leaves nothing to tell of a wave, from what :class:`~.waves.Claim` holds."""
_REMAINING = f"""
SELECT a.credential_id, a.id, a.reference, a.login_id, a.user_number, a.partner_id, {NAME}, k.email, own.remaining, own.done,
       %(wave)s, {_CONSULTS}
FROM identity_account a
JOIN identity_credential k ON k.id = a.credential_id
JOIN landlords_landlord l ON l.partner_id = a.partner_id
LEFT JOIN landlords_membership m ON m.account_id = a.id
JOIN declarations_campaigncount whole ON whole.landlord_id = a.partner_id AND whole.year = %(year)s
CROSS JOIN LATERAL (
  SELECT COALESCE(sum({_OPEN}), 0)::int AS remaining, COALESCE(sum(c.submitted + c.integrated), 0)::int AS done
  FROM declarations_campaignofficecount c WHERE c.landlord_id = a.partner_id AND c.year = %(year)s
    AND (COALESCE(cardinality(m.offices), 0) = 0 OR c.caf_code = ANY(m.offices)) AND {IN_CAMPAIGN}) own
WHERE a.credential_id > %(beyond)s AND {{which}} AND {_MAY}
  AND NOT EXISTS (SELECT 1 FROM declarations_campaignreminder x WHERE x.account_id = a.id AND {TOLD})
ORDER BY a.credential_id, a.id LIMIT %(limit)s
"""
# The counts say whose entries to look at. An index of those typed and not sent would find them as well, and be written for each line
# of a file that is kept: a third and more of that statement (decision 0021).
_UNSENT = f"""
WITH typed AS (
  SELECT e.draft_account_id AS account_id, count(*)::int AS count, max(e.draft_saved_at) AS saved_at
  FROM declarations_campaigncount c
  JOIN declarations_campaignentry e ON e.landlord_id = c.landlord_id AND e.year = c.year AND {READY_ENTRY}
  WHERE c.year = %(year)s AND c.drafted > 0 GROUP BY e.draft_account_id
  HAVING max(e.draft_saved_at) <= %(until)s AND max(e.draft_saved_at) > %(since)s)
SELECT a.credential_id, a.id, a.reference, a.login_id, a.user_number, a.partner_id, {NAME}, k.email, typed.count, 0, w.wave, {_CONSULTS}
FROM typed JOIN identity_account a ON a.id = typed.account_id
JOIN identity_credential k ON k.id = a.credential_id
JOIN landlords_landlord l ON l.partner_id = a.partner_id
CROSS JOIN LATERAL (SELECT 'unsent:' || to_char(typed.saved_at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD') AS wave) w
WHERE a.credential_id > %(beyond)s AND {_MAY}{_WISHES}
  AND NOT EXISTS (SELECT 1 FROM declarations_campaignreminder x
                  WHERE x.account_id = a.id AND x.year = %(year)s AND x.wave = w.wave)
ORDER BY a.credential_id, a.id LIMIT %(limit)s
"""


def due_for(
    year: int,
    office: str | None,
    claim: Claim,
    *,
    done: bool = False,
    unasked: bool = False,
    beyond: int = 0,
    limit: int = BLOCK,
    at: datetime,
) -> list[Due]:
    """The accounts of a campaign with rents left that have not been told of this wave, beyond a credential.

    ``done`` finds those with rents that were sent instead, whatever is left; ``unasked`` those too who want no reminders.
    """
    which = ("own.done > 0" if done else "own.remaining > 0") + ("" if unasked else _WISHES)
    values: dict[str, Any] = {"year": year, "office": office, "at": at, "beyond": beyond, "limit": limit}
    values |= claim._asdict()
    with connection.cursor() as cursor:
        cursor.execute(_REMAINING.format(which=which), values)
        return [Due(*row) for row in cursor.fetchall()]


def unsent_for(year: int, days: int, *, beyond: int = 0, limit: int = BLOCK, at: datetime) -> list[Due]:
    """The accounts whose person typed rents, has not touched them for ``days``, and has not been told since."""
    until = at - timedelta(days=days)
    values: dict[str, Any] = {
        "year": year, "at": at, "beyond": beyond, "limit": limit, "until": until, "since": until - UNSENT_FORGOTTEN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNSENT, values)
        return [Due(*row) for row in cursor.fetchall()]
