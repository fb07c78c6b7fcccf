"""Let go of the changes that were held long enough; close those nobody proved, agreed to or answered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parvis.changes.services import leaving
from parvis.kit import clock
from parvis.kit.actors import system


class Command(BaseCommand):
    """To be run every hour; each export does it first."""

    help = "Release the changes whose time has come, and close those whose time is over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many."""
        done = leaving.release_due(by=system("release_changes"), at=clock.now())
        self.stdout.write(
            f"Prêtes à partir\u00a0: {done.ready}. Expirées\u00a0: {done.expired}. Arrêtées\u00a0: {done.stopped}."
            f" Propositions sans réponse\u00a0: {done.lapsed_offers}."
        )
