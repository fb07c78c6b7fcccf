"""What must be done after a restore, before the instance opens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal
from parvis.upkeep import restoring


class Command(BaseCommand):
    """Web and workers are stopped; this is run once, then ``parvis verify``, then they are started."""

    help = "After a restore: end sessions, codes and approvals, put messages aside, reconcile what left, erase what is past."

    def add_arguments(self, parser: CommandParser) -> None:
        """A word that nobody types by mistake."""
        parser.add_argument("--yes", action="store_true", required=True, help="the database was just restored")
        parser.add_argument(
            "--agents-closed",
            nargs="*",
            metavar="LOGIN",
            dest="closed",
            help="the agents closed since the backup (none: nobody was); without it all agents must enrol again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        by = system("after_restore")
        try:
            done = restoring.after_restore(settings.OUTBOX, by=by, at=clock.now(), closed=options["closed"])
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        for words, count in (
            ("Sessions terminées", done.sessions),
            ("Mots de passe provisoires terminés, à renvoyer à qui les demande", done.provisional),
            ("Agents à réinscrire («\u00a0parvis enrol_again LOGIN\u00a0») ou fermés", done.agents),
            ("Accords à redonner", done.approvals),
            ("Lots de courriers déjà écrits, tenus pour envoyés à l’éditique", done.batches),
            ("Lettres de ces lots", done.letters),
            ("Lettres de ces lots que cette base ne connaît plus", done.unknown_letters),
            ("Messages mis de côté («\u00a0parvis messages\u00a0» les montre)", done.messages),
            ("Livraisons sortantes retrouvées", done.deliveries),
            ("Déclarations qui étaient parties", done.declarations),
            ("Pièces qui étaient parties", done.papers),
            ("Déclarations et pièces parties que cette base ne connaît plus", done.unknown),
            ("Sceaux d’après la sauvegarde", done.heads),
            ("Lignes passées, effacées de nouveau", done.erased),
            ("Numérotations avancées (accusés, déclarations, demandes)", done.numbers),
        ):
            self.stdout.write(f"{words}\u00a0: {count}")
