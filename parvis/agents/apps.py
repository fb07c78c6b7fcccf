"""The agents application."""

from __future__ import annotations

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.agents"
    label = "agents"

    def ready(self) -> None:
        """Say who draws the secrets of our messages, and that they are of no office in particular."""
        from parvis.agents.copied import LOOKED_AT
        from parvis.agents.services import enrolment
        from parvis.correspondence import secrets
        from parvis.correspondence.rendering import belonging
        from parvis.identity.services.own import contents

        secrets.register(enrolment.ENROLMENT_LINK, enrolment.draw)
        belonging.of_everybody(self.label)
        contents.register(LOOKED_AT)
