"""All accounts of a credential that may declare July rents, whether any remain or not: those a file of several may hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.selectors.across.owing import EVERY, NEWEST, OF_DETAILS, asked_by, titled
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.db import all_rows, one_row
from parvis.landlords.selectors.choice import IS_READY

_DECLARING = f"""{EVERY}
SELECT a.id, a.reference, a.partner_id, a.year, a.offices, a.remaining, held.login_id, btrim(held.first_name || ' ' || held.last_name),
       EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'payments'
               AND (h.ended_at IS NULL OR h.ended_at > %(at)s)),
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
       COALESCE(o.name, ''), count(*) OVER (PARTITION BY a.key) > 1
FROM owing a {OF_DETAILS} ORDER BY a.key, a.id
"""
_STILL = """
SELECT COALESCE(m.offices, '{}') FROM identity_account a LEFT JOIN landlords_membership m ON m.account_id = a.id
WHERE a.id = %(account)s AND a.state NOT IN ('disabled', 'frozen') AND EXISTS (
  SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'declare'
  AND (h.ended_at IS NULL OR h.ended_at > %(at)s))
"""

_WHY_NOT = f"""{NEWEST}
SELECT a.id, CASE WHEN a.state IN ('disabled', 'frozen') THEN 'closed' WHEN NOT EXISTS (
  SELECT 1 FROM landlords_habilitation h WHERE h.account_id = a.id AND h.right = 'declare'
  AND (h.ended_at IS NULL OR h.ended_at > %(at)s)) THEN 'no_right' WHEN NOT ({IS_READY}) THEN 'step' ELSE 'no_campaign' END
FROM identity_account a WHERE a.id = ANY(%(accounts)s::bigint[])
"""


class Hindrance(StrEnum):
    """Why an account is not among those that declare: what its person can do about it differs."""

    CLOSED = "closed"
    NO_RIGHT = "no_right"
    STEP = "step"
    NO_CAMPAIGN = "no_campaign"


class DeclaringAccount(NamedTuple):
    """An account whose person may declare, and the campaign its pages show; ``offices`` are those they are limited to, none for all.

    ``shares_name``: another of these accounts bears the same name.
    """

    id: int
    reference: str
    partner_id: UUID
    year: int
    offices: list[str]
    remaining: int
    login_id: str
    person: str
    sees_aid: bool
    name: str
    office: str
    shares_name: bool

    @property
    def title(self) -> str:
        """Its name, with the office where several accounts bear that name."""
        return titled(self.name, self.office if self.shares_name else "")

    @property
    def actor(self) -> Actor:
        """Its person, with what declaring needs."""
        return Actor(
            kind=ActorKind.PARTNER,
            label=self.login_id,
            account_id=self.id,
            partner_id=self.partner_id,
            rights=frozenset({Right.DECLARE, *([Right.PAYMENTS] if self.sees_aid else [])}),
            person=self.person,
            offices=frozenset(self.offices),
        )


def accounts_declaring(credential_id: int, *, at: datetime) -> list[DeclaringAccount]:
    """All accounts of this credential that may declare and are in a campaign, by name. One statement."""
    return [DeclaringAccount(*row) for row in all_rows(_DECLARING, asked_by(credential_id, at))]


def offices_declaring(account: int, *, at: datetime) -> frozenset[str] | None:
    """The offices an account may declare for now (none for all); None once it is closed, or has the right no longer."""
    row = one_row(_STILL, {"account": account, "at": at})
    return None if row is None else frozenset(row[0])


def why_not_declaring(accounts: Collection[int], *, at: datetime) -> dict[int, Hindrance]:
    """Of accounts that :func:`accounts_declaring` leaves out, the first thing that keeps each from declaring."""
    rows = all_rows(_WHY_NOT, {"accounts": list(accounts), "at": at}) if accounts else []
    return {account: Hindrance(why) for account, why in rows}
