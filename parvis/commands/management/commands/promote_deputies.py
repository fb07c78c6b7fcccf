"""Let the deputy take over where nobody answered in ten days; the worker does it every day by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.landlords.services.role import replacing


class Command(BaseCommand):
    """``parvis promote_deputies``."""

    help = "Make deputies administrators where a replacement was asked ten days ago and nobody answered."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        count = replacing.promote_deputies(by=system("promote_deputies"), at=clock.now())
        self.stdout.write(f"Suppléants devenus administrateurs\u00a0: {count}.")
