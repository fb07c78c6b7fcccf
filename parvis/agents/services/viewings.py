"""« Voir comme le bailleur » : begun with the reason of the day, read-only, a quarter of an hour, told to the landlord."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.agents import events
from parvis.agents.models import AgentSession, Opening, Viewing
from parvis.agents.reasons import Reason
from parvis.agents.refusals import NothingToView
from parvis.agents.selectors.openings import opening_of
from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity.models import Account, AccountState
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services import limits
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import NotFound
from parvis.landlords.selectors.for_agents.files import file_of
from parvis.parameters.catalogue import AGENT_VIEWING
from parvis.parameters.selectors import duration


@transaction.atomic
def begin(session_id: int, partner_id: UUID, account_reference: str, *, by: Actor, at: datetime) -> Viewing:
    """Open the pages of an account for reading. Twice, it is one viewing; another account's ends the one before.

    Refuses an account that nobody has opened yet or that is closed; a file whose reason was not given today does not exist.
    """
    file_of(by, partner_id, Duty.VIEW_AS)
    session = AgentSession.objects.select_for_update().get(pk=session_id)
    opening = opening_of(session.agent_id, partner_id, at=at)
    account = Account.objects.select_related("credential").filter(partner_id=partner_id, reference=account_reference)
    seen = account.first()
    if opening is None or seen is None:
        raise NotFound
    if seen.state != AccountState.ACTIVE or seen.opened_at is None or seen.credential.frozen_at is not None:
        raise NothingToView
    live = Viewing.objects.filter(session=session, left_at=None)
    same = live.filter(account_id=seen.pk, ends_at__gt=at).first()
    if same is not None:
        return same
    live.update(left_at=at)
    made = Viewing.objects.create(
        agent_id=session.agent_id,
        session=session,
        account_id=seen.pk,
        account_reference=seen.reference,
        partner_id=partner_id,
        reason=opening.reason,
        begun_at=at,
        ends_at=at + duration(AGENT_VIEWING),
    )
    _tell(seen, opening, by=by, at=at)
    return made


@transaction.atomic
def leave(session_id: int, *, by: Actor, at: datetime) -> UUID | None:
    """Close what this session views; the landlord whose it was. Nothing viewed, nothing happens."""
    found = Viewing.objects.select_for_update().filter(session_id=session_id, left_at=None).first()
    if found is None:
        return None
    Viewing.objects.filter(pk=found.pk).update(left_at=at)
    about = replace(by, partner_id=found.partner_id)
    record(events.VIEWING_LEFT, subject=found.account_reference, by=about, at=at)
    return found.partner_id


@transaction.atomic
def note_page(route: str, *, by: Actor, account_reference: str, login_id: str, at: datetime) -> None:
    """One page was read: by which agent, in whose space."""
    seen = replace(by, account_id=None)
    record(events.PAGE_VIEWED, subject=account_reference, by=seen, at=at, page=route, account=login_id)


def _tell(account: Account, opening: Opening, *, by: Actor, at: datetime) -> None:
    """In the journal of the account at once, and by mail once a day."""
    about = replace(by, partner_id=account.partner_id, account_id=account.pk)
    told = Reason(opening.reason).label.lower()
    record(events.VIEWING_BEGUN, subject=account.login_id, by=about, at=at, told_reason=told, note=opening.note)
    mailbox = account.credential.email
    if mailbox is None or limits.admit([limits.of_once_a_day("viewed", str(account.pk))], at=at).paused_until:
        return
    queue_email(
        to=mailbox,
        template="agents/emails/viewed",
        context={**words_of(account), "viewed": at.isoformat(), "reason": told},
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
