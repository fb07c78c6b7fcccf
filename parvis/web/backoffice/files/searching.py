"""One field, every room: what was typed is asked of all that know landlords by something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parvis.changes.selectors.found import landlord_of_change
from parvis.correspondence.selectors import partner_of_letter
from parvis.declarations.selectors.tenant_declared import landlord_of_number
from parvis.kit.actors import Actor
from parvis.landlords.selectors.for_agents.asked import How, read_asked
from parvis.landlords.selectors.for_agents.finding import Elsewhere, Results, find, office_codes
from parvis.tenancies.selectors.claimants import landlords_of_claimant

_RECEIPT = re.compile(r"AR-\d{4}-\d{2}-\d{6,10}", re.ASCII)
_DECLARATION = re.compile(r"D-\d{4}-\d{9}-[A-Z]", re.ASCII)
_CHANGE = re.compile(r"C-\d{4}-\d{9}-[A-Z]", re.ASCII)
_LETTER = re.compile(r"L-\d{4}-\d{6,10}", re.ASCII)
_DASHES = re.compile(r"[‐‑–—]")
CLAIMANT_LENGTH = 7


def search(actor: Actor, typed: str) -> Results | None:
    """The landlords that what was typed may mean, within the agent's offices; None where it is too short to mean anything."""
    asked = read_asked(typed)
    if asked is None:
        return None
    number = _DASHES.sub("-", "".join(typed.split())).upper()[:30]
    return find(actor, asked, _elsewhere(actor, number, asked.digits))


def _elsewhere(actor: Actor, number: str, digits: str) -> Iterator[Elsewhere]:
    codes = office_codes(actor)
    if 4 <= len(digits) <= CLAIMANT_LENGTH:
        for landlord, what in landlords_of_claimant(digits.zfill(CLAIMANT_LENGTH), codes):
            yield Elsewhere(landlord, How.CLAIMANT, what)
    for shape, how in ((_RECEIPT, How.RECEIPT), (_DECLARATION, How.DECLARATION)):
        found = landlord_of_number(number, codes) if shape.fullmatch(number) else None
        if found is not None:
            yield Elsewhere(found, how, number)
    changed = landlord_of_change(number, codes) if _CHANGE.fullmatch(number) else None
    if changed is not None:
        yield Elsewhere(changed, How.CHANGE, number)
    written = partner_of_letter(number) if _LETTER.fullmatch(number) else None
    if written is not None:
        yield Elsewhere(written, How.LETTER, number)
