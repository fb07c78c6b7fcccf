"""What somebody asked to change: a section of the copy of their data. Of an account, its last four signs."""

from __future__ import annotations

import json
from collections.abc import Iterable

from parvis.changes.models import ChangeRequest
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services.own.contents import Row, Section, when
from parvis.kit.actors import Actor


def _rows(actor: Actor, most: int) -> Iterable[Row]:
    rows = ChangeRequest.objects.filter(account_id=own_account(actor), landlord_id=actor.partner_id)
    for row in rows.defer("iban").order_by("-asked_at", "-pk")[:most]:
        told = json.dumps(row.details, ensure_ascii=False) if row.details else ""
        last = f"…{row.iban_last4}" if row.iban_last4 else ""
        yield when(row.asked_at), row.number, str(row.get_kind_display()), row.state, last, told


ASKED = Section(
    "demandes", "Ce que j’ai demandé", ("Quand", "Numéro", "Genre", "État", "Fin du compte bancaire", "Détails"), _rows
)
