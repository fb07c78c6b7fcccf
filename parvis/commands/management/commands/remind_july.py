"""Write the reminders of July rents that are due; the worker does it every day by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.declarations.services.reminders import writing as reminders
from parvis.kit import clock
from parvis.kit.actors import system


class Command(BaseCommand):
    """``parvis remind_july``."""

    help = "Remind those who have July rents left, as the campaign's dates say; each wave once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        count = reminders.remind(by=system("remind_july"), at=clock.now())
        self.stdout.write(f"Rappels écrits\u00a0: {count}.")
