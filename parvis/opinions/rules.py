"""The journeys at the end of which people are asked, and how an answer is read. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from parvis.kit.refusals import Refusal

ASKED_EVERY = timedelta(days=91)
"""Nobody is asked twice in a quarter of a year, whatever they do (ux.md B23)."""
SCORES = range(1, 6)
LONGEST_REMARK = 500
CHOOSE_A_SCORE = "Choisissez une note, de 1 à 5."


class Journey(StrEnum):
    """What was just finished, as addresses name it."""

    DECLARATION = "declaration"
    JULY = "juillet"
    FILE = "fichier"
    BANK = "coordonnees-bancaires"
    FIRST_SIGN_IN = "premiere-connexion"

    @property
    def label(self) -> str:
        """The journey as the screens name it."""
        return _LABELS[self]


_LABELS = {
    Journey.DECLARATION: "Déclarer une situation",
    Journey.JULY: "Transmettre les loyers de juillet",
    Journey.FILE: "Confirmer un fichier de loyers",
    Journey.BANK: "Changer de coordonnées bancaires",
    Journey.FIRST_SIGN_IN: "Se connecter la première fois",
}


def journey_named(word: str) -> Journey | None:
    """The journey of that word, if it is one."""
    return Journey(word) if word in set(Journey) else None


def month_of(day: date) -> date:
    """The month an opinion is kept under: its day would say more of its author than anybody needs."""
    return day.replace(day=1)


def read_score(written: str) -> int:
    """A whole number from 1 to 5."""
    if len(written) != 1 or written not in "12345":
        raise Refusal(CHOOSE_A_SCORE, field="score")
    return int(written)


def read_remark(written: str) -> str:
    """What somebody wrote, without invisible characters, lines kept; empty for blanks."""
    lines = ["".join(sign for sign in line if sign.isprintable()).strip() for line in written.splitlines()]
    return "\n".join(line for line in lines if line)[:LONGEST_REMARK]
