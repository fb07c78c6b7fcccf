"""Write what landlords declared and asked to change, for the office's information system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.changes.services import leaving
from parvis.exchange.services import outbound
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal


class Command(BaseCommand):
    """Each declaration leaves in exactly one delivery; a delivery once sealed never changes. What was held long enough goes with it."""

    help = "Write the next outgoing delivery, or one of the past once more."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and which."""
        parser.add_argument("--folder", type=Path, default=settings.OUTBOX, help="the outbox (default: PARVIS_OUTBOX)")
        parser.add_argument(
            "--again", type=int, metavar="SEQ", help="write this delivery once more, byte for byte the same"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        by, at, folder = system("export"), clock.now(), options["folder"]
        try:
            if options["again"] is not None:
                written = [outbound.write_again(options["again"], folder, by=by, at=at)]
            else:
                leaving.release_due(by=by, at=at)
                written = outbound.send(folder, by=by, at=at)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        for delivery in written:
            also = f", demandes {delivery.change_rows}" if delivery.change_rows else ""
            self.stdout.write(
                f"Livraison sortante {delivery} : déclarations {delivery.rows}{also}, dans {folder / str(delivery)}."
            )
        if not written:
            self.stdout.write("Aucune déclaration à envoyer : rien n’a été écrit.")
