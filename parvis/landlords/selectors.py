"""Questions about landlords. The first one opens every page: who is here, for whom, with which rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.identity.models import AccountState, Nature
from parvis.identity.steps import Progress
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.references import fingerprint
from parvis.kit.text import fold
from parvis.landlords.models import Habilitation, Landlord, Office


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
       c.email_proved_at IS NOT NULL, s.code_satisfied_at IS NOT NULL, a.first_name <> '' AND a.last_name <> '',
       c.provisional_until IS NOT NULL,
       ARRAY(SELECT n.kind FROM newest n WHERE NOT EXISTS (
         SELECT 1 FROM identity_acceptance x WHERE x.account_id = a.id AND x.text_id = n.id)),
       a.opened_at IS NOT NULL
FROM identity_session s
JOIN identity_credential c ON c.id = s.credential_id AND c.version = s.credential_version
JOIN identity_account a ON a.credential_id = c.id AND a.reference = %(reference)s AND a.state NOT IN ('disabled', 'frozen')
JOIN identity_partner p ON p.id = a.partner_id
JOIN landlords_landlord l ON l.partner_id = p.id
LEFT JOIN LATERAL (SELECT office.caf_code, office.name FROM landlords_thirdpartynumber n
  JOIN landlords_office office ON office.caf_code = n.office_id
  WHERE n.landlord_id = l.partner_id ORDER BY n.absent_since NULLS FIRST, n.user_number = a.user_number DESC, n.id LIMIT 1) o ON true
WHERE s.token_hash = %(token)s AND s.ends_at > %(at)s
"""


def standing_of(cookie: str, account_reference: str, *, at: datetime) -> Standing | None:
    """Who the cookie is before this account; None if the session has ended or the account is not its own."""
    if not account_reference.isalnum():
        # Addresses may hold anything, even signs the database cannot; no reference is made of those.
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"token": fingerprint(cookie), "reference": account_reference, "at": at})
        row = cursor.fetchone()
    return _standing(row) if row else None


def _standing(row: tuple[Any, ...]) -> Standing:
    (session, created, seen, ends, credential, account, reference, login_id, user_number, state, first, last, email,
     before, partner, nature, landlord, count, office, office_name, rights, proved, satisfied, named, provisional,
     texts_due, opened) = row  # fmt: skip
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
        progress=Progress(
            email_proved=proved,
            code_satisfied=satisfied,
            has_names=named,
            provisional=provisional,
            rules_due="usage_rules" in texts_due,
            terms_due="service_terms" in texts_due,
            opened=opened,
        ),
    )


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """How landlords reach an office."""

    name: str
    address: tuple[str, ...]
    email: str
    phone: str
    website: str


def offices(postcode: str = "") -> list[OfficeContact]:
    """Every office by name, or those of the department of a postcode; none for a postcode that cannot be read."""
    found = Office.objects.all()
    if postcode:
        found = found.filter(departments__contains=[department_of(postcode)])
    return [
        OfficeContact(
            name=office.name,
            address=tuple(
                line
                for line in (office.address_1, office.address_2, f"{office.postcode} {office.city}")
                if line.strip()
            ),
            email=office.landlord_email or office.email,
            phone=office.phone,
            website=office.website,
        )
        for office in sorted(found, key=lambda office: fold(office.name))
    ]


def department_of(postcode: str) -> str:
    """``44220`` → ``44``; overseas departments have three digits, Corsica a letter."""
    digits = "".join(postcode.split())
    if digits.startswith(("97", "98")):
        return digits[:3]
    if digits.startswith("20"):
        return "2A" if digits[:3] in ("200", "201") else "2B"
    return digits[:2]


def names_known(actor: Actor) -> dict[str, str]:
    """First and last name of an individual landlord as the office knows them, to be checked; nothing for an organisation."""
    known = Landlord.objects.filter(pk=actor.partner_id, partner__nature=Nature.INDIVIDUAL)
    found = known.values_list("first_name", "last_name").first()
    return {"first_name": found[0], "last_name": found[1]} if found else {}


def has_rights_given(partner_id: UUID) -> bool:
    """Whether some account of this landlord has, or had, rights: then the next to come is not the first."""
    return Habilitation.objects.filter(account__partner_id=partner_id).exists()


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account of a credential, as the choice of accounts shows it."""

    reference: str
    login_id: str
    name: str
    siret: str
    office: str


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """One page of the choice; ``before`` and ``after`` are references to page from, empty at the ends."""

    lines: list[AccountLine]
    before: str
    after: str


# Keyed by folded name then id; the reference of the last line shown leads to the next page.
_ACCOUNTS = """
WITH mine AS (
  SELECT a.id, a.reference, a.login_id, l.siret, o.name AS office,
         COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)) AS name
  FROM identity_account a JOIN landlords_landlord l ON l.partner_id = a.partner_id
  LEFT JOIN LATERAL (SELECT office.name FROM landlords_thirdpartynumber n
    JOIN landlords_office office ON office.caf_code = n.office_id
    WHERE n.landlord_id = l.partner_id ORDER BY n.absent_since NULLS FIRST, n.user_number = a.user_number DESC, n.id LIMIT 1) o ON true
  WHERE a.credential_id = %(credential)s AND a.state NOT IN ('disabled', 'frozen')
), keyed AS (SELECT *, parvis_fold(name) AS key FROM mine)
SELECT reference, login_id, name, siret, COALESCE(office, '') FROM keyed
WHERE parvis_fold(concat_ws(' ', name, login_id, siret, office)) LIKE ALL (%(words)s)
  AND (%(edge)s = '' OR (key, id) {sign} (SELECT k.key, k.id FROM keyed k WHERE k.reference = %(edge)s))
ORDER BY key {order}, id {order} LIMIT %(limit)s
"""
_FORWARD = _ACCOUNTS.format(sign=">", order="ASC")
_BACKWARD = _ACCOUNTS.format(sign="<", order="DESC")


def accounts_of(
    credential_id: int, *, words: str = "", after: str = "", before: str = "", size: int = 25
) -> AccountsPage:
    """The open accounts of a credential by name: those whose name, SIRET, identifier or office hold all the words."""
    joined = "".join(words.split())
    terms = [joined] if joined.isdigit() else fold(words).split()
    escaped = [term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for term in terms]
    values: dict[str, Any] = {
        "credential": credential_id,
        "words": [f"%{term}%" for term in escaped] or ["%"],
        "edge": before or after,
        "limit": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BACKWARD if before else _FORWARD, values)
        found = [AccountLine(*row) for row in cursor.fetchall()]
    more, lines = len(found) > size, found[:size]
    if before:
        lines.reverse()
    has_before, has_after = (more, bool(lines)) if before else (bool(after), more)
    return AccountsPage(
        lines,
        before=lines[0].reference if lines and has_before else "",
        after=lines[-1].reference if lines and has_after else "",
    )
