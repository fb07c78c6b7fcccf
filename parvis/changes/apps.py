"""The changes application."""

from __future__ import annotations

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.changes"
    label = "changes"

    def ready(self) -> None:
        """Say who draws the secrets of our messages, what a frozen access stops here, which of our texts may be edited."""
        from parvis.changes.copied import ASKED
        from parvis.changes.reasons import BANK_FAMILY, FAMILY
        from parvis.changes.services.bank import stopping
        from parvis.correspondence import secrets
        from parvis.identity.services.access import freezing
        from parvis.identity.services.own import contents
        from parvis.parameters import texts

        secrets.register("stop_bank_change_link", stopping.draw_link)
        secrets.register("stop_bank_change_code", stopping.draw_code)
        texts.register(FAMILY)
        texts.register(BANK_FAMILY)
        freezing.when_frozen(stopping.stop_of_credential)
        contents.register(ASKED)
