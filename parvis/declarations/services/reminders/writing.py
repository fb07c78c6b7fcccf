"""Writing the reminders that are due: a row a wave and account is the claim, a mail a person what follows from it.

Each block is one transaction: stopped half-way, the next run goes on where this one was; twice a day, or in two workers,
nobody is told twice. What was declared meanwhile is told to nobody: who has nothing left is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, TypeVar

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.correspondence.models import Channel
from parvis.correspondence.services import Draft, queue_many
from parvis.declarations import events
from parvis.declarations.models import RentCampaign
from parvis.declarations.refusals import LettersNotPossible, WavePaused
from parvis.declarations.services.reminders import by_post, running, waves
from parvis.declarations.services.reminders.due import BLOCK, Due, due_for, unsent_for
from parvis.identity.models import Account
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.parameters import catalogue
from parvis.parameters.selectors import value

TEMPLATE = "declarations/emails/reminder"
RECAP = "campaign_recap"
"""The paper that the mail of the end carries (``paper.closing``)."""
MOST_ACCOUNTS = 20
FORMER_YEARS = 2
"""Whose rents, typed and not sent, are spoken of."""

_CLAIM = """
INSERT INTO declarations_campaignreminder (account_id, year, wave, at)
SELECT s.account, %(year)s, s.wave, %(at)s FROM unnest(%(accounts)s::bigint[], %(waves)s::text[]) AS s(account, wave)
ON CONFLICT (account_id, year, wave) DO NOTHING RETURNING account_id, wave
"""


def remind(*, by: Actor, at: datetime) -> int:
    """Write every reminder that is due ``at``, once; says how many mails."""
    today, written = day_in_paris(at), 0
    unsent_after = value(catalogue.REMINDER_UNSENT)
    live = RentCampaign.objects.filter(opens_on__lte=today, suspension_on__gt=today).order_by("year", "pk")
    for campaign in live:
        pace = waves.pace_in_force(campaign.office_id)
        wave = waves.wave_due(campaign.opens_on, campaign.deadline_on, campaign.suspension_on, pace, on=today)
        if wave is not None:
            written += _written(campaign, wave.name, _of_wave(campaign, wave, at), by=by, at=at)
            if waves.goes_by_post(wave.kind, campaign.office_id):
                _write_by_post(campaign, wave, by=by, at=at)
    # Of typed rents the day of typing counts, not the office: those of all offices are one wave. Nor does it matter how late
    # they are: one is reminded of rents typed after the suspension too, and of those of a former year.
    opened = RentCampaign.objects.filter(opens_on__lte=today, year__gte=today.year - FORMER_YEARS).order_by(
        "year", "pk"
    )
    for campaign in {of.year: of for of in opened}.values():
        campaign.office = None
        written += _written(campaign, waves.UNSENT, _of_typed(campaign, unsent_after, at), by=by, at=at)
    return written


Finding = Callable[[int], list[Due]]
"""The accounts to tell, beyond a credential."""


def _of_wave(campaign: RentCampaign, wave: waves.Wave, at: datetime) -> Finding:
    own = waves.claim_of(wave, office=campaign.office_id or "", own_since=campaign.own_since)
    done, unasked = wave.kind == waves.CLOSING, wave.kind == waves.OPENING
    return lambda beyond: due_for(
        campaign.year, campaign.office_id, own, done=done, unasked=unasked, beyond=beyond, at=at
    )


def _of_typed(campaign: RentCampaign, days: int, at: datetime) -> Finding:
    return lambda beyond: unsent_for(campaign.year, days, beyond=beyond, at=at)


def _written(campaign: RentCampaign, wave: str, find: Finding, *, by: Actor, at: datetime) -> int:
    """All blocks of one wave, or those before an agent held it back."""
    written, beyond = 0, 0
    while found := find(beyond):
        # The accounts of the last person of a full block may go on in the next one: read again with the others there.
        whole = [due for due in found if due.credential_id != found[-1].credential_id] if len(found) == BLOCK else found
        block = whole or found
        try:
            written += _block(campaign, wave, block, by=by, at=at)
        except WavePaused:
            break
        if len(found) < BLOCK:
            break
        beyond = block[-1].credential_id
    return written


@transaction.atomic
def _block(campaign: RentCampaign, wave: str, block: Sequence[Due], *, by: Actor, at: datetime) -> int:
    told, kind = _claimed(campaign, block, at=at), wave.split(":")[0]
    drafts = [_draft(campaign, kind, list(own)) for _, own in groupby(told, key=lambda due: due.credential_id)]
    if drafts:
        running.note(campaign, wave, Channel.EMAIL, len(drafts), at=at)
        queue_many(drafts, at=at)
        record(
            events.REMINDED, subject=f"campaign:{campaign.year}", by=by, at=at, wave=block[0].wave, mails=len(drafts)
        )
    return len(drafts)


Told = TypeVar("Told", Due, by_post.Addressed)


def _claimed(campaign: RentCampaign, block: Sequence[Told], *, at: datetime) -> list[Told]:
    """Those of a block that nobody else is telling."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"year": campaign.year, "at": at, "accounts": [due.account_id for due in block]}
        cursor.execute(_CLAIM, values | {"waves": [due.wave for due in block]})
        claimed = set(cursor.fetchall())
    return [due for due in block if (due.account_id, due.wave) in claimed]


