"""What an agent typed to find a landlord, read kindly. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.fr import nir as nirs

from parvis.identity.rules import read_login
from parvis.kit.text import fold

LONGEST = 120
SHORTEST = 3
"""Letters and digits below which nothing is looked for: a list of everybody is no answer (security.md §2.11)."""
MOST_WORDS = 8
_NUMBER_LENGTH = 7


class How(StrEnum):
    """By what a landlord was found, as the results say it."""

    SIRET = "SIRET"
    SIREN = "SIREN"
    NIR = "NIR"
    USER_NUMBER = "n° d’utilisateur"
    THIRD_PARTY = "n° tiers"
    LOGIN = "identifiant"
    EMAIL = "adresse mail"
    NAME = "nom"
    PERSON = "nom d’un utilisateur"
    CLAIMANT = "n° allocataire"
    RECEIPT = "n° d’accusé"
    DECLARATION = "n° de déclaration"
    CHANGE = "n° de demande"
    LETTER = "n° de lettre"


@dataclass(frozen=True, slots=True)
class Asked:
    """One search. ``name`` is folded; ``plain`` holds letters and digits alone, ``digits`` only if there is nothing else.

    ``email`` is what an address may begin with, ``login`` what an identifier may; ``nir`` is never shown nor kept.
    """

    name: str
    plain: str
    digits: str
    email: str
    login: str
    nir: str

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name, a few."""
        return tuple(re.findall(r"[^\W_]+", self.name)[:MOST_WORDS])

    @property
    def user_number(self) -> str:
        """The user number of letters and bills, fourteen signs of which some are letters; or its beginning."""
        is_one = re.fullmatch(r"\d{6}[0-9A-Z]{2,8}", self.plain) and len(self.digits) != 9
        return self.plain if is_one else ""

    @property
    def third_party_numbers(self) -> tuple[tuple[str, str], ...]:
        """(office or nothing, number) that these digits may be: zeros in front are often left out."""
        if 4 <= len(self.digits) <= _NUMBER_LENGTH:
            return (("", self.digits.zfill(_NUMBER_LENGTH)),)
        if len(self.digits) == 3 + _NUMBER_LENGTH:
            return ((self.digits[:3], self.digits[3:]),)
        return ()


def read_asked(typed: str) -> Asked | None:
    """Read a search; None where there is too little to look for."""
    text = " ".join(typed.replace("\0", " ")[: 4 * LONGEST].split())[:LONGEST]
    plain = "".join(re.findall(r"[^\W_]+", fold(text))).upper()
    if len(plain) < SHORTEST:
        return None
    digits = plain if plain.isascii() and plain.isdigit() else ""
    return Asked(fold(text), plain, digits, _email(text), _login(text), _nir(plain))


def _email(text: str) -> str:
    """An address, or the part before its sign; not a number, not a name of several words."""
    value = text.lower()
    if " " in value or not re.fullmatch(r"[^@\s]{2,}(@[^@\s]*)?", value) or re.fullmatch(r"[\d.-]+", value):
        return ""
    return value


def _login(text: str) -> str:
    value = read_login(text).value
    return value if re.fullmatch(r"[A-Z0-9]{5,10}", value) and any(sign.isdigit() for sign in value) else ""


_APART = r"[\W_]*"
_NIR_WITHIN = re.compile(
    rf"(?<![^\W_])[1-478](?:{_APART}\d){{4}}{_APART}(?:\d{_APART}\d|2{_APART}[AB])(?:{_APART}\d){{6}}(?:{_APART}\d{_APART}\d)?(?![^\W_])"
)


def holds_nir(typed: str) -> bool:
    """Whether a NIR stands in what was typed, of thirteen signs or fifteen, in groups or not; a mistyped key makes it no less one."""
    return _NIR_WITHIN.search(fold(typed).upper()) is not None


def _nir(plain: str) -> str:
    """The fifteen characters of a NIR; its key is worked out where the thirteen first ones were typed."""
    if not re.fullmatch(r"[1-478]\d{4}(\d\d|2A|2B)\d{6}(\d\d)?", plain):
        return ""
    whole = plain if len(plain) == 15 else plain + nirs.calc_check_digits(plain)
    return whole if nirs.is_valid(whole) else ""
