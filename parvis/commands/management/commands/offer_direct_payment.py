"""The office offers a landlord direct payment for a tenancy."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.changes.services import offers
from parvis.kit import clock
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.refusals import Refusal


class Command(BaseCommand):
    """The landlord has two months to answer; silence is a refusal."""

    help = "Offer direct payment for one tenancy."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which tenancy, by whom."""
        parser.add_argument("caf_code")
        parser.add_argument("claimant_number")
        parser.add_argument("tenancy_ref")
        parser.add_argument("--agent", required=True, help="who offers it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        key = (options["caf_code"], options["claimant_number"], options["tenancy_ref"])
        try:
            made = offers.offer_direct_payment(*key, by=Actor(ActorKind.AGENT, options["agent"]), at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Proposé. Réponse attendue jusqu’au {made.answer_by:%d/%m/%Y}.")
