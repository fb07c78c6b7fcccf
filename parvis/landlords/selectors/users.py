"""The users of one's organisation: who they are, what they may do, whom to ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.audit.selectors import Line, journal_of
from parvis.identity.models import Account, AccountState
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.kit.text import fold
from parvis.landlords import events
from parvis.landlords.models import Habilitation, Invitation, Landlord, Office, RightRequest

PAGE = 25
LONGEST_REFERENCE = 12


class UserState(StrEnum):
    """What the pill of a user says."""

    ACTIVE = "active"
    INVITED = "invited"
    EXPIRED = "expired"
    NEVER = "never"
    FROZEN = "frozen"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class UserLine:
    """One user of an organisation. While they are invited, rights, offices and end are those the invitation will give."""

    id: int
    reference: str
    login_id: str
    first_name: str
    last_name: str
    job_title: str
    email: str
    state: UserState
    rights: frozenset[Right]
    offices: tuple[str, ...]
    is_deputy: bool
    end_on: date | None
    opened_at: datetime | None
    last_signed_in_at: datetime | None
    invited_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None
    closed_by: str

    @property
    def name(self) -> str:
        """First and last name, or the identifier of somebody who never came."""
        return f"{self.first_name} {self.last_name}".strip() or self.login_id

    @property
    def role(self) -> str:
        """What they are in the organisation; a deputy may administer too."""
        if self.is_deputy:
            return "Suppléant"
        return "Administrateur" if Right.ADMINISTER in self.rights else "Utilisateur"

    @property
    def is_invited(self) -> bool:
        """Whether an invitation waits for them, in time or not."""
        return self.state in (UserState.INVITED, UserState.EXPIRED)

    @property
    def as_seen(self) -> str:
        """What a form says it was made from, so that nobody changes what has changed meanwhile."""
        parts = [*sorted(self.rights), *sorted(self.offices), str(self.end_on or ""), self.state.value]
        return ",".join(parts)


@dataclass(frozen=True, slots=True)
class UsersPage:
    """One page of the list; ``before`` and ``after`` are references to page from, empty at the ends.

    ``open`` counts the accounts that may enter, ``administrators`` those among them that administer.
    """

    lines: list[UserLine]
    before: str
    after: str
    open: int
    administrators: int


def own_partner(actor: Actor) -> UUID:
    """The landlord an actor acts for; a way in that lets anybody else come this far is broken."""
    if actor.partner_id is None:
        raise RuntimeError(f"{actor.label} acts for no landlord.")
    return actor.partner_id


_USERS = """
WITH keyed AS (
  SELECT a.id, a.reference, a.login_id, a.first_name, a.last_name, a.job_title, a.state, a.opened_at,
         a.last_signed_in_at, a.disabled_at, a.disabled_by,
         COALESCE(c.email, NULLIF(a.claimed_email, ''), i.email, '') AS email, c.frozen_at,
         i.invited_at, i.expires_at, i.rights AS invited_rights, i.offices AS invited_offices, i.rights_end_on,
         COALESCE(m.offices, '{}') AS offices, COALESCE(m.is_deputy, false) AS is_deputy,
         parvis_fold(COALESCE(NULLIF(btrim(a.last_name || ' ' || a.first_name), ''), a.login_id)) COLLATE "C" AS key
  FROM identity_account a JOIN identity_credential c ON c.id = a.credential_id
  LEFT JOIN landlords_membership m ON m.account_id = a.id
  LEFT JOIN landlords_invitation i ON i.account_id = a.id AND i.accepted_at IS NULL AND i.cancelled_at IS NULL
  WHERE a.partner_id = %(partner)s
)
SELECT k.*, ARRAY(SELECT h.right FROM landlords_habilitation h
                  WHERE h.account_id = k.id AND (h.ended_at IS NULL OR h.ended_at > %(at)s)) AS held,
       (SELECT max(h.ended_at) FROM landlords_habilitation h WHERE h.account_id = k.id AND h.ended_at > %(at)s) AS ends_at
