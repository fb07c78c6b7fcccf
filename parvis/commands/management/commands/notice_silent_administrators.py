"""Tell the organisations whose administrators have been away for too long; the worker does it every day by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.landlords.services.role import silence


class Command(BaseCommand):
    """``parvis notice_silent_administrators``."""

    help = "Tell the users of organisations that nobody has administered for sixty days; once in a silence."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        count = silence.notice_silent_administrators(by=system("notice_silent_administrators"), at=clock.now())
        self.stdout.write(f"Organismes prévenus\u00a0: {count}.")
