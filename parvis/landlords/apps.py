"""The landlords application."""

from __future__ import annotations

from django.apps import AppConfig


class LandlordsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.landlords"
    label = "landlords"

    def ready(self) -> None:
        """Say who draws the secrets of our messages, that they are of no office in particular, and what stands in a copy of one's data."""
        from parvis.correspondence import secrets
        from parvis.correspondence.rendering import belonging
        from parvis.identity.services.own import contents
        from parvis.landlords.copied import DELEGATIONS, RIGHTS
        from parvis.landlords.services.role import replacing
        from parvis.landlords.services.users import links

        secrets.register(replacing.CODE, replacing.draw_code)
        belonging.of_everybody(self.label)
        secrets.register(links.INVITATION_LINK, links.draw)
        contents.register(RIGHTS)
        contents.register(DELEGATIONS)
