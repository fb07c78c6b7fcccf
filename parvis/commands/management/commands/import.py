# ruff: noqa: N999
"""Take in the deliveries of the office's information system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.exchange.inbound.register import Report
from parvis.exchange.models import DeliveryFile, DeliveryState, FileState
from parvis.exchange.selectors import files_of
from parvis.exchange.services import inbound
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal


class Command(BaseCommand):
    """Takes what has arrived, in order; safe to run every minute, and again after a crash."""

    help = "Take in the deliveries that have arrived in the inbox, in order."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where deliveries arrive."""
        parser.add_argument("--folder", type=Path, default=settings.INBOX, help="the inbox (default: PARVIS_INBOX)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; ends with an error if something is refused or held, so that whoever runs it is told."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"Le dossier d’arrivée {folder} n’existe pas : créez-le, ou indiquez-le avec --folder.")
        try:
            reports = inbound.take_in(folder, by=system("import"), at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        already = [report for report in reports if report.sentence == inbound.ALREADY]
        if already:
            self.stdout.write(f"Livraisons déjà chargées : {len(already)}. Rien à faire.")
        for report in reports:
            if report not in already:
                self._tell(report)
        if not reports:
            self.stdout.write("Aucune livraison n’est arrivée.")
        if any(report.blocks for report in reports):
            raise CommandError("Une livraison attend une décision ou une correction : les suivantes attendent aussi.")

    def _tell(self, report: Report) -> None:
        label = DeliveryState(report.state).label
        self.stdout.write(f"Livraison {report.sequence:06d} : {label.lower()}.")
        if report.blocks:
            self.stdout.write(f"  {report.sentence}")
        if report.state != DeliveryState.REFUSED:
            for file in files_of(report.sequence):
                self._tell_file(file)

    def _tell_file(self, file: DeliveryFile) -> None:
        if file.state != FileState.LOADED:
            self.stdout.write(f"  {file.name} : {FileState(file.state).label.lower()}.")
            return
        self.stdout.write(
            f"  {file.name} : {file.added} ajoutées, {file.changed} changées, {file.unchanged} inchangées, {file.ended} closes, "
            f"{file.set_aside} écartées, {file.waiting} en attente."
        )
        for warning in file.warnings:
            self.stdout.write(f"    {warning}")
        if file.set_aside or file.waiting:
            sequence = file.delivery.sequence
            self.stdout.write(
                f"    Pour les lire : parvis deliveries {sequence} ; "
                f"pour les reprendre : parvis deliveries --set-aside {sequence} --to FICHIER"
            )
