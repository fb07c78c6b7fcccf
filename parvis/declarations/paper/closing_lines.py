"""What the recapitulation of a mail at the end of a campaign prints: the accounts that one mail tells of, with their rents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations.models import OPEN_STATES, RentCampaign
from parvis.declarations.paper.recap_lines import DeclaredRent, declared_rents
from parvis.declarations.selectors.grid import GridRow, grid_rows
from parvis.declarations.services.reminders.due import IN_CAMPAIGN, NAME, holds
from parvis.declarations.services.reminders.waves import CLOSING
from parvis.kit.actors import Actor, ActorKind

LISTED = 300
"""Rents listed in one mail, of all accounts together: some ten pages, whose weight every mailbox takes."""


class ClosedAccount(NamedTuple):
    """One account of the mail. ``offices`` are those the campaign asked it about, none where that is all of them; ``may_consult``
    says whether its recapitulation may be read."""

    partner_id: UUID
    reference: str
    user_number: str
    name: str
    person: str
    may_consult: bool
    done: int
    remaining: int
    offices: list[str]

    @property
    def actor(self) -> Actor:
        """Who reads its rents: the worker, limited as the account is."""
        return Actor(ActorKind.SYSTEM, "worker", partner_id=self.partner_id, offices=frozenset(self.offices))


class Listed(NamedTuple):
    """The rents of one account that the mail lists: those not with the office yet, and those that are."""

    account: ClosedAccount
    owed: list[GridRow]
    sent: list[DeclaredRent]


_OPEN = " + ".join(f"c.{state}" for state in OPEN_STATES)
# The accounts of one mail were claimed at one moment. What was blocked, closed or left since is told of to nobody.
_TOLD = f"""
SELECT a.partner_id, a.reference, a.user_number, {NAME}, btrim(a.first_name || ' ' || a.last_name), {holds("consult")},
       own.done, own.remaining, CASE WHEN own.is_whole THEN '{{}}' ELSE own.offices END
FROM identity_account first
JOIN declarations_campaignreminder said ON said.account_id = first.id AND said.year = %(year)s AND said.wave = %(wave)s
JOIN identity_credential k ON k.id = first.credential_id AND k.email = %(to)s AND k.frozen_at IS NULL
JOIN identity_account a ON a.credential_id = k.id AND a.state NOT IN ('disabled', 'frozen')
JOIN declarations_campaignreminder x
  ON x.account_id = a.id AND x.year = said.year AND x.wave = said.wave AND x.at = said.at
JOIN landlords_landlord l ON l.partner_id = a.partner_id
LEFT JOIN landlords_membership m ON m.account_id = a.id
CROSS JOIN LATERAL (
  SELECT sum(c.submitted + c.integrated) FILTER (WHERE seen.yes)::int AS done, sum({_OPEN}) FILTER (WHERE seen.yes)::int AS remaining,
         array_agg(c.caf_code ORDER BY c.caf_code) FILTER (WHERE seen.yes) AS offices, bool_and(seen.yes) AS is_whole
  FROM declarations_campaignofficecount c CROSS JOIN LATERAL (
    SELECT (COALESCE(cardinality(m.offices), 0) = 0 OR c.caf_code = ANY(m.offices)) AND {IN_CAMPAIGN} AS yes) seen
  WHERE c.landlord_id = a.partner_id AND c.year = %(year)s) own
WHERE first.id = %(account)s AND own.offices IS NOT NULL AND {holds("declare")}
ORDER BY a.id
"""


def accounts_told(campaign: RentCampaign, account_id: int, *, to: str, at: datetime) -> list[ClosedAccount]:
    """The accounts that the mail of ``account_id`` tells of, at ``at``: those that whoever reads this mailbox may still declare for."""
    wave = f"{campaign.office_id}:{CLOSING}" if campaign.office_id else CLOSING
    values = {
        "year": campaign.year, "office": campaign.office_id, "wave": wave, "account": account_id, "to": to, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, values)
        return [ClosedAccount(*row) for row in cursor.fetchall()]


def listed(accounts: Sequence[ClosedAccount], year: int) -> list[Listed]:
    """The first ``LISTED`` rents of these accounts: what is missing in any of them first, for something is left to do about it."""
    left, owed, sent = LISTED, dict[str, list[GridRow]](), dict[str, list[DeclaredRent]]()
    readable = [account for account in accounts if account.may_consult]
    for account in readable:
        if left and account.remaining:
            owed[account.reference] = grid_rows(account.actor, year, limit=left).rows
            left -= len(owed[account.reference])
    for account in readable:
        if left and account.done:
            sent[account.reference] = declared_rents(account.actor, year, limit=left)
            left -= len(sent[account.reference])
    return [Listed(one, owed.get(one.reference, []), sent.get(one.reference, [])) for one in readable]
