"""`parvis bounces FOLDER` (or `-` for one report on the standard input): note the e-mails that came back."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.correspondence.returns import bounces
from parvis.identity.services.own import mailbox_refused
from parvis.kit import clock

DONE = "lus"
KEPT = timedelta(days=30)
"""How long a report that was read stays beside: it is a whole mail, with its names."""


class Command(BaseCommand):
    """Reports that were read go to a folder beside for 30 days; what is no report goes there too, and changes nothing."""

    help = "Read the reports of mail servers about e-mails that came back, and say so in the files of their landlords."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the reports are."""
        parser.add_argument("folder", help="a folder of reports, one a file; - for one on the standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["folder"] == "-":
            self._say(int(self._note(sys.stdin.buffer.read(bounces.LONGEST))), 1)
            return
        folder = Path(options["folder"])
        if not folder.is_dir():
            raise CommandError(f"{folder} n’est pas un dossier.")
        (folder / DONE).mkdir(exist_ok=True)
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
        noted = 0
        for path in files:
            with path.open("rb") as report:
                noted += self._note(report.read(bounces.LONGEST))
            kept = path.replace(folder / DONE / path.name)
            os.utime(kept)
        self._forget(folder / DONE)
        self._say(noted, len(files))

    def _forget(self, folder: Path) -> None:
        """Erase the reports read long ago; by the machine's own clock, as files are."""
        limit = (clock.real_now() - KEPT).timestamp()
        for path in folder.iterdir():
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime < limit:
                path.unlink()

    def _note(self, content: bytes) -> bool:
        found = bounces.read(content)
        return found is not None and mailbox_refused.note(found, at=clock.now())

    def _say(self, noted: int, read: int) -> None:
        self.stdout.write(f"Mails revenus\u00a0: {noted} notés, sur {read} rapports lus.")
