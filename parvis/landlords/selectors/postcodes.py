"""Postcodes as people type them: which department they belong to, and what to say of those that belong to none."""

from __future__ import annotations

import unicodedata

from parvis.kit.refusals import Refusal

DIGITS = 5
_LONGEST = 40
DEPARTMENTS = frozenset(
    {f"{number:02d}" for number in range(1, 96) if number != 20} | {"2A", "2B", "971", "972", "973", "974", "976"}
)
"""Those that have an office for family benefits."""
_WITHOUT_OFFICE = {
    "975": "Saint-Pierre-et-Miquelon",
    "986": "Wallis-et-Futuna",
    "987": "La Polynésie française",
    "988": "La Nouvelle-Calédonie",
}
_MONACO = (
    "Ce code postal est celui de Monaco, qui n’a pas de caisse d’allocations familiales. "
    "Tapez le code postal d’un logement situé en France."
)
_FIVE = "Un code postal s’écrit avec 5 chiffres. Exemple\u00a0: 44220."


def department_of(postcode: str) -> str:
    """``44220`` → ``44``; overseas departments have three digits, Corsica a letter."""
    digits = "".join(postcode.split())
    if digits.startswith(("97", "98")):
        return digits[:3]
    if digits.startswith("20"):
        return "2A" if digits[:3] in ("200", "201") else "2B"
    return digits[:2]


def read_postcode(typed: str) -> str:
    """Five digits, whatever blanks and dots are among them; refuses the rest with what to do instead."""
    written = unicodedata.normalize("NFKC", typed[:_LONGEST])
    digits = "".join(sign for sign in written if not sign.isspace() and sign not in ".-\u200b\u2011")
    if not digits:
        raise Refusal("Tapez le code postal du logement.", field="cp")
    if digits[:2].upper() in ("2A", "2B"):
        raise Refusal("En Corse, le code postal commence par 20. Exemple\u00a0: 20000.", field="cp")
    if not (digits.isascii() and digits.isdigit()):
        raise Refusal(f"{_FIVE} Ne tapez ni lettre ni autre signe.", field="cp")
    if len(digits) != DIGITS:
        raise Refusal(_wrong_length(len(digits)), field="cp")
    _refuse_nowhere(digits)
    return digits


def _wrong_length(count: int) -> str:
    if count == DIGITS - 1:
        return f"Il manque un chiffre. {_FIVE} Le premier peut être un zéro\u00a0: 01000."
    if count < DIGITS:
        return f"Il manque des chiffres. {_FIVE}"
    return f"Il y a trop de chiffres. {_FIVE}"


def _refuse_nowhere(digits: str) -> None:
    department = department_of(digits)
    if department == "980":
        raise Refusal(_MONACO, field="cp")
    if department in _WITHOUT_OFFICE:
        raise Refusal(f"{_WITHOUT_OFFICE[department]} n’a pas de caisse d’allocations familiales.", field="cp")
    if department == "977" or department == "978":
        raise Refusal(
            "Pour Saint-Barthélemy, tapez 97133. Pour Saint-Martin, tapez 97150.",
            field="cp",
        )
    if department not in DEPARTMENTS:
        raise Refusal("Ce code postal n’existe pas en France. Vérifiez les deux premiers chiffres.", field="cp")
