"""The changes application."""

from __future__ import annotations

from django.apps import AppConfig

_MAILS = (
    "agreement_asked", "bank_agreed", "bank_asked", "bank_stopped", "contact_left", "decided", "offered", "paper_given", "received",
    "several_decided",
)  # fmt: skip
_LETTERS = ("address", "bank_agreed", "bank_asked", "bank_stopped", "tenant")


class ChangesConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.changes"
    label = "changes"

    def ready(self) -> None:
        """Say who draws the secrets of our messages, what a frozen access stops here, which of our texts may be edited, whose they are."""
        from parvis.changes.copied import ASKED
        from parvis.changes.reasons import BANK_FAMILY, FAMILY
        from parvis.changes.services.bank import stopping
        from parvis.correspondence import secrets
        from parvis.correspondence.rendering import belonging
        from parvis.identity.services.access import freezing
        from parvis.identity.services.own import contents
        from parvis.parameters import texts

        secrets.register("stop_bank_change_link", stopping.draw_link)
        secrets.register("stop_bank_change_code", stopping.draw_code)
        texts.register(FAMILY)
        texts.register(BANK_FAMILY)
        freezing.when_frozen(stopping.stop_of_credential)
        contents.register(ASKED)
        belonging.names_no_tenant("changes/emails/paper_awaited", "changes/emails/several_offered")
        belonging.tells_office(
            *(f"changes/emails/{name}" for name in _MAILS), *(f"changes/letters/{name}" for name in _LETTERS)
        )
