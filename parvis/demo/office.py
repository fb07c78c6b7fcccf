"""The agents of the demonstration: one of each role, at the office of most of its landlords. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.agents.models import Agent, AgentState, Post
from parvis.agents.posts import Role
from parvis.agents.services import proofs
from parvis.demo.opened import PASSWORD
from parvis.identity import passwords

AGENT_PASSWORD = f"{PASSWORD}-Agent!"
"""Long enough for an agent; it protects nothing: every one of them is invented."""


@dataclass(frozen=True, slots=True)
class Played:
    """One agent of the demonstration."""

    login: str
    first_name: str
    last_name: str
    story: str
    posts: tuple[tuple[Role, str], ...]


AGENTS = (
    Played(
        "sarah.lemoine", "Sarah", "Lemoine", "Répond au téléphone à la Caf de la Loire-Atlantique.", ((Role.RECEPTION, "441"),)
    ),
    Played(
        "hugo.perrin",
        "Hugo",
        "Perrin",
        "Traite les dossiers en Loire-Atlantique et à Paris.",
        ((Role.CASEWORKER, "441"), (Role.CASEWORKER, "751")),
    ),
    Played(
        "mathilde.caron", "Mathilde", "Caron", "Référente des habilitations, pour toutes les caisses.", ((Role.RIGHTS_OFFICER, ""),)
    ),
    Played("karim.haddad", "Karim", "Haddad", "Second référent\u00a0: il donne l’autre accord.", ((Role.RIGHTS_OFFICER, ""),)),
    Played(
        "elise.morvan", "Élise", "Morvan", "Administratrice nationale\u00a0: agents, campagne, courriers, flux, réglages.",
        ((Role.NATIONAL_ADMINISTRATOR, ""),),
    ),
    Played(
        "victor.salaun", "Victor", "Salaün", "Second administrateur national.", ((Role.NATIONAL_ADMINISTRATOR, ""),)
    ),
)  # fmt: skip


@transaction.atomic
def staff(*, at: datetime) -> None:
    """Have the agents there, enrolled. Done already, it changes nothing."""
    if Agent.objects.filter(login=AGENTS[0].login).exists():
        return
    kept = passwords.hashed(AGENT_PASSWORD)
    for played in AGENTS:
        agent = Agent(
            login=played.login,
            email=f"{played.login}@caf.example",
            first_name=played.first_name,
            last_name=played.last_name,
            state=AgentState.ACTIVE,
            password=kept,
            created_at=at,
            created_by="demonstration",
        )
        agent.time_secret = proofs.draw_secret(agent)
        agent.save()
        Post.objects.bulk_create([Post(agent=agent, role=role, office_code=code) for role, code in played.posts])
