"""Close the encrypted fields anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.upkeep import keys


class Command(BaseCommand):
    """While the instance serves; the older key may go once this has said that nothing was left."""

    help = "Re-encrypt what an older key of PARVIS_FIELD_KEYS closed. Run it until it says 0, then remove that key."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many values."""
        self.stdout.write(f"Valeurs rechiffrées\u00a0: {keys.rotate(by=system('rotate_keys'), at=clock.now())}")
