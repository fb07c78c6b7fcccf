"""What an agent decides about a change that was asked, until the office's own pages do it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.changes.services import deciding
from parvis.kit import clock
from parvis.kit.actors import operator
from parvis.kit.refusals import Refusal

ACTS = ("approve", "finish", "refuse")


class Command(BaseCommand):
    """A flagged bank change is approved or refused before it leaves; one that was sent is done or refused."""

    help = "Approve, finish or refuse a change that was asked."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, by whom, why."""
        parser.add_argument("act", choices=ACTS)
        parser.add_argument("number", help="C-2026-000000123-K")
        parser.add_argument("--agent", required=True, help="who decides")
        parser.add_argument("--reason", default="", help="why, in one sentence; the landlord reads it of a refusal")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        by, at, number = operator(options["agent"]), clock.now(), options["number"]
        try:
            if options["act"] == "approve":
                deciding.approve_bank_change(number, reason=options["reason"], by=by, at=at)
            elif options["act"] == "finish":
                deciding.finish_change(number, by=by, at=at)
            else:
                deciding.refuse_change(number, reason=options["reason"], by=by, at=at)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{number}\u00a0: fait.")
