"""What makes an address, a telephone number, an account and a joined file acceptable. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum import iban as ibans
from stdnum.exceptions import InvalidChecksum, ValidationError

from parvis.changes.refusals import WrongFile, WrongIban
from parvis.kit.refusals import ActNotPossible, Refusal
from parvis.kit.text import fold

_COUNTRIES = """
AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA
"""
SEPA = frozenset(_COUNTRIES.split())
"""Countries whose accounts a transfer in euros reaches. Overseas France writes FR."""
FRENCH_LENGTH = 27
SHORTEST = 15
LARGEST_FILE = 5_000_000
LATEST = timedelta(days=366)
COMMITMENTS = {
    "deduct": "Je déduis l’aide du loyer demandé au locataire.",
    "tell_departure": "Je signale le départ du locataire dans le mois.",
    "tell_arrears": "Je signale un impayé dans les deux mois.",
    "give_back": "Je rends les sommes versées en trop.",
}
"""What a landlord who is paid the aid commits to (CCH L.832-2, L.842-1)."""
_TITLES = frozenset(("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "ou", "et", "societe", "ste"))
_KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


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
        raise WrongIban(
            "Cet IBAN contient une erreur\u00a0: ses chiffres de contrôle sont faux. Recopiez-le."
        ) from error
    except ValidationError as error:
        raise WrongIban("Cet IBAN n’a pas la forme de son pays. Recopiez-le depuis votre RIB.") from error
    return value


def _signs(count: int) -> str:
    return "1\u00a0caractère" if count == 1 else f"{count}\u00a0caractères"


def is_same_holder(holder: str, name: str) -> bool:
    """Whether an account's holder is the landlord: the same words in any order, titles aside; more words may follow."""
    words, known = _words(holder), _words(name)
    return bool(known) and known <= words


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(re.sub(r"[^\w\s]", " ", name)).split()) - _TITLES


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as the office writes it."""

    address_1: str
    address_2: str
    address_3: str
    postcode: str
    city: str
    country: str = "FR"


def check_address(address: Address) -> None:
    """Refuse what no letter would reach."""
    if not address.address_1.strip():
        raise Refusal("Écrivez le numéro et la rue.", field="address_1")
    if address.country == "FR" and not re.fullmatch(r"[0-9]{5}", address.postcode):
        raise Refusal("Un code postal français a 5\u00a0chiffres.", field="postcode")
    if not address.city.strip():
        raise Refusal("Écrivez la ville.", field="city")
    if not re.fullmatch(r"[A-Z]{2}", address.country):
        raise Refusal("Choisissez le pays.", field="country")


def check_day(day: date, *, today: date) -> None:
    """Refuse a day that is past, or more than a year ahead."""
    if day < today:
        raise Refusal("Choisissez une date à partir d’aujourd’hui.", field="from_day")
    if day > today + LATEST:
        raise Refusal("Choisissez une date dans l’année qui vient.", field="from_day")


def kind_of_file(content: bytes) -> str:
    """The media type of a file, read in its content; refuses all but PDF, JPEG and PNG, and what is too heavy."""
    if not content:
        raise WrongFile("Ce fichier est vide.")
    if len(content) > LARGEST_FILE:
        raise WrongFile("Ce fichier pèse plus de 5\u00a0Mo. Choisissez-en un plus léger.")
    for start, kind in _KINDS:
        if content.startswith(start):
            return kind
    raise WrongFile("Choisissez un fichier PDF, JPEG ou PNG.")


def name_of_file(given: str, kind: str) -> str:
    """A name to show and to save under: no path, no sign a system refuses, the ending of what it is."""
    ending = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[kind]
    last = re.split(r"[\\/]", given)[-1].rsplit(".", 1)[0]
    kept = re.sub(r"[^\w\s\-]", "", last, flags=re.UNICODE)
    return (" ".join(kept.split())[:60] or "piece") + ending


def first_of_next_month(day: date) -> date:
    """When what is asked today begins at the earliest."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_later(day: date, count: int) -> date:
    """The same day ``count`` months on, or the last of that month."""
    index = day.year * 12 + day.month - 1 + count
    first = date(index // 12, index % 12 + 1, 1)
    last = first_of_next_month(first) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def check_commitments(taken: Collection[str]) -> None:
    """Refuse unless every commitment is taken, and none that does not exist."""
    if set(taken) != set(COMMITMENTS):
        raise Refusal("Cochez chacun des engagements pour continuer.", field="commitments")


def check_may_be_paid(tenant: str, *, is_current: bool, already: bool, decent: bool) -> None:
    """Refuse direct payment where it cannot be."""
    if not is_current:
        raise ActNotPossible(f"{tenant} n’est plus votre locataire.")
    if already:
        raise ActNotPossible(f"L’aide de {tenant} vous est déjà versée.")
    if not decent:
        raise ActNotPossible(
            f"Le logement de {tenant} n’est pas connu comme décent\u00a0: l’aide ne peut pas vous être versée."
        )
