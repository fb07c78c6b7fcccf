"""Check what must be true of the whole database, and name the first row that is not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.audit import sealing
from parvis.kit import clock
from parvis.upkeep.invariants import verifying


class Command(BaseCommand):
    """Reads only, but for the sealing of what is new; ends with an error where something does not hold."""

    help = "Check the invariants of the database and the chain of the journal; ends with an error where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        sealing.seal(at=clock.now())
        found = {one.invariant: one.fault for one in verifying.verify(at=clock.now())}
        for invariant in verifying.INVARIANTS:
            fault = found.get(invariant)
            self.stdout.write(f"{'FAUX' if fault else 'vrai'}  {invariant.code:4} {invariant.says}")
            if fault:
                self.stdout.write(f"            première ligne\u00a0: {fault.row}  {fault.sentence}".rstrip())
        if found:
            raise CommandError(f"Vérités rompues\u00a0: {len(found)}. Ne réparez rien à la main avant d’avoir compris.")
