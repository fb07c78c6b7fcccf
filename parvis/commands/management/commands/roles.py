"""`parvis roles`: what pages and workers may do in the database, granted by its owner."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from parvis.kit.refusals import Refusal
from parvis.upkeep import roles


class Command(BaseCommand):
    """Run as the owner of the tables after each ``parvis migrate``; run again, it changes nothing."""

    help = "Give the roles of web processes and of workers what they need in the database, and nothing more."

    def add_arguments(self, parser: CommandParser) -> None:
        """The names of the roles; whether to show the statements only."""
        parser.add_argument("--web", default="parvis_web", help="role of web processes (parvis_web)")
        parser.add_argument("--worker", default="parvis_worker", help="role of workers and commands (parvis_worker)")
        parser.add_argument("--sql", action="store_true", help="print the statements instead, for who may make roles")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or show it."""
        web, worker = options["web"], options["worker"]
        try:
            if options["sql"]:
                self.stdout.write(";\n".join(["BEGIN", *roles.needed(web, worker), "COMMIT"]) + ";")
                return
            count = roles.grant(web, worker)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        except ProgrammingError as error:
            raise CommandError(
                f"Il faut être propriétaire de la base, et pouvoir créer des rôles\u00a0: {error}"
            ) from error
        self.stdout.write(f"Rôles {web} et {worker}\u00a0: {count} ordres passés.")