FROM keyed k WHERE {conditions} ORDER BY k.key {order}, k.id {order} LIMIT %(limit)s
"""
_WORDS = "parvis_fold(concat_ws(' ', k.first_name, k.last_name, k.login_id, k.email, k.job_title)) LIKE ALL (%(words)s)"
_BEYOND = "(k.key, k.id) {} (SELECT e.key, e.id FROM keyed e WHERE e.reference = %(edge)s)"


def users_page(actor: Actor, *, words: str = "", after: str = "", before: str = "", at: datetime) -> UsersPage:
    """The users of one's organisation by name: those whose name, identifier, address or function hold all the words."""
    edge = (before or after)[:LONGEST_REFERENCE]
    if edge and not Account.objects.filter(partner_id=own_partner(actor), reference=edge).exists():
        edge = before = ""
    conditions = ([_WORDS] if words else []) + ([_BEYOND.format("<" if before else ">")] if edge else [])
    found = _read(actor, conditions, at, limit=PAGE + 1, backwards=bool(before), words=_patterns(words), edge=edge)
    more, lines = len(found) > PAGE, found[:PAGE]
    if before:
        lines.reverse()
    has_before, has_after = (more, bool(lines)) if before else (bool(edge), more)
    return UsersPage(
        lines,
        before=lines[0].reference if lines and has_before else "",
        after=lines[-1].reference if lines and has_after else "",
        open=Account.objects.filter(partner_id=own_partner(actor), state=AccountState.ACTIVE).count(),
        administrators=len(administrators(own_partner(actor), at=at)),
    )


def all_users(actor: Actor, *, at: datetime, limit: int) -> list[UserLine]:
    """Every user of one's organisation by name, ``limit`` of them at most."""
    return _read(actor, [], at, limit=limit)


def user_of(actor: Actor, reference: str, *, at: datetime) -> UserLine:
    """One user of one's own organisation; anybody else's does not exist."""
    found = _read(actor, ["k.reference = %(edge)s"], at, edge=reference) if _is_reference(reference) else []
    if not found:
        raise NotFound
    return found[0]


def user_with_email(actor: Actor, email: str, *, at: datetime) -> UserLine | None:
    """Who of one's organisation has this address, proved or claimed, invited or closed."""
    found = _read(actor, ["k.email = %(edge)s"], at, edge=email)
    return found[0] if found else None


def history_of(actor: Actor, user: UserLine) -> list[Line]:
    """What was done with a user's rights and access, newest first, as an administrator of theirs may read it."""
    theirs = Actor(ActorKind.PARTNER, user.login_id, account_id=user.id, partner_id=actor.partner_id)
    codes = [event.code for event in events.OF_USERS]
    lines = journal_of(theirs, events=codes)
    names = _names(actor, {line.by for line in lines})
    told = {actor.label: "Vous", "Vous": "Vous" if user.login_id == actor.label else user.name}
    return [
        Line(
            line.pk,
            line.at,
            line.sentence,
            told.get(line.by) or names.get(line.by, line.by),
            line.subject,
            line.details,
        )
        for line in lines
        if line.subject == user.login_id
    ]


def grantable_rights(actor: Actor) -> list[Right]:
    """The rights that exist for one's organisation."""
    files = Landlord.objects.filter(pk=actor.partner_id, may_consult_files=True).exists()
    return [right for right in Right if files or right is not Right.CONSULT_FILES]


def offices_of_landlord(actor: Actor) -> list[tuple[str, str]]:
    """The offices (code, name) one's organisation deals with."""
    theirs = Office.objects.filter(thirdpartynumber__landlord_id=actor.partner_id).distinct()
    return sorted(theirs.values_list("caf_code", "name"), key=lambda pair: fold(pair[1]))


def administrators(partner_id: UUID, *, at: datetime) -> list[Account]:
    """The accounts that may administer a landlord now, the oldest in the role first."""
    held = Habilitation.objects.filter(
        right=Right.ADMINISTER, account__partner_id=partner_id, account__state=AccountState.ACTIVE
    )
    rows = held.exclude(ended_at__lte=at).select_related("account__credential").order_by("granted_at", "pk")
    return [row.account for row in rows if row.account.credential.frozen_at is None]


