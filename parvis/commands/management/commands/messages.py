"""The messages that could not leave, and a new try once their cause is mended."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.correspondence import selectors, services
from parvis.kit import clock, periods
from parvis.kit.actors import system

ALL = "all"


class Command(BaseCommand):
    """Tells no address: whoever looks into a failure needs to know which message, not whose."""

    help = "List the messages that did not leave; put one of them, or all the recent ones, back in the queue."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which to try again."""
        parser.add_argument(
            "--retry", metavar="REFERENCE", help=f"try this message again, or “{ALL}” of the last 30 days"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one or the other."""
        if options["retry"] is None:
            self._list()
        else:
            self._retry(options["retry"])

    def _list(self) -> None:
        found = False
        for message in selectors.failed():
            found = True
            self.stdout.write(
                f"{message.reference}  {message.template}  {periods.moment(message.due_at)}  {message.failure}"
            )
        if not found:
            self.stdout.write("Aucun message en échec.")

    def _retry(self, wanted: str) -> None:
        at = clock.now()
        found = selectors.failed(since=at - services.TRIED_AGAIN_FOR if wanted == ALL else None)
        ids = [message.pk for message in found if wanted in (ALL, message.reference)]
        if not ids and wanted != ALL:
            raise CommandError(f"Aucun message en échec ne porte la référence {wanted}.")
        count = services.retry(ids, by=system("messages"), at=at)
        self.stdout.write(f"Messages remis dans la file : {count}.")
