"""What somebody and their office wrote to each other: a section of the copy of their data. Never what agents said among themselves."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.contact.models import ConversationMessage, Side
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services.own.contents import Row, Section, when
from parvis.kit.actors import Actor
from parvis.kit.encryption import open_


def _rows(actor: Actor, most: int) -> Iterable[Row]:
    rows = ConversationMessage.objects.filter(
        conversation__account_id=own_account(actor), conversation__landlord_id=actor.partner_id
    ).exclude(side=Side.INSIDE)
    for row in rows.select_related("conversation").order_by("-at", "-pk")[:most]:
        by = "Moi ou mon organisme" if row.side == Side.LANDLORD else "La caisse"
        yield when(row.at), row.conversation.number, by, open_(bytes(row.text), row.column)


WRITTEN = Section("echanges", "Mes messages à la caisse", ("Quand", "Échange", "De", "Message"), _rows)
