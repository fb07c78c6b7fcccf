"""The story of the demonstration: the office delivers, letters leave, and it is a July morning.

Played once; the demonstration then lives on from where it was left, whatever the real date.
"""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from parvis.correspondence import worker
from parvis.declarations.services import campaigns
from parvis.demo import asked, cast, measured, office, opened
from parvis.exchange.models import Delivery
from parvis.exchange.services import inbound
from parvis.kit import clock
from parvis.kit.actors import system

DELIVERIES = Path(__file__).with_name("deliveries")
BIRTH = datetime(2026, 7, 13, 2, 0, tzinfo=clock.PARIS)
"""The night the first delivery comes in and accounts are born."""
OPENED = datetime(2026, 7, 20, 10, 26, tzinfo=clock.PARIS)
"""When those who had signed in before the demonstration begins last did so."""
TODAY = datetime(2026, 7, 21, 9, 12, tzinfo=clock.PARIS)
"""The morning the demonstration begins: letters have arrived, the campaign is open."""

_MOMENT = "moment"


def is_played() -> bool:
    """Whether the demonstration has its data and all its letters have left: a story stopped half-way is played on."""
    loaded = Delivery.objects.filter(sequence=1, state="loaded").exists()
    return loaded and (settings.VAR / _MOMENT).exists()


def play() -> None:
    """Take the first delivery in, let every message leave in its time, arrive on the morning."""
    by = system("demonstration")
    settings.INBOX.mkdir(parents=True, exist_ok=True)
    arrived = settings.INBOX / "000001"
    if not arrived.exists():
        shutil.copytree(DELIVERIES / "000001", arrived)
    clock.live_at(BIRTH)
    campaigns.open_campaign(
        2026, opens_on=date(2026, 7, 1), deadline_on=date(2026, 9, 30), suspension_on=date(2027, 1, 15), by=by, at=BIRTH
    )
    inbound.take_in(settings.INBOX, by=by, at=BIRTH)
    measured.measure_the_year()
    for hours in (0, 1, 24 * 3 + 12, 24 * 4):
        worker.run_until_empty(at=BIRTH + timedelta(hours=hours))
    opened.open_all([(role.caf_code, role.number) for role in cast.NEWCOMERS], cast.ALLIANCE_FAMILIALE, at=OPENED)
    office.staff(at=OPENED)
    asked.ask_bank_change(at=OPENED + timedelta(hours=1))
    clock.live_at(TODAY)
    remember_the_moment()


def resume() -> None:
    """Live on from the moment the demonstration was last stopped."""
    try:
        moment = datetime.fromisoformat((settings.VAR / _MOMENT).read_text(encoding="utf-8").strip())
    except (FileNotFoundError, ValueError):
        moment = TODAY
    clock.live_at(moment)


def remember_the_moment() -> None:
    """Note what time it is here, for :func:`resume`."""
    temporary = settings.VAR / f"{_MOMENT}.new"
    temporary.write_text(clock.now().isoformat(), encoding="utf-8")
    temporary.replace(settings.VAR / _MOMENT)


def move_to(day: str) -> None:
    """Live at ``day`` (``2026-09-25`` or ``2026-09-25T14:30``, Paris time) from now on."""
    moment = datetime.fromisoformat(day)
    if "T" not in day:
        here = clock.now().astimezone(clock.PARIS)
        moment = moment.replace(hour=here.hour, minute=here.minute, second=here.second)
    clock.live_at(moment.replace(tzinfo=clock.PARIS) if moment.tzinfo is None else moment)
    remember_the_moment()
