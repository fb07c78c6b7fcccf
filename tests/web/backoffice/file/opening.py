"""An agent who has given a reason, and the addresses of a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from parvis.correspondence.models import Channel, Message
from parvis.identity.models import Nature, Partner
from tests.factories.agents import Colleague
from tests.factories.landlords import Owner

REASON = {"reason": "call", "note": "n’a pas reçu sa lettre"}


def file_of(someone: Owner) -> str:
    """The address of the file of a landlord."""
    return f"/agents/dossiers/{someone.landlord.pk}/"


def opened(who: Colleague, someone: Owner) -> Client:
    """A browser in which the agent has opened the file."""
    browser = who.browser()
    assert browser.post(file_of(someone) + "motif/", REASON).headers["Location"] == file_of(someone)
    return browser


def letter(to: Owner, template: str, *, days: float = 0, **fields: Any) -> Message:
    """A letter made some days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    return Message.objects.create(
        **{
            "reference": f"M-{Message.objects.count():010d}",
            "channel": Channel.LETTER,
            "template": template,
            "to_address": ["Habitat du Rivage", "12 rue des Tilleuls", "44220 COUERON"],
            "account_id": to.account.pk,
            "partner_id": to.landlord.pk,
            "due_at": at,
            "created_at": at,
            **fields,
        }
    )


def alone(someone: Owner) -> None:
    """They let in their own name: nobody has to administer."""
    Partner.objects.filter(pk=someone.landlord.pk).update(nature=Nature.INDIVIDUAL)
