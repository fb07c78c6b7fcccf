"""Open an agent's account: the first national administrator of an instance, and any other when no one can."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis.agents.posts import Role
from parvis.agents.services import enrolment
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors.offices import offices


class Command(BaseCommand):
    """``parvis create_agent LOGIN EMAIL FIRST LAST --role ROLE[:OFFICE]``."""

    help = "Open an agent's account. Without --by-email, prints the link to enrol instead of sending it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, at which posts, how the link travels."""
        for name in ("login", "email", "first_name", "last_name"):
            parser.add_argument(name)
        roles = ", ".join(role.value for role in Role)
        parser.add_argument("--role", action="append", required=True, help=f"ROLE or ROLE:OFFICE, among {roles}")
        parser.add_argument("--by-email", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        at, person = clock.now(), enrolment.Person(*(options[name] for name in enrolment.Person.__slots__))
        try:
            posts = [_post(text) for text in options["role"]]
            agent = enrolment.invite(person, posts, by=system("create_agent"), at=at, by_email=options["by_email"])
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["by_email"]:
            self.stdout.write(f"C’est fait. L’invitation part à {agent.email}.")
            return
        site = f"https://{settings.AGENT_HOST}" if settings.AGENT_HOST else settings.PUBLIC_URL
        link = enrolment.draw(agent.pk, at=at)["enrolment_link"]
        self.stdout.write(
            f"Lien à remettre à {agent.person}, valable 7 jours, une seule fois\u00a0:\n{site}/agents/bienvenue/{link}/"
        )


def _post(text: str) -> tuple[Role, str]:
    name, _, office = text.partition(":")
    if name not in set(Role):
        raise CommandError(f"Il n’y a pas de rôle «\u00a0{name}\u00a0».")
    if office and office not in {known.code for known in offices()}:
        raise CommandError(f"Il n’y a pas de caisse «\u00a0{office}\u00a0».")
    return Role(name), office
