"""Set the day a demonstration or training instance lives at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.demo import story
from parvis.identity.services.demonstration import jump
from parvis.kit import clock, periods
from parvis.kit.actors import system


class Command(BaseCommand):
    """Time flows on from there; impossible in production."""

    help = "Make this demonstration or training instance live at a day: parvis live_at 2026-09-25"

    def add_arguments(self, parser: CommandParser) -> None:
        """The day."""
        parser.add_argument("day", help="2026-09-25, or 2026-09-25T14:30")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not clock.MAY_LIVE_ELSEWHEN:
            raise CommandError("Une instance de production vit à la date du jour\u00a0: rien n’a changé.")
        now = clock.now()
        jump(_meant(options["day"], now), by=system("live_at"), at=now)
        story.remember_the_moment()
        self.stdout.write(f"Nous sommes le {periods.moment(clock.now())}.")


def _meant(typed: str, now: datetime) -> datetime:
    """The moment typed, in Paris; without an hour, the one it is."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as fault:
        raise CommandError("Écrivez la date comme 2026-09-25, ou 2026-09-25T14:30.") from fault
    if "T" not in typed:
        moment = datetime.combine(moment.date(), now.astimezone(clock.PARIS).time())
    return moment.replace(tzinfo=clock.PARIS) if moment.tzinfo is None else moment
