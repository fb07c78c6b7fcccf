"""`parvis allow_files 12345678900012 [--stop]`: open or close « Consulter dossier » to a landlord."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal
from parvis.tenancies.services.files import allow_files, stop_files


class Command(BaseCommand):
    """The office decides for the organisation; its administrators give the right to their users."""

    help = "Let a landlord look claimants' files up, or stop it: allow_files SIRET [--stop]"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and whether to stop."""
        parser.add_argument("siret", help="the SIRET of the landlord")
        parser.add_argument("--stop", action="store_true", help="close the service and end the rights of its users")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the two."""
        by, at = system(getpass.getuser()), clock.now()
        try:
            if options["stop"]:
                landlord, ended = stop_files(options["siret"], by=by, at=at)
                self.stdout.write(f"{landlord.name}\u00a0: service fermé, droits terminés\u00a0: {ended}.")
            else:
                landlord = allow_files(options["siret"], by=by, at=at)
                words = "service ouvert. Son administrateur peut donner le droit «\u00a0Consulter dossier\u00a0»."
                self.stdout.write(f"{landlord.name}\u00a0: {words}")
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