def _write_by_post(campaign: RentCampaign, wave: waves.Wave, *, by: Actor, at: datetime) -> None:
    """A letter, office by office, to each landlord whom no mail reaches or who wishes paper."""
    beyond = by_post.BEFORE_ALL
    while block := by_post.addressed(campaign, wave, beyond=beyond, at=at):
        try:
            _block_by_post(campaign, wave, block, by=by, at=at)
        except WavePaused:
            return
        beyond = (block[-1].partner_id, block[-1].caf_code)


@transaction.atomic
def _block_by_post(
    campaign: RentCampaign, wave: waves.Wave, block: Sequence[by_post.Addressed], *, by: Actor, at: datetime
) -> None:
    drafts = by_post.letters(campaign, _claimed(campaign, block, at=at), wave.kind)
    if drafts:
        running.note(campaign, wave.name, Channel.LETTER, len(drafts), at=at)
        queue_many(drafts, at=at)
        told = {"wave": by_post.name_of(wave), "letters": len(drafts)}
        record(events.REMINDED, subject=f"campaign:{campaign.year}", by=by, at=at, **told)


MOST_ASKED = 5 * BLOCK
"""Letters one click writes; whoever needs more clicks again."""


def write_to_never_signed_in(year: int, office: str, *, by: Actor, at: datetime) -> int:
    """Write to landlords with rents left whom nobody has ever seen come in, at an office or at all of them; says how many letters.

    They wait for a batch, which two persons make. Two clicks, or a wave meanwhile: one letter. Refused where no campaign is open.
    """
    check_holds(by, Duty.RUN_CAMPAIGN, [office] if office else [""])
    today, written = day_in_paris(at), 0
    live = RentCampaign.objects.filter(year=year, opens_on__lte=today).order_by("pk")
    if not live:
        raise LettersNotPossible
    for campaign in live:
        kind, beyond = waves.LATE if today > campaign.deadline_on else waves.REMAINING, by_post.BEFORE_ALL
        while written < MOST_ASKED and (
            block := by_post.never_signed_in(campaign, office, on=today, beyond=beyond, at=at)
        ):
            written += _asked_for(campaign, kind, block, by=by, at=at)
            beyond = (block[-1].partner_id, block[-1].caf_code)
    return written


def some_left(year: int, office: str, *, by: Actor, at: datetime) -> bool:
    """Whether another click would write more letters: one writes ``MOST_ASKED`` at most."""
    check_holds(by, Duty.RUN_CAMPAIGN, [office] if office else [""])
    today = day_in_paris(at)
    live = RentCampaign.objects.filter(year=year, opens_on__lte=today)
    return any(by_post.never_signed_in(campaign, office, on=today, at=at, limit=1) for campaign in live)


@transaction.atomic
def _asked_for(
    campaign: RentCampaign, kind: str, block: Sequence[by_post.Addressed], *, by: Actor, at: datetime
) -> int:
    drafts = by_post.letters(campaign, _claimed(campaign, block, at=at), kind)
    if drafts:
        queue_many(drafts, at=at)
        record(events.LETTERS_ASKED, subject=f"campaign:{campaign.year}", by=by, at=at, letters=len(drafts))
    return len(drafts)


def _draft(campaign: RentCampaign, kind: str, own: Sequence[Due]) -> Draft:
    """The mail of one person, of all their accounts that have rents left."""
    first, alone = own[0], len(own) == 1
    context: dict[str, Any] = {
        "account_name": first.name,
        "login_id": first.login_id,
        "user_number": first.user_number,
        "kind": kind,
        "year": campaign.year,
        "count": sum(due.rents for due in own),
        "done": sum(due.done for due in own),
        "deadline": campaign.deadline_on.isoformat(),
        "suspension": campaign.suspension_on.isoformat(),
        "accounts": [[due.name, due.done if kind == waves.CLOSING else due.rents] for due in own[:MOST_ACCOUNTS]]
        if not alone
        else [],
        "more": max(0, len(own) - MOST_ACCOUNTS),
        "account_reference": first.reference,
        "consults": first.may_consult,
    }
    return Draft(
        TEMPLATE,
        context,
        to=first.email,
        account_id=first.account_id,
        partner_id=first.partner_id,
        attachment=RECAP if kind == waves.CLOSING else "",
        attachment_subject=campaign.pk if kind == waves.CLOSING else None,
    )


def promised_on(account_id: int | None, *, at: datetime) -> date | None:
    """The day a person who leaves typed rents unsent is reminded of them; None for one who is not written to."""
    told = Account.objects.filter(pk=account_id or 0, campaign_reminders=True, credential__email__isnull=False)
    if not told.filter(credential__email_refused_at=None).exists():
        return None
    return day_in_paris(at + timedelta(days=value(catalogue.REMINDER_UNSENT)))
