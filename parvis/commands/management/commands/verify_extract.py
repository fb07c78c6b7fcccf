"""Check an extract of the journal that comes back: who changed a sign of it is found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.audit import extracts
from parvis.kit.periods import moment


class Command(BaseCommand):
    """Reads only; ends with an error where the file is not what left."""

    help = "Check that an extract of the journal is what the portal made: its lines, its count, its seal."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            with options["file"].open("rb") as file:
                found = extracts.check(file)
        except (OSError, extracts.ExtractNotAuthentic) as error:
            raise CommandError(f"FAUX  {error}") from None
        whole = "" if found.complete else " Il y en avait d’autres\u00a0: l’extrait est incomplet."
        self.stdout.write(
            f"vrai  Extrait authentique, fait le {moment(found.at)}\u00a0: entrées {found.first} à {found.last}, {found.count} en tout, "
            f"sous le sceau {found.seal}.{whole}"
        )
