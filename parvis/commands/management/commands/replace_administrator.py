"""Replace a lost administrator: two agents, until their back office is there (product.md §2.8)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.kit import clock
from parvis.kit.actors import operator
from parvis.kit.refusals import Refusal
from parvis.landlords.services.role import replacing


class Command(BaseCommand):
    """``parvis replace_administrator propose|approve LOGIN --agent NAME --reason TEXT``."""

    help = "Propose, then approve by another agent, that the one who asked becomes administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """The act, the account that asked, the agent, why."""
        parser.add_argument("act", choices=["propose", "approve"])
        parser.add_argument("login_id")
        parser.add_argument("--agent", required=True, help="who does it; two different ones are needed")
        parser.add_argument("--reason", required=True, help="what was checked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        act = replacing.propose if options["act"] == "propose" else replacing.approve
        try:
            by = operator(options["agent"].strip())
            act(options["login_id"], reason=options["reason"], by=by, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write("C’est fait.")