def administers_since(account_id: int, *, at: datetime) -> datetime | None:
    """Since when an account has held the right to administer; None if it does not hold it."""
    held = Habilitation.objects.filter(account_id=account_id, right=Right.ADMINISTER).exclude(ended_at__lte=at)
    return held.order_by("granted_at").values_list("granted_at", flat=True).first()


def requests_waiting(actor: Actor) -> list[RightRequest]:
    """The rights asked for in one's organisation and not yet answered, the oldest first."""
    waiting = RightRequest.objects.filter(account__partner_id=own_partner(actor), answered_at=None)
    return list(waiting.select_related("account").order_by("asked_at", "pk"))


def request_of(actor: Actor, request_id: int) -> RightRequest:
    """One request of one's own organisation; anybody else's does not exist."""
    theirs = RightRequest.objects.filter(account__partner_id=own_partner(actor)).select_related("account")
    found = theirs.filter(pk=request_id).first() if request_id < 2**63 else None
    if found is None:
        raise NotFound
    return found


def was_invited(actor: Actor, user: UserLine) -> bool:
    """Whether somebody was ever invited, rather than written to by the office."""
    return Invitation.objects.filter(account_id=user.id, account__partner_id=own_partner(actor)).exists()


def invited_address(actor: Actor) -> str:
    """The address somebody was invited at, as long as they have not finished coming; empty for all others."""
    live = Invitation.objects.filter(account_id=actor.account_id or 0, accepted_at=None, cancelled_at=None)
    return live.values_list("email", flat=True).first() or ""


def _names(actor: Actor, login_ids: Collection[str]) -> dict[str, str]:
    rows = Account.objects.filter(partner_id=own_partner(actor), login_id__in=login_ids)
    return {row.login_id: f"{row.first_name} {row.last_name}".strip() or row.login_id for row in rows}


def _is_reference(written: str) -> bool:
    return written.isascii() and written.isalnum() and len(written) <= LONGEST_REFERENCE


def _patterns(words: str) -> list[str]:
    escaped = [term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for term in fold(words).split()]
    return [f"%{term}%" for term in escaped] or ["%"]


def _read(
    actor: Actor, conditions: list[str], at: datetime, *, limit: int = 1, backwards: bool = False, **values: Any
) -> list[UserLine]:
    order = "DESC" if backwards else "ASC"
    query = _USERS.replace("{conditions}", " AND ".join(conditions) or "true").replace("{order}", order)
    with connection.cursor() as cursor:
        cursor.execute(query, {"partner": actor.partner_id, "at": at, "limit": limit, **values})
        columns = [column.name for column in cursor.description or ()]
        return [_line(dict(zip(columns, row, strict=True)), at) for row in cursor.fetchall()]


def _line(row: dict[str, Any], at: datetime) -> UserLine:
    state = _state(row, at)
    waits = state in (UserState.INVITED, UserState.EXPIRED)
    ends_at = row["ends_at"]
    held_until = day_in_paris(ends_at - timedelta(microseconds=1)) if ends_at else None
    own = ("id", "reference", "login_id", "first_name", "last_name", "job_title", "email", "is_deputy")
    return UserLine(
        **{name: row[name] for name in (*own, "opened_at", "last_signed_in_at", "invited_at", "expires_at")},
        state=state,
        rights=frozenset(Right(right) for right in (row["invited_rights"] if waits else row["held"])),
        offices=tuple(row["invited_offices"] if waits else row["offices"]),
        end_on=row["rights_end_on"] if waits else held_until,
        closed_at=row["disabled_at"],
        closed_by=row["disabled_by"],
    )


def _state(row: dict[str, Any], at: datetime) -> UserState:
    if row["state"] == AccountState.DISABLED:
        return UserState.CLOSED
    if row["state"] == AccountState.FROZEN or row["frozen_at"] is not None:
        return UserState.FROZEN
    if row["opened_at"] is not None:
        return UserState.ACTIVE
    if row["expires_at"] is None:
        return UserState.NEVER
    return UserState.INVITED if at < row["expires_at"] else UserState.EXPIRED
