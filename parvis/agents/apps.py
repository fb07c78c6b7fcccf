"""The agents application."""

from __future__ import annotations

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.agents"
    label = "agents"

    def ready(self) -> None:
        """Say who draws the secrets of our messages."""
        from parvis.agents.copied import LOOKED_AT
        from parvis.agents.services import enrolment
        from parvis.correspondence import secrets
        from parvis.identity.services.own import contents

        secrets.register(enrolment.ENROLMENT_LINK, enrolment.draw)
        contents.register(LOOKED_AT)
