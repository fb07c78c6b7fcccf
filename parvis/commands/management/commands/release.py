"""Let a held delivery pass."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.exchange.services import releasing
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal


class Command(BaseCommand):
    """Somebody has checked with the producer that the full file is whole, and says so under their name."""

    help = "Release a held delivery: parvis release 4 --by « Claire Martin » --reason « vu avec le producteur »"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, who, why."""
        parser.add_argument("sequence", type=int, help="the number of the delivery")
        parser.add_argument("--by", required=True, help="who decides")
        parser.add_argument("--reason", required=True, help="why it may pass")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        by = options["by"].strip()
        if not 2 <= len(by) <= 60:
            raise CommandError("Dites qui décide : --by suivi d’un nom, en 60 caractères au plus.")
        operator = system(by)
        try:
            releasing.release(options["sequence"], reason=options["reason"], by=operator, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Livraison {options['sequence']:06d} libérée. Le prochain « parvis import » la reprendra.")
