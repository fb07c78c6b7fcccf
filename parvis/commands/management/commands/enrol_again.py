"""Have an agent enrol again: after a restore, or when no administrator can come in to do it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.agents.models import Agent
from parvis.agents.services import people
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal


class Command(BaseCommand):
    """``parvis enrol_again LOGIN``: what they proved themselves with is void, a link to enrol leaves to their mailbox."""

    help = "Send an agent the link to enrol again; their former password, codes and sessions are void."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who."""
        parser.add_argument("login")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        agent = Agent.objects.filter(login=options["login"]).first()
        if agent is None:
            raise CommandError("Aucun agent n’a cet identifiant.")
        try:
            people.start_anew(agent.reference, by=system("enrol_again"), at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"C’est fait. Le lien pour s’inscrire part à {agent.email}.")
