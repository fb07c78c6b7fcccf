"""`parvis rebuild_campaign 2026`: entries in line with the tenancies, counts counted again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from parvis.declarations.services import campaigns
from parvis.kit import clock
from parvis.kit.actors import system


class Command(BaseCommand):
    help = "Bring the open campaigns in line with the tenancies, and count a year's entries again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        by, at = system("rebuild_campaign"), clock.now()
        changed = campaigns.refresh_entries(by=by, at=at)
        landlords = campaigns.rebuild_counts(options["year"], by=by, at=at)
        self.stdout.write(f"{changed} locataires mis à jour, compteurs de {landlords} bailleurs recalculés.")
