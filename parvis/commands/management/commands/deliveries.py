"""What came from the office's information system, what was set aside, and the lines given back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.exchange import selectors
from parvis.exchange.models import DeliveryFile, DeliveryState, FileState
from parvis.kit import periods

SHOWN = 20


class Command(BaseCommand):
    """Shows sentences, never the lines themselves: they go to a file only their owner can read."""

    help = "List the deliveries that came; say what was set aside; give set-aside lines back as a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where to."""
        parser.add_argument("sequence", nargs="?", type=int, help="tell this delivery in full")
        parser.add_argument(
            "--set-aside", type=int, metavar="SEQ", help="give back the lines of this delivery that are still out"
        )
        parser.add_argument("--to", type=Path, metavar="FILE", help="the file to write (not overwritten)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the three."""
        if options["set_aside"] is not None:
            if options["to"] is None:
                raise CommandError("Indiquez où écrire les lignes : --to FICHIER.")
            self._give_back(options["set_aside"], options["to"])
        elif options["sequence"] is not None:
            self._tell(options["sequence"])
        else:
            self._list()

    def _list(self) -> None:
        for delivery in selectors.latest_deliveries(SHOWN):
            counts = [
                sum(getattr(file, name) for file in delivery.files.all())
                for name in ("added", "changed", "ended", "set_aside")
            ]
            added, changed, ended, aside = counts
            self.stdout.write(
                f"{delivery}  {periods.moment(delivery.started_at)}  {DeliveryState(delivery.state).label.lower()}  "
                f"{added} ajoutées, {changed} changées, {ended} closes, {aside} écartées"
            )
            if delivery.sentence:
                self.stdout.write(f"        {delivery.sentence}")

    def _tell(self, sequence: int) -> None:
        files = self._files(sequence)
        for file in files:
            self.stdout.write(
                f"{file.name} : {FileState(file.state).label.lower()}, {file.set_aside} écartées, {file.waiting} en attente"
            )
            for warning in file.warnings:
                self.stdout.write(f"  {warning}")
            for line in selectors.lines_aside(file, 100):
                self.stdout.write(
                    f"  ligne {line.number}, {line.field or 'toute la ligne'} ({line.state.lower()}) : {line.sentence}"
                )

    def _give_back(self, sequence: int, to: Path) -> None:
        files = [file for file in self._files(sequence) if selectors.lines_aside(file, 1)]
        if not files:
            self.stdout.write(f"Aucune ligne de la livraison {sequence:06d} n’est restée dehors : rien n’a été écrit.")
        for file in files:
            path = to if len(files) == 1 else to.with_name(f"{to.stem}.{file.kind}{to.suffix}")
            count = self._write(file, path)
            self.stdout.write(
                f"{path} : lignes de {file.name}, {count}. Corrigez-les et redonnez-les dans une prochaine livraison."
            )

    def _write(self, file: DeliveryFile, path: Path) -> int:
        """Only the operator may read it: lines may hold a NIR or an IBAN."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{path} existe déjà : choisissez un autre nom, rien n’a été écrit.") from error
        count = -1
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            for line in selectors.given_back(file):
                out.write(line)
                count += 1
        return count

    def _files(self, sequence: int) -> list[DeliveryFile]:
        files = selectors.files_of(sequence)
        if not files:
            raise CommandError(f"Aucune livraison acceptée ne porte le numéro {sequence:06d}.")
        return files
