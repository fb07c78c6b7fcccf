"""The application of written questions."""

from __future__ import annotations

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.contact"
    label = "contact"

    def ready(self) -> None:
        """Say which of our texts may be edited, and whose our messages are."""
        from parvis.contact.answers import FAMILY
        from parvis.contact.copied import WRITTEN
        from parvis.correspondence.rendering import belonging
        from parvis.identity.services.own import contents
        from parvis.parameters import texts

        texts.register(FAMILY)
        contents.register(WRITTEN)
        belonging.tells_office("contact/emails/answered", "contact/emails/received")
