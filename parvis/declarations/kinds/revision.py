"""Correcting what the office took in: why is asked besides, and the former declaration stands until it decides. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from parvis.declarations.kinds.kind import Ask, Question, Reading
from parvis.declarations.kinds.withdrawal import WITHDRAWAL

NAME: Final = "reason"
"""Of the answer, and of the detail that leaves with it: no other kind has one of that name."""
LONGEST: Final = 200
EFFECT = "Votre caisse examine cette correction. D’ici sa décision, ce qu’elle a pris en compte reste valable."
MISSING = f"Dites pourquoi c’est à corriger, en {LONGEST}\u00a0caractères au plus."
LABEL = "Pourquoi corriger"
QUESTION = Question(
    NAME,
    f"{LABEL}\u00a0?",
    Ask.TEXT,
    hint="Votre caisse a pris cette déclaration en compte\u00a0: elle lit pourquoi, puis décide.",
    longest=LONGEST,
    missing=MISSING,
)


def read_revision(reading: Reading, answers: Mapping[str, str]) -> Reading:
    """What a correction of something taken in says: the same, and why. Taking it back needs no word."""
    if reading.details == WITHDRAWAL:
        return replace(reading, effect=EFFECT)
    why = " ".join(answers.get(NAME, "").split())
    if not why:
        return replace(reading, errors={**reading.errors, NAME: MISSING}, details=None)
    if reading.details is None:
        return reading
    details = {**reading.details, NAME: why}
    return replace(reading, details=details, lines=(*reading.lines, (LABEL, why)), effect=EFFECT)
