"""Let the owner of a frozen access in again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.identity.services.access import freezing
from parvis.kit import clock
from parvis.kit.actors import operator


class Command(BaseCommand):
    """``parvis unfreeze LOGIN --agent NAME --reason TEXT``."""

    help = "Open again an access that its owner had frozen, once sure who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        """The account, the agent, why."""
        parser.add_argument("login_id")
        parser.add_argument("--agent", required=True)
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        by = operator(options["agent"])
        if not freezing.unfreeze(options["login_id"], reason=options["reason"], by=by, at=clock.now()):
            raise CommandError("Cet accès n’est pas bloqué, ou n’existe pas.")
        self.stdout.write("C’est fait.")
