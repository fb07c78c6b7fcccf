"""Why an agent opens a file: a list, and a few words (ux.md B22). Pure."""

from __future__ import annotations

from enum import StrEnum

from parvis.agents.refusals import ReasonNotPossible

LONGEST_NOTE = 200


class Reason(StrEnum):
    """What led the agent to the file."""

    CALL = "call"
    EMAIL = "email"
    LETTER = "letter"
    CAMPAIGN = "campaign"
    CHECK = "check"

    @property
    def label(self) -> str:
        """The reason as the screens name it."""
        return _LABELS[self]


_LABELS = {
    Reason.CALL: "Appel",
    Reason.EMAIL: "Mail",
    Reason.LETTER: "Courrier",
    Reason.CAMPAIGN: "Campagne",
    Reason.CHECK: "Contrôle",
}


def read_reason(typed: str, note: str) -> tuple[Reason, str]:
    """The reason chosen and its few words; a check must say what is checked."""
    if typed not in set(Reason):
        raise ReasonNotPossible("Choisissez le motif de la consultation.", field="reason")
    reason, words = Reason(typed), " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        raise ReasonNotPossible(f"{LONGEST_NOTE} caractères au plus.", field="note")
    if reason is Reason.CHECK and not words:
        raise ReasonNotPossible("Dites en quelques mots ce que vous contrôlez.", field="note")
    return reason, words
