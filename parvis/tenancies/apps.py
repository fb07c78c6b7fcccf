"""The tenancies application."""

from __future__ import annotations

from django.apps import AppConfig


class TenanciesConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.tenancies"
    label = "tenancies"

    def ready(self) -> None:
        """Say which of our texts may be edited, where what was written is read, and whose our messages are."""
        from parvis.correspondence.rendering import belonging
        from parvis.parameters import texts
        from parvis.tenancies import reasons
        from parvis.tenancies.edited_reasons import FAMILY

        belonging.names_no_tenant("tenancies/emails/paid", "tenancies/emails/paid_several")
        texts.register(FAMILY)
        reasons.read_from(lambda: texts.edited(FAMILY.code))
