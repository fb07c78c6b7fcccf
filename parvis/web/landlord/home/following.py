"""« Suivi de mes demandes »: the last sendings and requests of every kind, each with its state."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from parvis.changes.selectors.awaited import AWAITING, awaited_among
from parvis.changes.selectors.requests import ChangeLine, changes_of
from parvis.changes.workflow import MANUAL
from parvis.declarations import workflow
from parvis.declarations.selectors.ready import Sending, recent_sendings
from parvis.kit.actors import Right
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.changes.words import CHANGE_PILLS

SHOWN = 5


class Followed(NamedTuple):
    """One line: when it was sent, what it was, where it stands."""

    at: datetime
    title: str
    url: str
    pill_kind: str
    pill_label: str


def followed(request: PageRequest) -> list[Followed]:
    """The last sendings and requests that this account may see, newest first."""
    account, actor = request.standing.account_reference, request.actor
    sent = recent_sendings(actor, limit=SHOWN) if actor.may(Right.CONSULT) else []
    lines = [_of_sending(sending, account) for sending in sent]
    asked = changes_of(actor, limit=SHOWN).lines
    awaited = awaited_among(actor, [line.number for line in asked if line.state == MANUAL])
    lines += [_of_change(line, account, is_awaited=line.number in awaited) for line in asked]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:SHOWN]


def _of_sending(sending: Sending, account: str) -> Followed:
    kind, label = _outcome(sending)
    return Followed(sending.at, _title(sending), reverse("receipt", args=[account, sending.number]), kind, label)


def _title(sending: Sending) -> str:
    if sending.is_of_rents:
        many = f"{sending.count}\u00a0locataires" if sending.count > 1 else "".join(sending.names)
        return f"Loyers de juillet, {many}" if many else "Loyers de juillet"
    titles = " et ".join(
        [", ".join(sending.titles[:-1]), sending.titles[-1].lower()] if sending.titles[1:] else sending.titles
    )
    more = f"{sending.count}\u00a0locataires" if len(sending.names) > 1 else "".join(sending.names)
    return f"{titles}, {more}" if more else titles


def _outcome(sending: Sending) -> tuple[str, str]:
    """The state that asks most of the landlord, or else the least advanced one."""
    states = sending.states - {workflow.CORRECTED}
    if workflow.REJECTED in states:
        return "bad", "Refusé" if sending.count == 1 else "Refusé en partie" if len(states) > 1 else "Refusé"
    if AWAITING in states:
        return "warm", "Pièce attendue"
    if workflow.MANUAL in states:
        return "info", "En traitement"
    if states == {workflow.INTEGRATED}:
        return "ok", "Pris en compte"
    return ("", "Corrigé") if sending.states == {workflow.CORRECTED} else ("info", "Transmis")


def _of_change(line: ChangeLine, account: str, *, is_awaited: bool) -> Followed:
    title = ", ".join(words for words in (line.kind_label, line.tenant) if words)
    pill, label = ("warm", "Pièce attendue") if is_awaited else (CHANGE_PILLS.get(line.state, ""), line.state_label)
    return Followed(line.asked_at, title, reverse("change", args=[account, line.number]), pill, label)
