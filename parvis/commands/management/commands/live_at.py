"""Set the day a demonstration or training instance lives at."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.demo import story
from parvis.kit import clock, periods


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
        story.move_to(options["day"])
        self.stdout.write(f"Nous sommes le {periods.moment(clock.now())}.")
