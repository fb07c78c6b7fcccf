"""The replacements of an administrator as agents see them: what waits, what became of the others, the papers shown."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Concat

from parvis.identity.models import Account, AccountState
from parvis.identity.rules import masked
from parvis.kit.db import Fold
from parvis.kit.encryption import open_
from parvis.kit.refusals import NotFound
from parvis.kit.text import fold
from parvis.landlords.models import (
    AdministratorReplacement,
    AfterReplacement,
    Invitation,
    ReplacementPaper,
    ReplacementState,
)
from parvis.landlords.selectors.role import holders, may_take, takers

SHOWN = 10
MOST_USERS = 200


@dataclass(frozen=True, slots=True)
class ReplacementSheet:
    """One replacement. ``login_id`` is empty for a person who is not a user yet, ``opened_by`` where a user asked for it.

    ``awaits`` says why it is not done though the days to say no are over.
    """

    id: int
    login_id: str
    person: str
    email: str
    former: str
    becomes: AfterReplacement
    reason: str
    state: ReplacementState
    asked_at: datetime
    waits_until: datetime
    opened_by: str
    proposed_by: str
    approved_by: str
    agreed_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    objection: str
    papers: tuple[tuple[UUID, str, int], ...]
    awaits: str

    @property
    def is_live(self) -> bool:
        """Whether it waits."""
        return self.closed_at is None


def replacements_of(partner_id: UUID, *, at: datetime) -> list[ReplacementSheet]:
    """The replacements of an organisation, the newest first; the caller has checked whose file it is."""
    rows = AdministratorReplacement.objects.filter(landlord_id=partner_id).select_related(
        "asked_by__credential", "former"
    )
    return [_sheet(row, at) for row in rows.prefetch_related("papers").order_by("-asked_at", "-pk")[:SHOWN]]


def _sheet(row: AdministratorReplacement, at: datetime) -> ReplacementSheet:
    papers = tuple((paper.opaque, paper.name, paper.size) for paper in row.papers.defer("content").order_by("pk"))
    return ReplacementSheet(
        id=row.pk,
        login_id=row.asked_by.login_id if row.asked_by else "",
        person=row.successor_name,
        email=masked(row.guest_email) if row.guest_email else "",
        former=_name(row.former) if row.former else "",
        becomes=AfterReplacement(row.former_becomes),
        reason=row.reason,
        state=ReplacementState(row.state),
        asked_at=row.asked_at,
        waits_until=row.waits_until,
        opened_by=row.opened_by,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        agreed_at=row.agreed_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        objection=row.objection,
        papers=papers,
        awaits=_awaits(row, at),
    )


def _awaits(row: AdministratorReplacement, at: datetime) -> str:
    if row.state != ReplacementState.AGREED or row.waits_until > at:
        return ""
    if row.asked_by is None or may_take(row.asked_by):
        return "Il se fait cette nuit."
    live = Invitation.objects.filter(account=row.asked_by, accepted_at=None, cancelled_at=None).first()
    if row.asked_by.state == AccountState.NEW and live is not None and live.expires_at > at:
        return "La personne est invitée\u00a0: il se fait à sa première connexion."
    if row.asked_by.opened_at is None:
        return "L’invitation n’a pas servi à temps. Renvoyez-la, ou arrêtez le remplacement."
    return "L’accès de la personne choisie est fermé ou bloqué."


@dataclass(frozen=True, slots=True)
class Choices:
    """(reference, words) of those who hold the role, and of users who may take it; ``more`` of these than are here."""

    former: list[tuple[str, str]]
    users: list[tuple[str, str]]
    more: bool


def choices_of(partner_id: UUID, *, words: str = "") -> Choices:
    """Who may be replaced, and by whom: users whose name or identifier holds all the words, some of them where there are many."""
    hold = holders(partner_id)
    rows = takers(partner_id).exclude(pk__in=[account.pk for account in hold])
    rows = rows.annotate(words=Fold(Concat("first_name", Value(" "), "last_name", Value(" "), "login_id")))
    for word in fold(words).split():
        rows = rows.filter(words__contains=word)
    found = list(rows.order_by("last_name", "first_name", "pk")[: MOST_USERS + 1])
    shown = [_choice(account) for account in found[:MOST_USERS]]
    return Choices([_choice(account) for account in hold], shown, len(found) > MOST_USERS)


def paper_content(partner_id: UUID, opaque: UUID) -> tuple[str, str, bytes]:
    """Name, media type and bytes of one paper shown for a replacement of this organisation; any other does not exist."""
    found = ReplacementPaper.objects.filter(replacement__landlord_id=partner_id, opaque=opaque).first()
    if found is None:
        raise NotFound
    return found.name, found.media_type, base64.b64decode(open_(bytes(found.content), found.column))


def _choice(account: Account) -> tuple[str, str]:
    return account.reference, f"{_name(account)} ({account.login_id})"


def _name(account: Account) -> str:
    return f"{account.first_name} {account.last_name}".strip() or account.login_id
