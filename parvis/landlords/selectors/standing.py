"""Who is here, for whom, with which rights: the question that opens every page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from parvis.identity.models import AccountState, Nature
from parvis.identity.steps import Progress
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.db import one_row
from parvis.kit.references import fingerprint


@dataclass(frozen=True, slots=True)
class Standing:
    """One session before one account: all a page must know of who is there, in one query."""

    session_id: int
    session_created_at: datetime
    session_seen_at: datetime
    session_ends_at: datetime
    credential_id: int
    account_id: int
    account_reference: str
    login_id: str
    user_number: str
    state: AccountState
    person: str
    email: str | None
    previous_sign_in_at: datetime | None
    partner_id: UUID
    nature: Nature
    landlord_name: str
    account_count: int
    office_code: str
    office_name: str
    rights: frozenset[Right]
    offices: frozenset[str]
    progress: Progress

    @property
    def actor(self) -> Actor:
        """The actor this standing makes."""
        return Actor(
            kind=ActorKind.PARTNER,
            label=self.login_id,
            account_id=self.account_id,
            partner_id=self.partner_id,
            rights=self.rights,
            person=self.person,
            offices=self.offices,
        )


# The texts' newest versions must be accepted; there are two of them, whatever the number of accounts.
_STANDING = """
WITH newest AS (
  SELECT DISTINCT ON (kind) id, kind FROM identity_textversion WHERE published_at <= %(at)s ORDER BY kind, version DESC
)
SELECT s.id, s.created_at, s.seen_at, s.ends_at, c.id, a.id, a.reference, a.login_id, a.user_number, a.state,
       a.first_name, a.last_name, c.email, a.previous_sign_in_at, p.id, p.nature,
       COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)),
       (SELECT count(*) FROM identity_account other WHERE other.credential_id = c.id AND other.state <> 'disabled'),
       o.caf_code, o.name,
       ARRAY(SELECT h.right FROM landlords_habilitation h WHERE h.account_id = a.id AND (h.ended_at IS NULL OR h.ended_at > %(at)s)),
       COALESCE(m.offices, '{}'), c.email_proved_at IS NOT NULL, s.code_satisfied_at IS NOT NULL, a.first_name <> '' AND a.last_name <> '',
       c.provisional_until IS NOT NULL OR COALESCE(c.password_changed_at < c.password_due_at, false),
       ARRAY(SELECT n.kind FROM newest n WHERE NOT EXISTS (
         SELECT 1 FROM identity_acceptance x WHERE x.account_id = a.id AND x.text_id = n.id)),
       a.opened_at IS NOT NULL, jsonb_exists(s.notes, 'link'),
       c.email_proved_at IS NULL AND p.person_index IS NOT NULL AND NOT jsonb_exists(s.notes, 'apart') AND EXISTS (
         SELECT 1 FROM identity_partner same JOIN identity_account twin ON twin.partner_id = same.id
         JOIN identity_credential known ON known.id = twin.credential_id AND known.email IS NOT NULL AND known.frozen_at IS NULL
         WHERE same.person_index = p.person_index AND known.id <> c.id)
FROM {session} s
JOIN identity_credential c ON c.id = s.credential_id AND c.version = s.credential_version
JOIN identity_account a ON a.credential_id = c.id AND a.reference = %(reference)s AND a.state NOT IN ('disabled', 'frozen')
JOIN identity_partner p ON p.id = a.partner_id
JOIN landlords_landlord l ON l.partner_id = p.id
LEFT JOIN landlords_membership m ON m.account_id = a.id
LEFT JOIN LATERAL (SELECT office.caf_code, office.name FROM landlords_thirdpartynumber n
  JOIN landlords_office office ON office.caf_code = n.office_id
  WHERE n.landlord_id = l.partner_id AND (COALESCE(cardinality(m.offices), 0) = 0 OR n.office_id = ANY(m.offices))
  ORDER BY n.absent_since NULLS FIRST, n.user_number = a.user_number DESC, n.id LIMIT 1) o ON true
