"""The declarations application."""

from __future__ import annotations

from django.apps import AppConfig

_NAME_NOBODY = ("asked_again", "file_checked", "file_stopped", "refused", "reminder", "taken_in")


class DeclarationsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.declarations"
    label = "declarations"

    def ready(self) -> None:
        """Say who makes the receipts and recapitulations that mails carry, which of our texts may be edited, and whose our messages are."""
        from parvis.correspondence.rendering import attachments, belonging
        from parvis.declarations.paper.closing import attached_recap
        from parvis.declarations.paper.copied import DECLARED
        from parvis.declarations.paper.whole import attached_receipt
        from parvis.declarations.parameters import index
        from parvis.declarations.reasons import FAMILY
        from parvis.declarations.services.reminders.writing import RECAP
        from parvis.identity.services.own import contents
        from parvis.parameters import texts

        texts.register(FAMILY)
        texts.register(index.FAMILY)
        attachments.register("receipt", attached_receipt)
        attachments.register(RECAP, attached_recap)
        contents.register(DECLARED)
        belonging.names_no_tenant(*(f"declarations/emails/{name}" for name in _NAME_NOBODY))
        belonging.tells_office(
            "declarations/emails/receipt", "declarations/letters/july_rents", "declarations/letters/receipt"
        )
