"""List the parameters, give one a value, or take the own one of an office away."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.kit import clock, periods
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors.offices import office_named
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import PARAMETERS


class Command(BaseCommand):
    """Without argument: every parameter with its unit, bounds, value and who gave it, and the own values of offices."""

    help = "List the parameters of the instance, or change one: parameters code_delay 60"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and its new value."""
        parser.add_argument("name", nargs="?", help="the parameter")
        parser.add_argument("value", nargs="?", type=int, help="its new value, in its unit")
        parser.add_argument(
            "--office", default="", help="code of the office whose own value it is; without it, that of all"
        )
        parser.add_argument(
            "--withdraw", action="store_true", help="take the office's own value away: that of all counts"
        )
        parser.add_argument("--decision", default="", help="reference of the written decision, where one is needed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the two."""
        if options["name"] is None:
            self._list()
            return
        if options["withdraw"]:
            self._withdraw(options["name"], options["office"], options["value"])
            return
        if options["value"] is None:
            raise CommandError("Indiquez aussi la valeur\u00a0: parameters NOM VALEUR.")
        office = _office(options["office"])
        try:
            by, cited = system(getpass.getuser()), options["decision"]
            services.change(options["name"], options["value"], office=office, decision=cited, by=by, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        where = f" ({options['office']})" if options["office"] else ""
        self.stdout.write(f"{options['name']} = {options['value']}{where}")

    def _withdraw(self, name: str, office: str, value: int | None) -> None:
        if not office or value is not None:
            raise CommandError("Indiquez la caisse, et aucune valeur\u00a0: parameters NOM --office CODE --withdraw.")
        own = selectors.own_values(PARAMETERS[name]) if name in PARAMETERS else {}
        if office not in own:
            raise CommandError(f"La caisse «\u00a0{office}\u00a0» n’a pas de valeur propre de «\u00a0{name}\u00a0».")
        services.follow_all(name, office=office, by=system(getpass.getuser()), at=clock.now())
        self.stdout.write(f"{name} = {selectors.value(PARAMETERS[name], office=office)} ({office}, comme partout)")

    def _list(self) -> None:
        for line in selectors.all_parameters():
            parameter = line.parameter
            who = f", donné par {line.changed_by} le {periods.moment(line.changed_at)}" if line.changed_at else ""
            bounds = f"de {parameter.low} à {parameter.high}, {parameter.default} au départ"
            self.stdout.write(f"{parameter.name} = {line.value} {parameter.unit.value} ({bounds}{who})")
            self.stdout.write(f"    {parameter.meaning}")
            for office, row in sorted(selectors.own_values(parameter).items()) if line.own else ():
                told = f"donné par {row.changed_by} le {periods.moment(row.changed_at)}"
                self.stdout.write(f"    {office}\u00a0: {row.value} {parameter.unit.value} ({told})")


def _office(code: str) -> str:
    """The code of an office there is, or none."""
    if code and not office_named(code):
        raise CommandError(f"Il n’y a pas de caisse «\u00a0{code}\u00a0».")
    return code
