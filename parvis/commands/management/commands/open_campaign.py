"""`parvis open_campaign 2026 --opens 2026-07-01 --deadline 2026-09-30 --suspension 2027-01-15 [--office 441]`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.declarations.services import campaigns
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.landlords.models import Office


class Command(BaseCommand):
    help = "Set the dates of a year's campaign and bring the tenancies of the open ones in line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--opens", type=date.fromisoformat, required=True)
        parser.add_argument("--deadline", type=date.fromisoformat, required=True)
        parser.add_argument("--suspension", type=date.fromisoformat, required=True)
        parser.add_argument("--office", help="code of an office that has dates of its own")

    def handle(self, *args: Any, **options: Any) -> None:
        office = None
        if options["office"]:
            office = Office.objects.filter(caf_code=options["office"]).first()
            if office is None:
                raise CommandError(f"Aucune caisse n’a le code {options['office']}.")
        if not options["opens"] < options["deadline"] < options["suspension"]:
            raise CommandError("L’ouverture vient avant la date limite, qui vient avant la suspension.")
        by, at = system("open_campaign"), clock.now()
        campaigns.open_campaign(
            options["year"],
            opens_on=options["opens"],
            deadline_on=options["deadline"],
            suspension_on=options["suspension"],
            office=office,
            by=by,
            at=at,
        )
        changed = campaigns.refresh_entries(by=by, at=at)
        self.stdout.write(f"Campagne {options['year']} : {changed} locataires mis à jour.")
