"""List the parameters, or give one a value."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.kit import clock, periods
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors.offices import office_named
from parvis.parameters import selectors, services


class Command(BaseCommand):
    """Without argument: every parameter with its unit, bounds, value and who gave it."""

    help = "List the parameters of the instance, or change one: parameters code_delay 60"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and its new value."""
        parser.add_argument("name", nargs="?", help="the parameter")
        parser.add_argument("value", nargs="?", type=int, help="its new value, in its unit")
        parser.add_argument(
            "--office", default="", help="code of the office whose own value it is; without it, that of all"
        )
        parser.add_argument("--decision", default="", help="reference of the written decision, where one is needed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the two."""
        if options["name"] is None:
            self._list()
            return
        if options["value"] is None:
            raise CommandError("Indiquez aussi la valeur\u00a0: parameters NOM VALEUR.")
        office = options["office"]
        if office and not office_named(office):
            raise CommandError(f"Il n’y a pas de caisse «\u00a0{office}\u00a0».")
        try:
            by, cited = system(getpass.getuser()), options["decision"]
            services.change(options["name"], options["value"], office=office, decision=cited, by=by, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        where = f" ({options['office']})" if options["office"] else ""
        self.stdout.write(f"{options['name']} = {options['value']}{where}")

    def _list(self) -> None:
        for line in selectors.all_parameters():
            parameter = line.parameter
            who = f", donné par {line.changed_by} le {periods.moment(line.changed_at)}" if line.changed_at else ""
            bounds = f"de {parameter.low} à {parameter.high}, {parameter.default} au départ"
            self.stdout.write(f"{parameter.name} = {line.value} {parameter.unit.value} ({bounds}{who})")
            self.stdout.write(f"    {parameter.meaning}")
