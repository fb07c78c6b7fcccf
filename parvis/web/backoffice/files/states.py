"""The words and the colours of states, as the pages of a file show them."""

from __future__ import annotations

from typing import Any

from parvis.changes import workflow as changing
from parvis.changes.selectors.awaited import AWAITING
from parvis.contact import workflow as talking
from parvis.declarations import workflow

DECLARATION_KINDS = {
    workflow.SUBMITTED: "info",
    workflow.SENT: "info",
    workflow.MANUAL: "warm",
    workflow.INTEGRATED: "ok",
    workflow.REJECTED: "bad",
    workflow.CORRECTED: "",
    AWAITING: "warm",
}
CHANGE_KINDS = {changing.DONE: "ok", changing.REFUSED: "bad", changing.STOPPED: "bad", changing.EXPIRED: ""}
"""Of a request; one that is on its way is « info »."""
THREAD_KINDS = {talking.WAITING: "warm", talking.ANSWERED: "ok", talking.CLOSED: ""}


def told(line: Any) -> tuple[Any, str, str]:
    """A declaration with its state in words, and its colour."""
    return line, words_of(line.state), DECLARATION_KINDS.get(line.state, "")


def words_of(state: str) -> str:
    """The word for a state as lists show it: one that awaits a paper is told so."""
    return "Pièce attendue" if state == AWAITING else workflow.DECLARATION.label(state)