WHERE s.token_hash = %(token)s AND s.ends_at > %(at)s
"""
_SIGNED_IN = _STANDING.replace("{session}", "identity_session")
# Somebody of the office reads what its owner would see: no session of theirs, so one as it would be.
_SEEN = _STANDING.replace(
    "{session}",
    """(SELECT 0::bigint AS id, %(at)s::timestamptz AS created_at, %(at)s::timestamptz AS seen_at, %(ends)s::timestamptz AS ends_at,
  own.credential_id, held.version AS credential_version, %(at)s::timestamptz AS code_satisfied_at, '{}'::jsonb AS notes,
  ''::bytea AS token_hash
  FROM identity_account own JOIN identity_credential held ON held.id = own.credential_id WHERE own.reference = %(reference)s)""",
)
ALL_DONE = Progress(True, True, True, provisional=False, rules_due=False, terms_due=False, opened=True)
"""Somebody who reads owes no step of sign-in."""


def standing_of(cookie: str, account_reference: str, *, at: datetime) -> Standing | None:
    """Who the cookie is before this account; None if the session has ended or the account is not its own."""
    if not account_reference.isalnum():
        # Addresses may hold anything, even signs the database cannot; no reference is made of those.
        return None
    row = one_row(_SIGNED_IN, {"token": fingerprint(cookie), "reference": account_reference, "at": at})
    return _standing(row) if row else None


def standing_seen(account_reference: str, *, ends_at: datetime, at: datetime) -> Standing | None:
    """An open account as its owner would be there, for whoever is allowed to read its pages; None for a closed one."""
    row = one_row(_SEEN, {"token": b"", "reference": account_reference, "ends": ends_at, "at": at})
    return replace(_standing(row), progress=ALL_DONE) if row else None


@dataclass(frozen=True, slots=True)
class ClosedAccess:
    """An account closed to the owner of a session: where it led, and since when it does not."""

    landlord_name: str
    closed_at: datetime | None


# A session keeps its credential when the access is closed, so it still proves whose account this was.
_CLOSED = """
SELECT COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), a.disabled_at
FROM identity_session s
JOIN identity_account a ON a.credential_id = s.credential_id AND a.reference = %(reference)s AND a.state = 'disabled'
JOIN landlords_landlord l ON l.partner_id = a.partner_id
WHERE s.token_hash = %(token)s
"""


def closed_access_of(cookie: str, account_reference: str) -> ClosedAccess | None:
    """What to tell the owner of a closed account whose browser still holds their session; None for anybody else."""
    if not account_reference.isalnum():
        return None
    row = one_row(_CLOSED, {"token": fingerprint(cookie), "reference": account_reference})
    return ClosedAccess(*row) if row else None


def _standing(row: tuple[Any, ...]) -> Standing:
    (session, created, seen, ends, credential, account, reference, login_id, user_number, state, first, last, email,
     before, partner, nature, landlord, count, office, office_name, rights, offices, proved, satisfied, named, provisional,
     texts_due, opened, link_due, person_known) = row  # fmt: skip
    return Standing(
        session_id=session,
        session_created_at=created,
        session_seen_at=seen,
        session_ends_at=ends,
        credential_id=credential,
        account_id=account,
        account_reference=reference,
        login_id=login_id,
        user_number=user_number,
        state=AccountState(state),
        person=f"{first} {last}".strip(),
        email=email,
        previous_sign_in_at=before,
        partner_id=partner,
        nature=Nature(nature),
        landlord_name=landlord,
        account_count=count,
        office_code=office or "",
        office_name=office_name or "",
        rights=frozenset(Right(right) for right in rights),
        offices=frozenset(offices),
        progress=Progress(
            email_proved=proved,
            code_satisfied=satisfied,
            has_names=named,
            provisional=provisional,
            rules_due="usage_rules" in texts_due,
            terms_due="service_terms" in texts_due,
            opened=opened,
            link_due=link_due,
            person_known=person_known,
        ),
    )
