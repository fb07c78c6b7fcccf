"""Which role holds which duties: one table, read by people and by tests. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from parvis.kit.actors import Duty


class Role(StrEnum):
    """What an agent is at an office (product.md §4)."""

    RECEPTION = "reception"
    CASEWORKER = "caseworker"
    RIGHTS_OFFICER = "rights_officer"
    NATIONAL_ADMINISTRATOR = "national_administrator"

    @property
    def label(self) -> str:
        """The role as the screens name it."""
        return _LABELS[self]

    @property
    def meaning(self) -> str:
        """What one does in it, in a sentence."""
        return _MEANINGS[self]


_LABELS = {
    Role.RECEPTION: "Accueil",
    Role.CASEWORKER: "Gestionnaire",
    Role.RIGHTS_OFFICER: "Référent habilitations",
    Role.NATIONAL_ADMINISTRATOR: "Administrateur national",
}
_MEANINGS = {
    Role.RECEPTION: "Répond aux appels et aux messages\u00a0: retrouve un dossier, renvoie des identifiants, débloque un accès.",
    Role.CASEWORKER: "Traite les déclarations manuelles, les coordonnées bancaires signalées et les quittances papier.",
    Role.RIGHTS_OFFICER: "Suspend un compte, remplace un administrateur, corrige une adresse mail.",
    Role.NATIONAL_ADMINISTRATOR: "Règle le service\u00a0: agents, campagne, courriers, flux, textes et paramètres.",
}

_LOOKS = frozenset({Duty.OPEN_FILES, Duty.VIEW_AS})
_ANSWERS = _LOOKS | {
    Duty.SEND_CREDENTIALS,
    Duty.UNLOCK,
    Duty.REGISTER_PAPER,
    Duty.NOTE_RETURNED_LETTER,
    Duty.ANSWER_MESSAGES,
    Duty.SEE_CAMPAIGN,
}
DUTIES: dict[Role, frozenset[Duty]] = {
    Role.RECEPTION: _ANSWERS,
    Role.CASEWORKER: _ANSWERS | {Duty.DECIDE_DECLARATIONS, Duty.DECIDE_BANK_DETAILS},
    Role.RIGHTS_OFFICER: _ANSWERS
    | {Duty.SUSPEND_ACCOUNTS, Duty.REPLACE_ADMINISTRATORS, Duty.CORRECT_EMAILS, Duty.READ_JOURNAL, Duty.READ_OPINIONS},
    Role.NATIONAL_ADMINISTRATOR: _LOOKS
    | {
        Duty.MANAGE_AGENTS, Duty.SEE_CAMPAIGN, Duty.RUN_CAMPAIGN, Duty.BATCH_LETTERS, Duty.NOTE_RETURNED_LETTER, Duty.RUN_FEEDS,
        Duty.EDIT_TEXTS, Duty.SET_PARAMETERS, Duty.READ_JOURNAL, Duty.READ_OPINIONS, Duty.WATCH_CLOCKWORK,
    },
}  # fmt: skip
"""Whoever settles how the service works decides about no landlord's money or rights."""


def duties_of(posts: Iterable[tuple[Role, str]]) -> frozenset[tuple[Duty, str]]:
    """Every duty these posts give, with the office it is held at; an empty office is all of them."""
    return frozenset((duty, office) for role, office in posts for duty in DUTIES[role])
