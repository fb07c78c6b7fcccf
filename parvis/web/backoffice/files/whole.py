"""The parts of a file, each asked of its room: some statements a part, and as many rows as are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from parvis.agents.selectors.openings import looks_at, opening_of
from parvis.changes.selectors.requests import changes_of
from parvis.declarations.selectors import campaign_card
from parvis.declarations.selectors.history import HistoryFilters, history
from parvis.declarations.selectors.tenant_list import TenantFilters, tenant_page
from parvis.kit.actors import Actor
from parvis.landlords.selectors.for_agents.accounts import SHOWN, AccountCard, accounts_in
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.landlords.selectors.users import administrators
from parvis.tenancies.selectors.portfolio import portfolio_of
from parvis.web.backoffice.files import acts, journeys
from parvis.web.backoffice.files.journeys import STATES, Leg
from parvis.web.backoffice.files.july import july_of
from parvis.web.backoffice.files.opened import reader_of
from parvis.web.backoffice.files.states import told
from parvis.web.backoffice.files.timeline import kinds_of, timeline
from parvis.web.backoffice.forms.files import TenantForm
from parvis.web.backoffice.gate import AgentRequest

FEW = 6
FEW_TENANTS = 10
FEW_LINES = 15


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
        "access": access_of(shown),
        "linked": sum(card.others > 0 for card in shown),
        "administrators": [f"{who.first_name} {who.last_name}" for who in administrators(file.partner_id, at=at)[:FEW]],
        "portfolio": portfolio_of(reader, user_number=file.known_as[0].user_number),
        "tenant_form": TenantForm(),
        **tenants_of(request, file),
        "declarations": declarations_of(reader),
        "changes": changes_of(reader, limit=FEW).lines,
        "passed": timeline(request, file, shown, limit=FEW_LINES).lines,
        "kinds": kinds_of(file),
        "looks": looks_at(file.partner_id, limit=FEW),
    }


def access_of(cards: Sequence[AccountCard]) -> list[tuple[str, str]]:
    """The states of the accounts shown, each once with its colour; how many of them stand so where there are several."""
    found = Counter(card.state for card in cards)
    return [(STATES[state], f"{state} ({count})" if len(cards) > 1 else state.value) for state, count in found.items()]


def tenants_of(request: AgentRequest, file: LandlordFile) -> dict[str, Any]:
    """The first tenants in place, in the order of names, with where their July rent stands."""
    reader = reader_of(request.actor, file)
    card = campaign_card(reader, at=request.now)
    page = tenant_page(reader, filters=TenantFilters(), year=card.year if card else None, limit=FEW_TENANTS)
    told = july_of(request, file, card, page.rows)
    return {"campaign": card, "tenants": page.rows, "more_tenants": page.next is not None, **told}


def declarations_of(reader: Actor) -> list[tuple[Any, str, str]]:
    """The latest declarations, each with the word and the colour of its state."""
    return [told(line) for line in history(reader, HistoryFilters(), limit=FEW)]


def account_context(request: AgentRequest, file: LandlordFile, card: AccountCard) -> dict[str, Any]:
    """What the page of one account shows."""
    (shown,) = shown_accounts(request, file, [card])
    return {
        "file": file,
        "account": shown,
        "answer": journeys.answer_of(card, at=request.now),
    }
