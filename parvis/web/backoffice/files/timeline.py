"""« Ce qui s’est passé »: mails, letters, sign-ins, declarations, changes, messages and acts of agents as one list, in sentences.

Which rows there are is one statement over all rooms (``audit.happened``); what they say, one statement a room that has any there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from parvis.agents import events as of_agents
from parvis.audit.happened import Acts, Branch, Place, happened, journal_branches
from parvis.changes import events as of_changes
from parvis.changes.selectors.requests import asked_by
from parvis.contact import events as of_contact
from parvis.contact.selectors.of_landlord import written_by
from parvis.correspondence import events as of_messages
from parvis.correspondence.selectors import written_to
from parvis.declarations import events as of_declarations
from parvis.declarations.selectors.receipts.sendings import sent_by
from parvis.identity import events as of_identity
from parvis.landlords.selectors.for_agents.accounts import AccountCard
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.web.backoffice.files.opened import names_seen_by, reader_of, seen_by
from parvis.web.backoffice.files.telling import CHANGE, LETTER, SENDING, THREAD, Line, lines_of
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.templating import address


class Shown(StrEnum):
    """What the list shows, by its word in the address."""

    ALL = ""
    LETTERS = "courriers"
    SIGN_INS = "connexions"
    DECLARATIONS = "declarations"
    CHANGES = "demandes"
    MESSAGES = "messages"
    AGENTS = "agents"
    REST = "autres"

    @property
    def label(self) -> str:
        """As the chips name it."""
        return _LABELS[self]


_LABELS = {
    Shown.ALL: "Tout",
    Shown.LETTERS: "Mails et lettres",
    Shown.SIGN_INS: "Connexions",
    Shown.DECLARATIONS: "Déclarations",
    Shown.CHANGES: "Demandes",
    Shown.MESSAGES: "Messages à la caisse",
    Shown.AGENTS: "Actes des agents",
    Shown.REST: "Droits et fichiers",
}
_TOLD_BY_ITS_OWN_LINE = (
    of_messages.FAILED, of_messages.CANCELLED, of_messages.BOUNCED, of_identity.PROVISIONAL_DRAWN,
    of_declarations.SUBMITTED, of_declarations.CORRECTED, of_contact.ASKED,
    of_changes.ADDRESS_ASKED, of_changes.CONTACT_ASKED, of_changes.BANK_ASKED, of_changes.DIRECT_PAYMENT_ASKED,
    of_changes.DIRECT_PAYMENT_ANSWERED, of_changes.DIRECT_PAYMENT_STOPPED, of_changes.RELEASED, of_changes.SENT,
)  # fmt: skip
"""What a message, a receipt, a request or a thread says already."""
_ONLY_LOOKS = (
    of_agents.PAGE_VIEWED, of_agents.VIEWING_LEFT, of_agents.LOOKED, of_agents.LISTED, of_agents.PAPER_OPENED,
)  # fmt: skip
"""Each page an agent read: the opening of the file tells of them, the journal of the file has them all."""
_WITHOUT = frozenset(event.code for event in (*_TOLD_BY_ITS_OWN_LINE, *_ONLY_LOOKS))


class _Reads(NamedTuple):
    """The branches one choice reads, and which acts of the journal, if any."""

    branches: tuple[str, ...] = ()
    acts: Acts | None = None


def _by_others(*rooms: str) -> Acts:
    return Acts(rooms, by_agents=False, without=_WITHOUT)


_READS = {
    Shown.ALL: _Reads((LETTER, SENDING, CHANGE, THREAD), Acts(without=_WITHOUT)),
    Shown.LETTERS: _Reads((LETTER,)),
    Shown.SIGN_INS: _Reads((), _by_others("identity")),
    Shown.DECLARATIONS: _Reads((SENDING,), _by_others("declarations")),
    Shown.CHANGES: _Reads((CHANGE,), _by_others("changes")),
    Shown.MESSAGES: _Reads((THREAD,), _by_others("contact")),
    Shown.AGENTS: _Reads((), Acts(by_agents=True, without=_WITHOUT)),
    Shown.REST: _Reads((), _by_others("landlords", "tenancies")),
}


def kinds_of(file: LandlordFile, shown: Shown | None = None) -> list[tuple[str, str, bool]]:
    """The choices as chips: words, address, whether it is the one shown."""
    here = address("file-passed", str(file.partner_id))
    return [(one.label, f"{here}?voir={one.value}" if one.value else here, one is shown) for one in Shown]


class Timeline(NamedTuple):
    """One page of it; ``next`` is where the following one begins."""

    lines: list[Line]
    next: Place | None


def timeline(
    request: AgentRequest,
    file: LandlordFile,
    cards: list[AccountCard],
    *,
    shown: Shown = Shown.ALL,
    before: Place | None = None,
    limit: int,
) -> Timeline:
    """What happened around a landlord, the newest first; ``cards`` are its accounts, whose letters tell their whole journey."""
    found = happened(_branches(request, file, cards, shown), before=before, limit=limit)
    return Timeline(lines_of(request, file, cards, found.places), found.next)


def _branches(request: AgentRequest, file: LandlordFile, cards: list[AccountCard], shown: Shown) -> dict[str, Branch]:
    """The rows of each room that the agent may see, in this file."""
    reader, reads = reader_of(request.actor, file), _READS[shown]
    own = {
        LETTER: written_to(file.partner_id, names_seen_by(request.actor, file)),
        SENDING: sent_by(reader),
        CHANGE: asked_by(reader),
        THREAD: written_by(reader),
    }
    branches = {name: own[name] for name in reads.branches}
    if reads.acts is not None:
        logins, offices = [card.login_id for card in cards], seen_by(request.actor, file)
        branches |= journal_branches(file.partner_id, logins, reads.acts, offices=offices)
    return branches
