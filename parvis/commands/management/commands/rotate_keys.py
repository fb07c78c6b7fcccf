"""Close the encrypted fields anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.upkeep import keys

MOST_TOLD = 50


class Command(BaseCommand):
    """While the instance serves; the older key may go once this has said that nothing was left."""

    help = "Re-encrypt what an older key of PARVIS_FIELD_KEYS closed. Run it until it says 0, then remove that key."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many values."""
        done, unopened = keys.rotate(by=system("rotate_keys"), at=clock.now())
        self.stdout.write(f"Valeurs rechiffrées\u00a0: {done}")
        if unopened:
            rows = "\n".join(unopened[:MOST_TOLD])
            raise CommandError(f"Valeurs qu’aucune clé n’ouvre\u00a0: {len(unopened)}. Gardez l’ancienne clé.\n{rows}")
