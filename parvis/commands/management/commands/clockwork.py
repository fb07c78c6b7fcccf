"""Run what is due: expiries, reminders, deliveries, exports, purges. Safe to start twice, and again after a crash."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.kit import clock, periods
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal
from parvis.upkeep import selectors
from parvis.upkeep.clockwork import running
from parvis.upkeep.models import Outcome

LOOKS_EVERY_SECONDS = 5.0


class Command(BaseCommand):
    """The workers do it too: this is for machines that keep time by themselves, and for a look."""

    help = "Run the tasks that are due; --stay goes on, --list says how each last ran, --now runs one at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """How."""
        parser.add_argument("--stay", action="store_true", help="go on until SIGTERM")
        parser.add_argument("--list", action="store_true", help="say how each task last ran, and run nothing")
        parser.add_argument("--now", metavar="TASK", help="run this one, due or not")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; ends with an error where a task failed."""
        if options["list"]:
            self._list()
        elif options["now"]:
            self._now(options["now"])
        elif options["stay"]:
            self._stay()
        elif not self._tell(running.run_due(at=clock.now())):
            raise CommandError("Une tâche a échoué\u00a0: elle sera reprise. Voyez les journaux.")

    def _tell(self, ran: list[running.Ran]) -> bool:
        for one in ran:
            did = ", ".join(f"{words}\u00a0: {count}" for words, count in one.counts.items() if count) or "rien à faire"
            told = did if one.outcome == Outcome.DONE else "échec"
            self.stdout.write(f"{one.task.name:30} {told}")
        return all(one.outcome == Outcome.DONE for one in ran)

    def _list(self) -> None:
        for line in selectors.lines_of(at=clock.now()):
            run = line.run
            last = f"{periods.moment(run.ended_at)}, {run.took_ms} ms" if run.ended_at else "jamais"
            self.stdout.write(
                f"{run.name:30} {line.state:8} dernière\u00a0: {last}  prochaine\u00a0: {periods.moment(run.due_at)}"
            )

    def _now(self, name: str) -> None:
        try:
            running.ask(name, by=system("clockwork"), at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self._tell(running.run_due(at=clock.now()))

    def _stay(self) -> None:
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            if running.run_next(at=clock.now()) is None:
                stopped.wait(LOOKS_EVERY_SECONDS)
