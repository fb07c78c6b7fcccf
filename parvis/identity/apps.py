"""The identity application."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.identity"
    label = "identity"

    def ready(self) -> None:
        """Say who draws the secrets of our messages, and that they are of no office in particular."""
        from parvis.correspondence import secrets
        from parvis.correspondence.rendering import belonging
        from parvis.correspondence.returns import bounces
        from parvis.identity.services import codes, provisional
        from parvis.identity.services.access import freezing, mailbox_letters
        from parvis.identity.services.own import copying, mailbox_refused

        secrets.register("provisional_password", provisional.draw, shown=("valid_until",))
        secrets.register("provisional_by_agent", provisional.draw_by_agent, shown=("valid_until",))
        secrets.register("provisional_by_invitation", provisional.draw_invited, shown=("valid_until",))
        secrets.register("one_time_code", codes.draw)
        secrets.register("freeze_link", freezing.draw_link)
        secrets.register("stop_code", freezing.draw_stop_code)
        secrets.register("mailbox_letter", mailbox_letters.draw, shown=("valid_until",))
        freezing.when_frozen(copying.stop_of_credential)
        belonging.of_everybody(self.label)
        bounces.register(mailbox_refused.hear)
