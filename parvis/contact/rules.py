"""What may stand in a message: words, of a length, without the numbers that must not travel this way. Pure."""

from __future__ import annotations

import re

from stdnum import iban as ibans
from stdnum.fr import nir as nirs

from parvis.contact.refusals import WordsNotPossible

SHORTEST, LONGEST = 5, 4_000
LONGEST_ABOUT = 120
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ .\-\u00a0\u202f]?[A-Z0-9]){11,40}")
_NIR = re.compile(r"(?<!\d)[12](?:[ .\-\u00a0\u202f]?[0-9AB]){14}(?!\d)")
_BLANKS = re.compile(r"[ .\-\u00a0\u202f]")
_NO_IBAN = "Ce texte contient un IBAN. Effacez-le\u00a0: un compte se change dans «\u00a0Coordonnées bancaires\u00a0», jamais par message."
_NO_NIR = "Ce texte contient un numéro de sécurité sociale. Effacez-le\u00a0: le numéro d’allocataire suffit."
_IBAN_LENGTHS = range(15, 35)


def check_words(text: str, *, field: str = "text") -> str:
    """The message with its lines, without blanks around; refuses what says nothing, too much, or what must not stand there."""
    words = "\n".join(" ".join(line.split(" ")).rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
    words = re.sub(r"\n{3,}", "\n\n", words)
    if len(words) < SHORTEST:
        raise WordsNotPossible("Écrivez votre message.", field=field)
    if len(words) > LONGEST:
        raise WordsNotPossible(f"{LONGEST} caractères au maximum, le vôtre en a {len(words)}.", field=field)
    check_no_secret(words, field=field)
    return words


def check_about(text: str) -> str:
    """What the message is about, in one line; may be empty."""
    words = " ".join(text.split())
    if len(words) > LONGEST_ABOUT:
        raise WordsNotPossible(f"{LONGEST_ABOUT} caractères au maximum.", field="about")
    check_no_secret(words, field="about")
    return words


def check_no_secret(words: str, *, field: str) -> None:
    """Refuse a whole bank account or social security number: neither is shown whole anywhere (security.md)."""
    if has_iban(words):
        raise WordsNotPossible(_NO_IBAN, field=field)
    if has_nir(words):
        raise WordsNotPossible(_NO_NIR, field=field)


def has_iban(text: str) -> bool:
    """Whether an account stands in it whole, however it is spaced."""
    for found in _IBAN.finditer(text.upper()):
        value = _BLANKS.sub("", found.group())
        if any(ibans.is_valid(value[:length], check_country=False) for length in _IBAN_LENGTHS if length <= len(value)):
            return True
    return False


def has_nir(text: str) -> bool:
    """Whether a social security number with its key stands in it."""
    return any(nirs.is_valid(_BLANKS.sub("", found.group())) for found in _NIR.finditer(text.upper()))
