"""What an agent who holds a landlord's paper looks for: the tenancy it is about, its line of the grid, who gets the receipt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.models import EntryState
from parvis.declarations.selectors.campaign import CampaignCard, campaign_card
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.kit.actors import Actor, Duty, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows, one_row
from parvis.kit.refusals import NotFound

MOST = 50
_NAME = "COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name))"


class PaperPlace(NamedTuple):
    """The tenancy a paper is about, and whose it is."""

    reference: UUID
    landlord_id: UUID
    caf_code: str
    office_name: str
    landlord_name: str
    tenant: str
    claimant_number: str
    address: str
    start_on: date


class PaperLine(NamedTuple):
    """One tenancy found by a claimant number; ``state`` is that of its newest campaign, None where it is in none."""

    place: PaperPlace
    year: int | None
    state: str | None

    @property
    def state_label(self) -> str:
        """The state as the screens name it; empty without a campaign."""
        return str(EntryState(self.state).label) if self.state else ""


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A tenancy with its campaign and its line there; None where no campaign is open, or the tenancy is not in it."""

    place: PaperPlace
    card: CampaignCard | None
    row: GridRow | None


_PLACE = f"""
SELECT t.reference, t.landlord_id, t.caf_code, o.name, {_NAME}, btrim(t.first_name || ' ' || t.last_name), t.claimant_number,
       concat_ws(', ', NULLIF(btrim(t.address_1 || ' ' || t.address_2), ''), NULLIF(t.city, '')), t.start_on
FROM tenancies_tenancy t
JOIN landlords_landlord l ON l.partner_id = t.landlord_id
JOIN landlords_office o ON o.caf_code = t.caf_code
WHERE t.reference = %(reference)s
"""
# The key of a tenancy begins with its office: looked for at each office, not through all of the tenancies.
_FOUND = f"""
SELECT t.reference, t.landlord_id, t.caf_code, o.name, {_NAME}, btrim(t.first_name || ' ' || t.last_name), t.claimant_number,
       concat_ws(', ', NULLIF(btrim(t.address_1 || ' ' || t.address_2), ''), NULLIF(t.city, '')), t.start_on, e.year, e.state
FROM (
  SELECT id FROM tenancies_tenancy WHERE caf_code = ANY(%(offices)s) AND claimant_number = %(number)s
  UNION
  SELECT id FROM tenancies_tenancy
  WHERE former_claimant_number = %(number)s AND former_claimant_number <> '' AND caf_code = ANY(%(offices)s)
) own
JOIN tenancies_tenancy t ON t.id = own.id
JOIN landlords_landlord l ON l.partner_id = t.landlord_id
JOIN landlords_office o ON o.caf_code = t.caf_code
LEFT JOIN LATERAL (
  SELECT x.year, x.state FROM declarations_campaignentry x
  WHERE x.tenancy_id = t.id AND x.landlord_id = t.landlord_id AND x.year IN (SELECT year FROM declarations_rentcampaign)
  ORDER BY x.year DESC LIMIT 1
) e ON true
ORDER BY t.start_on DESC, t.id DESC LIMIT %(most)s
"""
_OFFICES = "SELECT array_agg(caf_code) FROM landlords_office"


def place_of(actor: Actor, reference: UUID) -> PaperPlace:
    """The tenancy, if the agent registers papers at its office; of another office, or none at all: not found."""
    row = one_row(_PLACE, {"reference": reference})
    if row is None or not actor.holds(Duty.REGISTER_PAPER, [row[2]]):
        raise NotFound
    return PaperPlace._make(row)


def tenancies_numbered(actor: Actor, number: str) -> list[PaperLine]:
    """The tenancies of a claimant, present or former number, at the offices where the agent registers papers."""
    held = actor.offices_of(Duty.REGISTER_PAPER)
    codes = sorted(held) if held is not None else all_rows(_OFFICES, [])[0][0] or []
    rows = all_rows(_FOUND, {"offices": codes, "number": number, "most": MOST})
    return [PaperLine(PaperPlace._make(row[:-2]), *row[-2:]) for row in rows]


def paper_sheet(actor: Actor, reference: UUID, *, at: datetime) -> PaperSheet:
    """The tenancy with its line in the campaign of the day, judged by the same facts as the landlord's own grid."""
    place = place_of(actor, reference)
    reader = holder_of(actor, place)
    card = campaign_card(reader, at=at)
    if card is None or day_in_paris(at) < card.opens_on:
        return PaperSheet(place, None, None)
    rows = [row for row in rows_named(reader, card.year, [reference]) if row.state != EntryState.OUT]
    return PaperSheet(place, card, rows[0] if rows else None)


def holder_of(actor: Actor, place: PaperPlace) -> Actor:
    """The agent as one who reads this tenancy's line: at its office alone, with what the checks compare amounts to."""
    return replace(
        actor,
        partner_id=place.landlord_id,
        offices=frozenset({place.caf_code}),
        rights=frozenset({Right.DECLARE, Right.PAYMENTS}),
    )


class Recipient(NamedTuple):
    """The account a receipt is kept with, and how it is told of it: by mail, by letter, or both where paper is wished."""

    account_id: int
    login_id: str
    user_number: str
    by_email: bool
    by_letter: bool
    name: str
    lines: list[str]
    office: dict[str, object]


# Whom a mail reaches comes first; then whoever has not been shut out; a landlord in a campaign has an account (decision 7).
_RECIPIENT = f"""
SELECT a.id, a.login_id, COALESCE(n.user_number, a.user_number), a.reached, NOT a.reached OR a.letters = 'paper', {_NAME},
       ARRAY[n.address_1, n.address_2, n.address_3, btrim(n.postcode || ' ' || n.city)
         || CASE WHEN COALESCE(n.country, 'FR') = 'FR' THEN '' ELSE ' (' || n.country || ')' END]::text[],
       json_build_object('name', o.name, 'phone', o.phone, 'address', array_remove(
         ARRAY[o.address_1, o.address_2, btrim(o.postcode || ' ' || o.city)]::text[], ''))
FROM landlords_landlord l
JOIN landlords_office o ON o.caf_code = %(office)s
JOIN LATERAL (
  SELECT x.id, x.login_id, x.user_number, x.letters,
         x.state = 'active' AND x.opened_at IS NOT NULL AND k.email IS NOT NULL AND k.email_refused_at IS NULL
           AND (COALESCE(cardinality(m.offices), 0) = 0 OR o.caf_code = ANY(m.offices))
           AND EXISTS (SELECT 1 FROM landlords_habilitation h WHERE h.account_id = x.id AND h.right = 'declare'
             AND (h.ended_at IS NULL OR h.ended_at > %(at)s)) AS reached
  FROM identity_account x LEFT JOIN identity_credential k ON k.id = x.credential_id
  LEFT JOIN landlords_membership m ON m.account_id = x.id
  WHERE x.partner_id = l.partner_id
  ORDER BY reached DESC, x.state IN ('disabled', 'frozen'), x.id LIMIT 1
) a ON true
LEFT JOIN LATERAL (SELECT * FROM landlords_thirdpartynumber own WHERE own.landlord_id = l.partner_id
  AND own.office_id = o.caf_code ORDER BY own.absent_since NULLS FIRST, own.id LIMIT 1) n ON true
WHERE l.partner_id = %(landlord)s
"""


def recipient_of(place: PaperPlace, *, at: datetime) -> Recipient:
    """Who is told that a paper was registered."""
    row = one_row(_RECIPIENT, {"office": place.caf_code, "landlord": place.landlord_id, "at": at})
    if row is None:
        raise NotFound
    return Recipient._make(row)
