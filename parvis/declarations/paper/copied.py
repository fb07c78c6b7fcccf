"""What somebody declared: a section of the copy of their data."""

from __future__ import annotations

import json
from collections.abc import Iterable

from parvis.declarations.models import Declaration
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services.own.contents import Row, Section, when
from parvis.kit.actors import Actor


def _rows(actor: Actor, most: int) -> Iterable[Row]:
    rows = Declaration.objects.filter(
        account_id=own_account(actor), landlord_id=actor.partner_id, submitted_at__isnull=False
    )
    for row in rows.order_by("-submitted_at", "-pk")[:most]:
        told = json.dumps(row.details, ensure_ascii=False)
        yield when(row.submitted_at), row.reference or "", str(row.get_kind_display()), row.state, told


DECLARED = Section(
    "declarations", "Ce que j’ai déclaré", ("Quand", "Référence", "Genre", "État", "Ce qui est déclaré"), _rows
)
