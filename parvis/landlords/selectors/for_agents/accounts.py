"""The accounts of a landlord as an agent sees them: who, in which state, and where their credentials are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.identity.models import AccountState
from parvis.identity.rules import masked
from parvis.identity.selectors.travels import Travel, travels_of
from parvis.identity.services import limits
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.parameters.catalogue import NEW_ADMINISTRATOR_WAITS
from parvis.parameters.selectors import duration

SHOWN = 10


class AccessState(StrEnum):
    """How an access stands, in the words of the file (ux.md B22)."""

    NEVER = "Jamais connecté"
    LETTER = "Lettre en route"
    ACTIVE = "Actif"
    PAUSED = "En pause"
    FROZEN = "Bloqué"
    CLOSED = "Fermé"


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account. The mailbox stays masked; ``is_proved`` says whether a code was typed in it. ``others`` share its credential.

    ``is_confirmable``: administers alone, for so short a time that two agents may still confirm it.

    ``provisional_until`` is the end of a provisional password, ``pause`` that of a pause after wrong passwords, and its cause.
    """

    id: int
    reference: str
    login_id: str
    name: str
    job_title: str
    user_number: str
    state: AccessState
    email: str
    is_proved: bool
    others: int
    rights: frozenset[Right]
    is_deputy: bool
    created_at: datetime
    opened_at: datetime | None
    last_signed_in_at: datetime | None
    provisional_until: datetime | None
    pause: limits.Pause | None
    closed_at: datetime | None
    closed_by: str
    frozen_at: datetime | None
    frozen_by_office: bool
    email_refused_at: datetime | None
    is_corporate: bool
    suspended: int
    withdrawn: int
    was_removed: bool
    is_confirmable: bool
    travels: tuple[Travel, ...] = field(default_factory=tuple)

    @property
    def mailbox(self) -> str:
        """Its mailbox, masked, and what is known of it."""
        if self.email_refused_at is not None:
            return f"{self.email}, refusée par son serveur le {day(day_in_paris(self.email_refused_at))}"
        return f"{self.email}, validée" if self.is_proved else f"{self.email}, pas encore validée"

    @property
    def role(self) -> str:
        """What they are in their organisation; nothing for somebody on their own."""
        if self.is_deputy:
            return "Suppléant"
        return "Administrateur" if Right.ADMINISTER in self.rights else "Utilisateur"


_ACCOUNTS = """
SELECT a.id, a.reference, a.login_id, btrim(a.first_name || ' ' || a.last_name), a.job_title, a.user_number, a.state,
  COALESCE(c.email, NULLIF(a.claimed_email, ''), ''), c.email IS NOT NULL,
  (SELECT count(*) FROM identity_account o WHERE o.credential_id = c.id AND o.id <> a.id)::int,
  ARRAY(SELECT h.right FROM landlords_habilitation h
        WHERE h.account_id = a.id AND (h.ended_at IS NULL OR h.ended_at > %(at)s)),
  COALESCE(m.is_deputy, false), a.created_at, a.opened_at, a.last_signed_in_at, c.provisional_until, a.disabled_at,
  a.disabled_by, c.frozen_at, c.frozen_by_office, c.email_refused_at, p.nature = 'corporate',
  (SELECT count(*) FROM landlords_suspendedright s WHERE s.account_id = a.id AND s.lifted_at IS NULL)::int,
  (SELECT count(*) FROM landlords_withdrawndelegation w WHERE w.account_id = a.id AND w.lifted_at IS NULL)::int,
  EXISTS (SELECT 1 FROM landlords_removedadministrator x
          WHERE x.account_id = a.id AND x.reversed_at IS NULL AND x.reversible_until > %(at)s),
  p.nature = 'corporate' AND EXISTS (SELECT 1 FROM landlords_habilitation n WHERE n.account_id = a.id AND n.right = 'administer'
    AND n.ended_at IS NULL AND n.granted_at > %(settled)s AND NOT EXISTS (SELECT 1 FROM landlords_administratorconfirmation k
      WHERE k.account_id = a.id AND k.confirmed_at >= n.granted_at))
    AND NOT EXISTS (SELECT 1 FROM landlords_habilitation n JOIN identity_account b ON b.id = n.account_id
      WHERE b.partner_id = a.partner_id AND b.id <> a.id AND n.right = 'administer' AND n.ended_at IS NULL)
FROM identity_account a JOIN identity_credential c ON c.id = a.credential_id JOIN identity_partner p ON p.id = a.partner_id
LEFT JOIN landlords_membership m ON m.account_id = a.id
WHERE a.partner_id = %(partner)s AND {beyond}
ORDER BY a.id LIMIT %(limit)s
"""


