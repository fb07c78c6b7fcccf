"""Clears what can serve no more: ended sessions, their codes, old counters. For the clock, once an hour."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.identity.services.sessions import forget_ended
from parvis.kit import clock


class Command(BaseCommand):
    """``expire_sessions``"""

    help = "Efface les sessions terminées, leurs codes et les compteurs anciens."

    def handle(self, *args: Any, **options: Any) -> None:
        count = forget_ended(at=clock.now())
        self.stdout.write(f"{count} sessions effacées.")
