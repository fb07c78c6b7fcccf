"""What must be done after a restore, before the instance opens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.upkeep import restoring


class Command(BaseCommand):
    """Web and workers are stopped; this is run once, then ``parvis verify``, then they are started."""

    help = "After a restore: end sessions, codes and approvals, put messages aside, reconcile what left, erase what is past."

    def add_arguments(self, parser: CommandParser) -> None:
        """A word that nobody types by mistake."""
        parser.add_argument("--yes", action="store_true", required=True, help="the database was just restored")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        done = restoring.after_restore(settings.OUTBOX, by=system("after_restore"), at=clock.now())
        for words, count in (
            ("Sessions terminées", done.sessions),
            ("Accords à redonner", done.approvals),
            ("Messages mis de côté («\u00a0parvis messages\u00a0» les montre)", done.messages),
            ("Livraisons sortantes retrouvées", done.deliveries),
            ("Déclarations qui étaient parties", done.declarations),
            ("Déclarations parties que cette base ne connaît plus", done.unknown),
            ("Sceaux d’après la sauvegarde", done.heads),
            ("Lignes passées, effacées de nouveau", done.erased),
        ):
            self.stdout.write(f"{words}\u00a0: {count}")