def accounts_in(partner_id: UUID, *, after: str = "", limit: int = SHOWN, at: datetime) -> list[AccountCard]:
    """The accounts of a landlord, the oldest first, beyond the one whose reference is given."""
    beyond = "a.id > (SELECT e.id FROM identity_account e WHERE e.reference = %(after)s AND e.partner_id = %(partner)s)"
    return _read(beyond if after else "true", {"partner": partner_id, "after": after[:12], "limit": limit, "at": at})


def account_in(partner_id: UUID, reference: str, *, at: datetime) -> AccountCard:
    """One account of a landlord; another one's does not exist."""
    values = {"partner": partner_id, "reference": reference[:12], "limit": 1, "at": at}
    found = _read("a.reference = %(reference)s", values) if reference.isalnum() else []
    if not found:
        raise NotFound
    return found[0]


def _read(beyond: str, values: dict[str, Any]) -> list[AccountCard]:
    at: datetime = values["at"]
    with connection.cursor() as cursor:
        settled = at - duration(NEW_ADMINISTRATOR_WAITS)
        cursor.execute(_ACCOUNTS.replace("{beyond}", beyond), {**values, "settled": settled})
        rows = cursor.fetchall()
    travels = travels_of([(row[0], row[15]) for row in rows], at=at)
    paused = limits.paused_for([[row[2], *([row[7]] if row[7] and row[8] else [])] for row in rows], at=at)
    return [_card(row, travels.get(row[0], ()), until, at) for row, until in zip(rows, paused, strict=True)]


def _card(row: Sequence[Any], travels: tuple[Travel, ...], paused: limits.Pause | None, at: datetime) -> AccountCard:
    (pk, reference, login_id, name, job, user_number, state, email, proved, others, rights, deputy, created, opened, last,
     provisional, closed, closed_by, frozen, by_office, refused, corporate, suspended, withdrawn, removed, confirmable) = row  # fmt: skip
    return AccountCard(
        id=pk,
        reference=reference,
        login_id=login_id,
        name=name or login_id,
        job_title=job,
        user_number=user_number,
        state=_state(AccountState(state), frozen, paused, any(one.is_on_its_way(at) for one in travels)),
        email=masked(email) if email else "",
        is_proved=proved,
        others=others,
        rights=frozenset(Right(right) for right in rights),
        is_deputy=deputy,
        created_at=created,
        opened_at=opened,
        last_signed_in_at=last,
        provisional_until=provisional,
        pause=paused,
        closed_at=closed,
        closed_by=closed_by,
        frozen_at=frozen,
        frozen_by_office=by_office,
        email_refused_at=refused,
        is_corporate=corporate,
        suspended=suspended,
        withdrawn=withdrawn,
        was_removed=removed,
        is_confirmable=confirmable,
        travels=travels,
    )


def _state(state: AccountState, frozen: datetime | None, paused: limits.Pause | None, travels: bool) -> AccessState:
    """The worst news first: it is what the person calls about."""
    if state == AccountState.DISABLED:
        return AccessState.CLOSED
    if state == AccountState.FROZEN or frozen is not None:
        return AccessState.FROZEN
    if paused is not None:
        return AccessState.PAUSED
    if state == AccountState.NEW:
        return AccessState.LETTER if travels else AccessState.NEVER
    return AccessState.ACTIVE
