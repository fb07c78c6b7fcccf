"""Have a provisional password sent by e-mail, good for a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.identity.services import provisional
from parvis.kit import clock
from parvis.kit.actors import operator
from parvis.kit.refusals import Refusal


class Command(BaseCommand):
    """``parvis issue_password LOGIN --agent NAME --reason TEXT``."""

    help = "Send a provisional password valid for 24 hours to an account that never signed in."

    def add_arguments(self, parser: CommandParser) -> None:
        """The account, the agent, why."""
        parser.add_argument("login_id")
        parser.add_argument("--agent", required=True)
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        by = operator(options["agent"])
        try:
            provisional.issue_by_agent(options["login_id"], reason=options["reason"], by=by, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write("C’est fait.")
