"""The parts of a file, each asked of its room: some statements a part, and as many rows as are shown."""

from __future__ import annotations

from typing import Any, NamedTuple

from parvis.agents.selectors.openings import looks_at, opening_of
from parvis.audit.selectors import journal_of_partner
from parvis.changes.selectors.awaited import AWAITING
from parvis.changes.selectors.requests import changes_of
from parvis.correspondence.selectors import messages_of_partner
from parvis.declarations import workflow
from parvis.declarations.selectors import campaign_card
from parvis.declarations.selectors.history import HistoryFilters, history
from parvis.identity.rules import masked
from parvis.kit.actors import Actor
from parvis.landlords.selectors.for_agents.accounts import SHOWN, AccountCard, accounts_in
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.landlords.selectors.users import administrators
from parvis.tenancies.selectors.portfolio import portfolio_of
from parvis.web.backoffice.files import acts, journeys
from parvis.web.backoffice.files.journeys import STATES, Leg
from parvis.web.backoffice.files.opened import names_seen_by, reader_of, seen_by
from parvis.web.backoffice.gate import AgentRequest

FEW = 6
DECLARATION_KINDS = {
    workflow.SUBMITTED: "info",
    workflow.SENT: "info",
    workflow.MANUAL: "warm",
    workflow.INTEGRATED: "ok",
    workflow.REJECTED: "bad",
    workflow.CORRECTED: "",
    AWAITING: "warm",
}


class Shown(NamedTuple):
    """One account as the page shows it: its colour, its journey, what may be done."""

    card: AccountCard
    kind: str
    legs: list[Leg]
    buttons: list[acts.Button]


def shown_accounts(request: AgentRequest, file: LandlordFile, cards: list[AccountCard]) -> list[Shown]:
    """Accounts with the buttons this agent may press."""
    actor, at = request.actor, request.now
    return [
        Shown(card, STATES[card.state], journeys.legs_of(card, at=at), acts.acts_on(actor, file, card))
        for card in cards
    ]


def whole_file(request: AgentRequest, file: LandlordFile) -> dict[str, Any]:
    """Everything the page of a file shows."""
    reader, at = reader_of(request.actor, file), request.now
    cards = accounts_in(file.partner_id, limit=SHOWN + 1, at=at)
    shown = cards[:SHOWN]
    return {
        "file": file,
        "opening": opening_of(request.agent.agent_id, file.partner_id, at=at),
        "buttons": acts.acts_for(request.actor, file),
        "answers": journeys.first_answers(shown, at=at),
        "accounts": shown_accounts(request, file, shown),
        "more_accounts": len(cards) > SHOWN,
        "linked": sum(card.others for card in shown),
        "administrators": [f"{who.first_name} {who.last_name}" for who in administrators(file.partner_id, at=at)[:FEW]],
        "portfolio": portfolio_of(reader, user_number=file.known_as[0].user_number),
        "campaign": campaign_card(reader, at=at),
        "declarations": declarations_of(reader),
        "changes": changes_of(reader, limit=FEW).lines,
        "messages": messages_of_partner(file.partner_id, names_seen_by(request.actor, file), limit=FEW),
        "masked": masked,
        "journal": journal_of_partner(
            file.partner_id, [card.login_id for card in shown], offices=seen_by(request.actor, file), limit=FEW
        ),
        "looks": looks_at(file.partner_id, limit=FEW),
    }


def declarations_of(reader: Actor) -> list[tuple[Any, str, str]]:
    """The latest declarations, each with the word and the colour of its state."""
    return [told(line) for line in history(reader, HistoryFilters(), limit=FEW)]


def told(line: Any) -> tuple[Any, str, str]:
    """A declaration with its state in words, and its colour."""
    return line, words_of(line.state), DECLARATION_KINDS.get(line.state, "")


def words_of(state: str) -> str:
    """The word for a state as lists show it: one that awaits a paper is told so."""
    return "Pièce attendue" if state == AWAITING else workflow.DECLARATION.label(state)


def account_context(request: AgentRequest, file: LandlordFile, card: AccountCard) -> dict[str, Any]:
    """What the page of one account shows."""
    (shown,) = shown_accounts(request, file, [card])
    return {
        "file": file,
        "account": shown,
        "answer": journeys.answer_of(card, at=request.now),
    }
