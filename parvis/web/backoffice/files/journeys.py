"""« Où est ma lettre ? »: the journey of credentials in sentences an agent can read out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from parvis.identity.rules import masked
from parvis.identity.selectors.travels import Stage, Travel
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day, moment
from parvis.landlords.selectors.for_agents.accounts import AccessState, AccountCard

PILLS = {
    Stage.WAITS: ("info", "À envoyer"),
    Stage.FAILED: ("bad", "Pas parti"),
    Stage.BOUNCED: ("bad", "Revenu"),
    Stage.CANCELLED: ("", "Annulé"),
    Stage.PRINTING: ("info", "À imprimer"),
    Stage.TRAVELS: ("info", "En route"),
    Stage.ARRIVED: ("ok", "Remis"),
    Stage.RETURNED: ("bad", "Revenue"),
    Stage.REPLACED: ("", "Remplacé"),
    Stage.EXPIRED: ("warm", "Expiré"),
    Stage.SERVED: ("ok", "A servi"),
}
STATES = {
    AccessState.NEVER: "warm",
    AccessState.LETTER: "info",
    AccessState.ACTIVE: "ok",
    AccessState.PAUSED: "warm",
    AccessState.FROZEN: "bad",
    AccessState.CLOSED: "",
}
"""The colour of each state of an access."""


class Leg(NamedTuple):
    """One message of the journey as the page shows it."""

    title: str
    text: str
    kind: str
    label: str


def legs_of(account: AccountCard, *, at: datetime) -> list[Leg]:
    """The journey of an account's credentials, the newest first."""
    return [_leg(travel, at) for travel in account.travels]


def answer_of(account: AccountCard, *, at: datetime) -> str:
    """The one line for whoever asks where their credentials are; empty for somebody who has been in."""
    if account.state in (AccessState.CLOSED, AccessState.FROZEN) or account.opened_at is not None:
        return ""
    told: dict[str, Travel] = {}
    for travel in account.travels:
        if travel.stage is not Stage.CANCELLED:
            told.setdefault(travel.brings, travel)
    if not told:
        return "Aucun identifiant n’est parti pour ce compte."
    newest = sorted(list(told.values())[:2], key=lambda travel: travel.message.sent_at or travel.message.due_at)
    return " ".join(f"{travel.brings}\u00a0: {_said(travel, at)}." for travel in newest)


def refused_mail(card: AccountCard) -> str:
    """What became of the last mail with credentials, if it did not reach its mailbox; empty where it did."""
    for travel in card.travels:
        if not travel.is_letter and travel.stage in (Stage.BOUNCED, Stage.FAILED):
            on = travel.message.bounced_at or travel.message.sent_at
            return f"refusé le {_day(on)}" if on else "qui n’a pas pu partir"
        if not travel.is_letter and travel.stage is not Stage.CANCELLED:
            return ""
    return ""


def pill_of(travel: Travel) -> tuple[str, str]:
    """The colour and the word of where a message is."""
    kind, label = PILLS[travel.stage]
    if travel.stage is Stage.ARRIVED:
        label = "Devrait être arrivée" if travel.is_letter else "Envoyé"
    return kind, label


def told_of(travel: Travel, *, at: datetime) -> str:
    """Where a message is, in a sentence."""
    said = _said(travel, at)
    return f"{said[:1].upper()}{said[1:]}."


def _leg(travel: Travel, at: datetime) -> Leg:
    kind, label = pill_of(travel)
    number = f" · n°\u00a0{travel.message.number}" if travel.message.number else ""
    where = _place(travel)
    said = _said(travel, at)
    return Leg(f"{travel.brings}{number}", f"{said[:1].upper()}{said[1:]}, {where}. {_made(travel)}", kind, label)


def _said(travel: Travel, at: datetime) -> str:
    """Where one message is, as the end of a sentence."""
    message = travel.message
    if travel.stage is Stage.WAITS:
        return _waiting(travel, at)
    if travel.stage is Stage.FAILED:
        return f"n’a pas pu partir ({_why(message.failure)})" if message.failure else "n’a pas pu partir"
    if travel.stage is Stage.CANCELLED or message.sent_at is None:
        return "annulé avant son départ"
    left = _left(travel)
    if travel.stage is Stage.BOUNCED:
        when = f" le {moment(message.bounced_at)}" if message.bounced_at else ""
        return f"{left}, revenu{when}\u00a0: {_why(message.failure)}"
    if travel.stage is Stage.RETURNED:
        return f"{left}, revenue («\u00a0{travel.returned}\u00a0»)\u00a0: l’adresse est à vérifier"
    if travel.stage is Stage.REPLACED:
        return f"{left}, remplacé depuis\u00a0: ce mot de passe ne sert plus"
    if travel.stage is Stage.EXPIRED:
        return f"{left}, expiré\u00a0: il faut en envoyer un autre"
    if travel.stage is Stage.SERVED:
        return f"{left}, a servi\u00a0: la personne a choisi le sien"
    until = f", valable jusqu’au {_day(travel.valid_until)}" if travel.valid_until else ""
    if travel.expected_by is None:
        return f"{left}{until}"
    arrival = "attendue au plus tard le" if travel.stage is Stage.TRAVELS else "devait arriver au plus tard le"
    return f"{left}, {arrival} {_day(travel.expected_by)}{until}"


def _why(failure: str) -> str:
    """A cause as the end of a sentence."""
    return f"{failure[:1].lower()}{failure[1:].rstrip('.')}"


def _waiting(travel: Travel, at: datetime) -> str:
    due = travel.message.due_at
    if travel.message.is_held:
        return "attend que la première soit partie, pour ne pas voyager avec elle"
    if due <= at:
        return "en préparation" if travel.is_letter else "en préparation, part aujourd’hui"
    return f"partira {'au plus tôt ' if travel.is_letter else ''}le {_day(due)}"


def _left(travel: Travel) -> str:
    """A letter leaves when its batch is posted: made is not gone."""
    message = travel.message
    assert message.sent_at is not None
    if not travel.is_letter:
        return f"parti le {moment(message.sent_at)}"
    if message.posted_on is not None:
        return f"partie le {long_day(message.posted_on)}"
    return f"attend son lot d’impression{f', {message.batch} pas encore posté' if message.batch else ''}"


def _place(travel: Travel) -> str:
    """Where it goes: the last lines of a window, or a masked mailbox."""
    if travel.is_letter:
        return "à " + ", ".join(travel.message.to_address[-2:])
    return f"à {masked(travel.message.to_email)}"


def _made(travel: Travel) -> str:
    return f"Demandé le {moment(travel.message.created_at)}."


def _day(value: datetime | None) -> str:
    return long_day(day_in_paris(value)) if value else ""


def first_answers(accounts: Sequence[AccountCard], *, at: datetime) -> list[tuple[str, str]]:
    """(identifier, sentence) of the accounts whose person may be calling about their credentials."""
    return [(account.login_id, said) for account in accounts if (said := answer_of(account, at=at))]
