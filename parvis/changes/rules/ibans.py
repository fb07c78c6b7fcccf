"""What makes an account one we can pay, and which sign of a mistyped one to look at. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase, digits

from stdnum import iban as ibans
from stdnum.exceptions import InvalidChecksum, ValidationError

from parvis.changes.refusals import WrongIban

_COUNTRIES = """
AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA
"""
SEPA = frozenset(_COUNTRIES.split())
"""Countries whose accounts a transfer in euros reaches. Overseas France writes FR."""
FRENCH_LENGTH = 27
SHORTEST = 15
MOST_POINTED = 3
"""Signs one is asked to look at; beyond, one copies the whole again."""
_ORDINALS = {1: "1er"}
_KEY_DIGITS = str.maketrans(ascii_uppercase, "12345678912345678923456789")
"""How the key of a French account reads its letters."""


def read_iban(typed: str) -> str:
    """The account without blanks, in capitals; refuses, in words, what is none or cannot be paid."""
    value = re.sub(r"[\s.\-\u2010-\u2015]", "", typed).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", value):
        raise WrongIban("Un IBAN commence par deux lettres et deux chiffres, par exemple FR76. Vérifiez le vôtre.")
    if value[:2] not in SEPA:
        raise WrongIban("Cet IBAN est hors zone SEPA. Donnez un compte de la zone SEPA.")
    wanted = FRENCH_LENGTH if value.startswith("FR") else SHORTEST
    if len(value) < wanted:
        raise WrongIban(f"Il manque {_signs(wanted - len(value))}.")
    if value.startswith("FR") and len(value) > wanted:
        raise WrongIban(f"Il y a {_signs(len(value) - wanted)} de trop.")
    try:
        # Lists of banks grow old: a bank nobody knows here is not a fault.
        ibans.validate(value, check_country=False)
    except InvalidChecksum as error:
        raise WrongIban(f"Cet IBAN contient une erreur\u00a0: {_what_to_look_at(value)}") from error
    except ValidationError as error:
        raise WrongIban("Cet IBAN n’a pas la forme de son pays. Recopiez-le depuis votre RIB.") from error
    return value


def _signs(count: int) -> str:
    return "1\u00a0caractère" if count == 1 else f"{count}\u00a0caractères"


def _what_to_look_at(value: str) -> str:
    """The few signs of which one explains the wrong check digits, or the two that were turned."""
    places = sorted({place for place, _ in _mended_by_one(value)})
    turned = [place for place in range(4, len(value) - 1) if _is_right(_turned(value, place))]
    looked_at = [f"{_pointed(value, place)} et le suivant, peut-être inversés" for place in turned]
    looked_at += [_pointed(value, place) for place in places]
    if 1 <= len(looked_at) <= MOST_POINTED:
        return f"vérifiez d’abord {', ou '.join(looked_at)}."
    return "ses chiffres de contrôle sont faux. Recopiez-le depuis votre RIB."


def _mended_by_one(value: str) -> Iterator[tuple[int, str]]:
    """(place, whole account) of each account that is right but for one sign."""
    for place in range(2, len(value)):
        for sign in digits if value[place].isdigit() else ascii_uppercase:
            mended = value[:place] + sign + value[place + 1 :]
            if sign != value[place] and _is_right(mended):
                yield place, mended


def _turned(value: str, place: int) -> str:
    first, second = value[place], value[place + 1]
    return value if first == second else value[:place] + second + first + value[place + 2 :]


def _is_right(value: str) -> bool:
    """The check digits and, in France, the key of the bank: right though they are wrong, it says that they alone are."""
    moved = value[4:] + value[:4]
    if int("".join(str(int(sign, 36)) for sign in moved)) % 97 != 1:
        return False
    return not value.startswith("FR") or int(value[4:].translate(_KEY_DIGITS)) % 97 == 0


def _pointed(value: str, place: int) -> str:
    """« le chiffre « 4 » du 3e groupe (1234) », in the groups of four a statement prints."""
    group = place // 4
    what = "le chiffre" if value[place].isdigit() else "la lettre"
    nth = _ORDINALS.get(group + 1, f"{group + 1}e")
    return f"{what} «\u00a0{value[place]}\u00a0» du {nth} groupe ({value[4 * group : 4 * group + 4]})"
