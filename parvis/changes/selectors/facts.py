"""A change in the words its receipt prints, for whoever may read it."""

from __future__ import annotations

from datetime import date
from typing import Any

from parvis.changes.models import ChangeKind
from parvis.changes.rules import commitment_words
from parvis.changes.selectors.requests import ChangeLine
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day, moment


def change_facts(line: ChangeLine) -> list[tuple[str, str]]:
    """Who asked what of whom, when (CRPA R.112-11-1)."""
    facts = [
        ("Demandé le", moment(line.asked_at)),
        ("Par", f"{line.person} ({line.login_id})"),
        ("Caisse", line.office),
        *([("Locataire", line.tenant)] if line.tenant else []),
        *asked_facts(line),
    ]
    if line.reason:
        facts.append(("Motif", line.reason))
    return facts


def asked_facts(line: ChangeLine) -> list[tuple[str, str]]:
    """What was asked, former and new; of an account, its last four signs."""
    told: dict[str, Any] = line.details
    if line.kind == ChangeKind.ADDRESS:
        return [
            ("Ancienne adresse", _address(line.former)),
            ("Nouvelle adresse", _address(told)),
            ("À partir du", long_day(date.fromisoformat(str(told["from"])))),
        ]
    if line.kind == ChangeKind.CONTACT:
        return _contacts(line.former, told)
    if line.kind == ChangeKind.BANK_DETAILS:
        former = str(line.former.get("last4") or "")
        return [
            ("Ancien compte", f"•••• {former}" if former else "non connu"),
            ("Nouveau compte", f"•••• {line.last4}"),
            ("Titulaire", str(told["account_holder"])),
        ]
    if line.kind == ChangeKind.DIRECT_PAYMENT_ANSWER:
        return [
            ("Réponse", "Acceptée" if told["accepted"] else "Refusée"),
            *_commitments(told, day_in_paris(line.asked_at)),
        ]
    return [
        ("À partir du", long_day(date.fromisoformat(str(told["from"])))),
        *_commitments(told, day_in_paris(line.asked_at)),
    ]


_REACHED_BY = {
    "phone": ("Ancien numéro", "Nouveau numéro", "aucun"),
    "phone_2": ("Ancien second numéro", "Nouveau second numéro", "aucun"),
    "email": ("Ancienne adresse mail connue de la caisse", "Nouvelle adresse mail connue de la caisse", "aucune"),
}


def _contacts(former: dict[str, Any], told: dict[str, Any]) -> list[tuple[str, str]]:
    """What changes of how the office reaches the landlord, former and new; the number alone where nothing else was said."""
    changed = [name for name in _REACHED_BY if name in told and told[name] != (former.get(name) or "")]
    facts = []
    for name in changed or ["phone"]:
        before, after, none = _REACHED_BY[name]
        facts += [(before, str(former.get(name) or none)), (after, str(told.get(name) or none))]
    return facts


def _commitments(told: dict[str, Any], asked_on: date) -> list[tuple[str, str]]:
    taken = [words for code, words in commitment_words(on=asked_on).items() if code in told.get("commitments", [])]
    return [("Engagements", " ".join(taken))] if taken else []


def _address(told: dict[str, Any]) -> str:
    lines = [str(told.get(name) or "") for name in ("address_1", "address_2", "address_3")]
    place = f"{told.get('postcode', '')} {told.get('city', '')}".strip()
    return ", ".join(line for line in (*lines, place) if line)
