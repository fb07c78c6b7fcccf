"""What makes an address, a telephone number and a direct payment acceptable; IBANs and joined files beside this. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from parvis.kit.days import months_spelled
from parvis.kit.refusals import ActNotPossible, Refusal
from parvis.kit.text import fold, of
from parvis.parameters.law import legal

LATEST = timedelta(days=366)
COMMITMENTS = ("deduct", "tell_departure", "tell_arrears", "give_back")
"""What a landlord who is paid the aid commits to (CCH L.832-2, L.842-1); said by :func:`commitment_words`."""
_TITLES = frozenset(("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "ou", "et", "societe", "ste"))


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


@dataclass(frozen=True, slots=True)
class Contacts:
    """How the office reaches a landlord. Nothing (None) leaves it as it is, an empty text takes it away."""

    phone: str | None = None
    phone_2: str | None = None
    email: str | None = None

    def given(self) -> dict[str, str]:
        """What was said, by field."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_phone(typed: str, *, field: str = "phone") -> str:
    """The digits and a leading +, whatever stands between them; empty for nothing. Refuses what is no number."""
    number = re.sub(r"[\s.\-\u2010-\u2015()/]", "", unicodedata.normalize("NFKC", typed))
    if number and not re.fullmatch(r"\+?[0-9]{6,15}", number):
        raise Refusal("Écrivez un numéro de téléphone, par exemple 02\u00a040\u00a000\u00a000\u00a000.", field=field)
    return number


def check_reachable(told: Mapping[str, str], new: Collection[str]) -> None:
    """Refuse ways to reach a landlord of which none is left, or the same number twice where one of the ``new`` ones is a number."""
    phone, second, email = (told.get(name, "") for name in ("phone", "phone_2", "email"))
    if not (phone or second or email):
        raise Refusal("Donnez au moins un numéro de téléphone ou une adresse mail.", field="phone")
    if not {"phone", "phone_2"} & set(new):
        return
    if second and not phone:
        raise Refusal("Écrivez d’abord ici le numéro principal.", field="phone")
    if second and second == phone:
        raise Refusal("C’est déjà le numéro principal. Laissez vide, ou donnez-en un autre.", field="phone_2")


def check_day(day: date, *, today: date) -> None:
    """Refuse a day that is past, or more than a year ahead."""
    if day < today:
        raise Refusal("Choisissez une date à partir d’aujourd’hui.", field="from_day")
    if day > today + LATEST:
        raise Refusal("Choisissez une date dans l’année qui vient.", field="from_day")


def first_of_next_month(day: date) -> date:
    """When what is asked today begins at the earliest."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def commitment_words(*, on: date) -> dict[str, str]:
    """Each commitment as the landlord reads it, with the delays in force on a day (CCH D.823-15, R.824-4)."""
    departure = months_spelled(int(legal("move_out_report_deadline", on=on) or 1))
    arrears = months_spelled(int(legal("arrears_report_deadline", on=on) or 2))
    return {
        "deduct": "Je déduis l’aide du loyer demandé au locataire.",
        "tell_departure": f"Je signale le départ du locataire sous {departure}.",
        "tell_arrears": f"Je signale un impayé sous {arrears}.",
        "give_back": "Je rends les sommes versées en trop.",
    }


def check_commitments(taken: Collection[str]) -> None:
    """Refuse unless every commitment is taken, and none that does not exist."""
    if set(taken) != set(COMMITMENTS):
        raise Refusal("Cochez chacun des engagements pour continuer.", field="commitments")


def check_may_be_paid(tenant: str, *, is_current: bool, already: bool, decent: bool) -> None:
    """Refuse direct payment where it cannot be."""
    if not is_current:
        raise ActNotPossible(f"{tenant} n’est plus votre locataire.")
    if already:
        raise ActNotPossible(f"L’aide {of(tenant)} vous est déjà versée.")
    if not decent:
        raise ActNotPossible(
            f"Le logement {of(tenant)} n’est pas connu comme décent\u00a0: l’aide ne peut pas vous être versée."
        )
