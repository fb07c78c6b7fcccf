"""What identity decides: how typed values are read, what a password must hold, how long a pause lasts. Pure."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from parvis.identity.common_passwords import is_common
from parvis.identity.refusals import EmailNotUnderstood, PasswordTooWeak
from parvis.kit.text import fold

PROVISIONAL_SIGNS = "abcdefghjkmnpqrtuvwxyz346789"
PROVISIONAL_LENGTH = 12
PASSWORD_AFTER_EMAIL = timedelta(minutes=5)

CODES_TO_A_MAILBOX = 50
WRONG_CODES_A_DAY = 20
CODES_TOLD = 3
CODES_TOLD_WITHIN = timedelta(hours=1)
TRIES_TOLD = 5

FREE_TRIES = 5
TRIES_OF_ADDRESS = 100
CAPTCHAS_OF_ADDRESS = 300
STOP_CODES_OF_ADDRESS = 20
RECOVERIES_EVERYWHERE = 30
RECOVERIES_OF_ADDRESS = 60
GROUP_PASSWORDS_A_DAY = 10
SPRAY = 20
"""Tries of one neighbourhood in ten minutes after which it must pass the captcha, whatever it types."""
TRIES_WINDOW = timedelta(days=1)
ADDRESS_WINDOW = timedelta(minutes=10)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""How long the next try waits after the fifth in a row, the sixth, and so on."""

SHORTEST, LONGEST = 10, 64
SPECIAL_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

_LOGIN = re.compile(r"^L[O0]G([0-9OIL]{6})([A-Z])$")
_EMAIL = re.compile(
    r"^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$"
)
_LONGEST_VALUE = 254


@dataclass(frozen=True, slots=True)
class LoginReading:
    """What was typed as identifier, as understood; ``note`` is said when it was repaired."""

    value: str
    is_email: bool
    repaired: bool
    note: str


def read_login(typed: str) -> LoginReading:
    """Read an identifier or an e-mail kindly: case, blanks, dots, hyphens; O for 0 and I or L for 1 after LOG."""
    trimmed = "".join(typed.split())[:_LONGEST_VALUE]
    if "@" in trimmed:
        return LoginReading(trimmed.lower(), True, False, "")
    plain = re.sub(r"[.\-‐‑–—_]", "", trimmed).upper()
    parts = _LOGIN.match(plain)
    if parts is None:
        return LoginReading(plain, False, False, "")
    value = f"LOG{parts[1].translate(str.maketrans('OIL', '011'))}{parts[2]}"
    if value != plain:
        sentence = f"Nous lisons {value}\u00a0: après LOG, ce sont des chiffres (zéro, pas la lettre O)."
        return LoginReading(value, False, True, sentence)
    blanks = len("".join(typed.split())) != len(typed)
    note = "Nous avons retiré les espaces autour de votre identifiant." if blanks else ""
    return LoginReading(value, False, False, note)


def is_login_shape(value: str) -> bool:
    """Whether a repaired value could be an identifier: LOG, six digits, a letter; or ten signs of an older partner."""
    return re.fullmatch(r"LOG[0-9]{6}[A-Z]|(?!LOG)[A-Z0-9]{10}", value) is not None


def read_email(typed: str) -> str:
    """An address in lower case without blanks. Refuses what cannot be one."""
    value = unicodedata.normalize("NFC", "".join(typed.split())).lower()
    local = value.partition("@")[0]
    if len(value) > _LONGEST_VALUE or not _EMAIL.match(value) or ".." in value or local[:1] == "." or local[-1:] == ".":
        raise EmailNotUnderstood(
            "Il manque quelque chose dans cette adresse, par exemple «\u00a0@exemple.fr\u00a0».", field="email"
        )
    return value


def masked(email: str) -> str:
    """``c•••••@exemple.fr``: enough for its owner, nothing for others."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}•••••@{domain}"


def read_code(typed: str) -> str:
    """The digits of a typed code; blanks, dots and hyphens are dropped, other letters make it wrong."""
    value = re.sub(r"[\s.\-‐‑–—]", "", unicodedata.normalize("NFKC", typed))
    return value if re.fullmatch(r"[0-9]{1,12}", value) else ""


def read_password(typed: str) -> str:
    """A password as it is hashed: composed the same on every keyboard, without the blanks of a careless copy."""
    return unicodedata.normalize("NFC", typed).strip()


def read_provisional(typed: str) -> str:
    """A provisional password, whatever the case, the hyphens and the blanks it was typed with."""
    return re.sub(r"[\s\-‐‑–—]", "", unicodedata.normalize("NFKC", typed)).lower()


def shown_provisional(secret: str) -> str:
    """``abcd-efgh-jkmn``: as the message prints it."""
    return "-".join(secret[index : index + 4] for index in range(0, len(secret), 4))


def reached_by_email(*, corporate: bool, email: str) -> bool:
    """Whether first credentials travel by e-mail: individuals whose address is known; all others by post."""
    return bool(email) and not corporate


@dataclass(frozen=True, slots=True)
class Own:
    """Words a person must not take as password: names, e-mail, identifiers, organisation."""

    words: tuple[str, ...] = ()


def missing_in(password: str, shortest: int = SHORTEST) -> list[str]:
    """The lines of the policy this password does not keep yet, in the words of the page."""
    lines = (
        (shortest <= len(password) <= LONGEST, f"de {shortest} à {LONGEST} caractères"),
        (any(sign.isupper() for sign in password), "au moins 1 lettre majuscule"),
        (any(sign.islower() for sign in password), "au moins 1 lettre minuscule"),
        (any(sign in "0123456789" for sign in password), "au moins 1 chiffre"),
        (any(sign in SPECIAL_SIGNS for sign in password), "au moins 1 caractère spécial"),
    )
    return [words for kept, words in lines if not kept]


def check_password(password: str, own: Own, shortest: int = SHORTEST) -> None:
    """Refuse a password that breaks the policy, is on everybody's list, or says who its owner is (product.md §2.7)."""
    if len(password) > LONGEST:
        over = len(password) - LONGEST
        raise PasswordTooWeak(f"{LONGEST} caractères au maximum\u00a0: il y en a {over} de trop.", field="password")
    missing = missing_in(password, shortest)
    if missing:
        lines = ", ".join(missing)
        raise PasswordTooWeak(
            f"Le mot de passe ne respecte pas encore toutes les règles\u00a0: {lines}.", field="password"
        )
    if is_common(password):
        raise PasswordTooWeak(
            "Ce mot de passe est trop courant\u00a0: il figure dans des listes connues. Choisissez-en un autre.",
            field="password",
        )
    if _tells_who(password, own):
        raise PasswordTooWeak(
            "Évitez votre nom, votre adresse, votre identifiant ou le nom de votre organisme.", field="password"
        )


def _tells_who(password: str, own: Own) -> bool:
    typed = fold(password).replace(" ", "")
    for text in own.words:
        parts = {fold(text).replace(" ", ""), *fold(text.partition("@")[0]).split()}
        if any(len(part) >= 4 and part in typed for part in parts):
            return True
    return False


def network_of(address: str) -> str:
    """The neighbourhood of an address, counted as one: /24, or /48 in IPv6, which is what one subscriber gets."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 48), strict=False))


def code_still_good(since: timedelta, delay: timedelta) -> bool:
    """Whether a code validated that long ago in the same browser is enough, when one is asked every ``delay``."""
    return timedelta() <= since < delay
