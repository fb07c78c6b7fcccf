"""What a wave has written, noted with the claims; and holding one back, as agents may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.models import Channel
from parvis.declarations import events
from parvis.declarations.models import RentCampaign
from parvis.declarations.refusals import WaveNotPossible, WavePaused
from parvis.declarations.services.campaigns.dates import check_may_run
from parvis.declarations.services.reminders import waves
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.db import write
from parvis.kit.refusals import ChangedMeanwhile, NotFound

_KEY = "(year, office_id, wave, channel)"
_NOTE = f"""
INSERT INTO declarations_campaignwave AS w (year, office_id, wave, channel, written, first_at, last_at, paused_by)
VALUES (%(year)s, %(office)s::text, %(wave)s, %(channel)s, %(count)s, %(at)s, %(at)s, '')
ON CONFLICT {_KEY} DO UPDATE SET written = w.written + EXCLUDED.written, first_at = COALESCE(w.first_at, EXCLUDED.first_at),
  last_at = EXCLUDED.last_at WHERE w.paused_at IS NULL
"""
_PAUSE = f"""
INSERT INTO declarations_campaignwave AS w (year, office_id, wave, channel, written, paused_at, paused_by)
VALUES (%(year)s, %(office)s::text, %(wave)s, %(channel)s, 0, %(at)s, %(by)s)
ON CONFLICT {_KEY} DO UPDATE SET paused_at = EXCLUDED.paused_at, paused_by = EXCLUDED.paused_by WHERE w.paused_at IS NULL
"""
_RESUME = """
UPDATE declarations_campaignwave SET paused_at = NULL, paused_by = '' WHERE year = %(year)s
  AND office_id IS NOT DISTINCT FROM %(office)s::text AND wave = %(wave)s AND channel = %(channel)s AND paused_at IS NOT NULL
"""


def note(campaign: RentCampaign, wave: str, channel: Channel, count: int, *, at: datetime) -> None:
    """Count what a block writes, in its transaction; raises :class:`WavePaused`, which undoes the block."""
    if not write(_NOTE, _values(campaign.year, campaign.office_id, wave, channel) | {"count": count, "at": at}):
        raise WavePaused


def waves_of(campaign: RentCampaign) -> list[waves.Wave]:
    """The waves of a campaign at the pace in force."""
    pace = waves.pace_in_force(campaign.office_id)
    return waves.waves(campaign.opens_on, campaign.deadline_on, campaign.suspension_on, pace)


def is_known(campaign: RentCampaign, wave: str, channel: Channel) -> bool:
    """Whether such a wave exists in this campaign."""
    if wave == waves.UNSENT:
        return channel == Channel.EMAIL and campaign.office_id is None
    kinds = {found.name: found.kind for found in waves_of(campaign)}
    return wave in kinds and (channel == Channel.EMAIL or kinds[wave] != waves.CLOSING)


@transaction.atomic
def pause(year: int, office: str, wave: str, channel: Channel, *, by: Actor, at: datetime) -> None:
    """Hold a wave back: what has not left of it does not leave until it is taken up again."""
    _check(year, office, wave, channel, by=by, at=at)
    values = _values(year, office or None, wave, channel)
    if not write(_PAUSE, values | {"at": at, "by": by.label}):
        raise ChangedMeanwhile("Ce rappel est déjà en pause.")
    record(events.WAVE_PAUSED, subject=_subject(year, office), by=by, at=at, wave=wave, channel=channel.value)


@transaction.atomic
def resume(year: int, office: str, wave: str, channel: Channel, *, by: Actor, at: datetime) -> None:
    """Take a wave up again: it goes on with those who have not been told, and only in the week after its day."""
    _check(year, office, wave, channel, by=by, at=at)
    if not write(_RESUME, _values(year, office or None, wave, channel)):
        raise ChangedMeanwhile("Ce rappel n’est plus en pause.")
    record(events.WAVE_RESUMED, subject=_subject(year, office), by=by, at=at, wave=wave, channel=channel.value)


def _check(year: int, office: str, wave: str, channel: Channel, *, by: Actor, at: datetime) -> None:
    check_may_run(by, office)
    campaign = RentCampaign.objects.filter(year=year, office_id=office or None).first()
    if campaign is None or not is_known(campaign, wave, channel):
        raise NotFound
    on = next((found.on for found in waves_of(campaign) if found.name == wave), campaign.suspension_on)
    if on + waves.GRACE < day_in_paris(at):
        raise WaveNotPossible("Ce rappel est terminé\u00a0: il ne part plus.")


def _subject(year: int, office: str) -> str:
    return f"campaign:{year}" + (f":{office}" if office else "")


def _values(year: int, office: str | None, wave: str, channel: Channel) -> dict[str, Any]:
    return {"year": year, "office": office, "wave": wave, "channel": channel.value}
