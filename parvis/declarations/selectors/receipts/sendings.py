"""What a landlord sent, sending by sending: a line each, however many rents it holds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parvis.audit.happened import Branch
from parvis.changes.selectors.awaited import SHOWN_STATE
from parvis.declarations.models import Receipt, SubmissionChannel
from parvis.declarations.selectors.history import REVISION, title_of
from parvis.kit.actors import Actor
from parvis.kit.db import all_rows
from parvis.kit.text import plural
from parvis.tenancies.selectors.scope import of_tenancy, seen_by


class Sending(NamedTuple):
    """One receipt, with the first declaration it holds: its own words and state where it holds no other."""

    pk: int
    number: str
    at: datetime
    person: str
    how_many: int
    is_of_rents: bool
    kind: str
    year: int | None
    is_revision: bool
    name: str
    state: str
    channel: str

    @property
    def title(self) -> str:
        """What was sent, in a few words."""
        if self.how_many > 1 and self.is_of_rents:
            return f"{plural(self.how_many, 'loyer de juillet', 'loyers de juillet')} {self.year or ''}".strip()
        first = f"{title_of(self.kind, self.year, is_revision=self.is_revision)}, {self.name}"
        return f"{first}, et {plural(self.how_many - 1, 'autre', 'autres')}" if self.how_many > 1 else first

    @property
    def way(self) -> str:
        """By which way it came."""
        return str(SubmissionChannel(self.channel).label)


def sent_by(reader: Actor) -> Branch:
    """The receipts of the landlord that is read, at the reader's offices, as lines of what happened."""
    rows = Receipt.objects.filter(landlord_id=reader.partner_id)
    return Branch(rows.filter(office_id__in=reader.offices) if reader.offices else rows, "at")


_SENDINGS = f"""
SELECT r.id, r.number, r.at, r.person, r.count, r.is_of_rents, one.*
FROM declarations_receipt r CROSS JOIN LATERAL (
  SELECT d.kind, d.year, {REVISION}, btrim((d.stated ->> 'first_name') || ' ' || (d.stated ->> 'last_name')),
    {SHOWN_STATE.format(d="d")}, d.channel
  FROM declarations_declaration d WHERE d.receipt_id = r.id ORDER BY d.id LIMIT 1) one
WHERE r.id = ANY(%(keys)s)
"""


def sendings_of(keys: Collection[int]) -> dict[int, Sending]:
    """Sendings by the keys of their receipts, of whom the caller knows already that the reader may see them."""
    found = all_rows(_SENDINGS, {"keys": list(keys)}) if keys else []
    return {row[0]: Sending._make(row) for row in found}


class Decided(NamedTuple):
    """A declaration that an act of the journal names by its reference."""

    opaque: UUID
    title: str
    name: str


_NAMED = f"""
SELECT d.reference, d.opaque, d.kind, d.year, {REVISION}, btrim((d.stated ->> 'first_name') || ' ' || (d.stated ->> 'last_name'))
FROM declarations_declaration d WHERE d.reference = ANY(%(references)s) AND d.landlord_id = %(landlord)s{{within}}
"""


def declarations_named(reader: Actor, references: Collection[str]) -> dict[str, Decided]:
    """The declarations of these references, as far as the reader sees them."""
    if not references:
        return {}
    values = {**seen_by(reader), "references": list(references)}
    found = all_rows(_NAMED.format(within=of_tenancy(reader, "d.tenancy_id")), values)
    return {row[0]: Decided(row[1], title_of(row[2], row[3], is_revision=row[4]), row[5]) for row in found}
