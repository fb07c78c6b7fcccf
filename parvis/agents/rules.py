"""What the agents' room decides: how logins are read, what their passwords must hold, how long things last. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

from parvis.agents.posts import Role
from parvis.agents.refusals import AgentNotPossible
from parvis.identity.refusals import PasswordTooWeak
from parvis.identity.rules import Own, check_password
from parvis.kit.text import fold

LINK_LIFE = timedelta(days=7)
LONGEST_SESSION = timedelta(hours=8)
SHORTEST_PASSWORD = 16
"""Administrators and agents choose longer passwords than landlords (security.md §7, D1): the office may ask for more, not for less."""
STEP = 30
"""Seconds a time-based code stands for (RFC 6238)."""
STEPS_AROUND = 1
"""Codes of the half minute before and after count too: telephones are not always on time."""
WRONG_CODES_A_DAY = 30
RECOVERY_CODES = 10
RECOVERY_SIGNS, RECOVERY_LENGTH = "abcdefghjkmnpqrtuvwxyz346789", 16

_LOGIN = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def read_login(typed: str) -> str:
    """An agent's login in lower case: 3 to 40 letters, digits, dots and hyphens. Refuses anything else."""
    value = "".join(typed.split()).lower()
    if not 3 <= len(value) <= 40 or not _LOGIN.fullmatch(value):
        raise AgentNotPossible(
            "L’identifiant compte de 3 à 40 lettres sans accent, chiffres, points ou tirets, par exemple camille.roux.",
            field="login",
        )
    return value


def check_agent_password(password: str, own: Own, shortest: int) -> None:
    """The policy of everybody, and as many characters as the office asks of agents."""
    shortest = max(shortest, SHORTEST_PASSWORD)
    if len(password) < shortest:
        raise PasswordTooWeak(f"{shortest} caractères au moins pour un agent.", field="password")
    check_password(password, own)


def check_posts(posts: list[tuple[Role, str]]) -> None:
    """An agent holds one post or more; the national one is held everywhere."""
    if not posts:
        raise AgentNotPossible("Donnez au moins un rôle à cet agent.", field="posts")
    if any(role is Role.NATIONAL_ADMINISTRATOR and office for role, office in posts):
        raise AgentNotPossible("Le rôle d’administrateur national vaut pour toutes les caisses.", field="posts")


def read_recovery(typed: str) -> str:
    """A recovery code, whatever the case, the hyphens and the blanks it was typed with."""
    return re.sub(r"[\s.\-‐‑–—]", "", typed).lower()


def shown_recovery(code: str) -> str:
    """``abcd-efgh-jkmn-pqrt``: as it is printed."""
    return "-".join(code[index : index + 4] for index in range(0, len(code), 4))


def tried_as(login: str, email: str) -> list[str]:
    """What the tries of an agent are counted under."""
    return [f"agent {login}", f"agent {email}"]


_SHORT = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard", "ch": "chemin",
    "che": "chemin", "crs": "cours", "fg": "faubourg", "imp": "impasse", "lot": "lotissement", "pas": "passage", "pl": "place",
    "qu": "quai", "r": "rue", "res": "residence", "rte": "route", "sq": "square", "st": "saint", "ste": "sainte", "b": "bis",
    "t": "ter",
}  # fmt: skip
"""How streets are shortened on envelopes."""
_APART = re.compile(r"[^a-z0-9]+|(?<=\d)(?=[a-z])")


def place_of(line: str, postcode: str) -> str:
    """A street line and its postcode as two people write the same place: case, accents, commas, usual abbreviations. Empty for none."""
    words = [_SHORT.get(word, word) for word in _APART.split(fold(line)) if word]
    code = "".join(postcode.split())
    return f"{code} {' '.join(words)}" if code and words else ""


def read_home(street: str, postcode: str) -> str:
    """Where an agent lives, as it is compared; empty where nothing was typed. Refuses half an address."""
    street, postcode = " ".join(street.split())[:60], "".join(postcode.split())
    if not street and not postcode:
        return ""
    if not (postcode.isascii() and postcode.isdigit() and len(postcode) == 5):
        raise AgentNotPossible("Le code postal compte 5\u00a0chiffres, par exemple 44000.", field="postcode")
    if not any(sign.isalpha() for sign in street):
        raise AgentNotPossible("Indiquez le numéro et la rue, par exemple 12 rue des Tilleuls.", field="street")
    return place_of(street, postcode)
