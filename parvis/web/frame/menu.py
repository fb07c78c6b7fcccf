"""The side menu: what this account may do, where one is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from parvis.declarations.selectors import campaign_card
from parvis.identity.kinds import Nature
from parvis.identity.steps import next_step
from parvis.kit.actors import Right
from parvis.landlords.selectors import Standing
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address

REMAINING = "Reste à déclarer\u00a0: "


@dataclass(slots=True)
class MenuItem:
    """One line of the menu; ``current`` is this very page, ``in_path`` one below it."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    in_path: bool = False
    count: int | None = None
    count_label: str = ""
    children: tuple[MenuItem, ...] = ()


class _Entry(NamedTuple):
    """A line before one knows which page is shown; ``counts`` if the rents to declare stand beside it."""

    label: str
    url: str
    icon: str
    home: bool = False
    counts: bool = False
    below: tuple[_Entry, ...] = ()


def menu_for(request: PageRequest, standing: Standing) -> list[MenuItem]:
    """The menu of the account in the address; nothing while steps are owed."""
    if next_step(standing.progress) is not None:
        return []
    here, extras = request.path, request.frame_extras
    if "campaign" not in extras:
        extras["campaign"] = campaign_card(request.actor, at=request.now)
    card = extras["campaign"]
    remaining = card.remaining if card else 0
    entries = _entries(standing.account_reference, standing.rights, standing.nature)
    return [_shown(entry, here, remaining) for entry in entries]


def _shown(entry: _Entry, here: str, remaining: int) -> MenuItem:
    current = here == entry.url
    within = not (current or entry.home) and here.startswith(entry.url)
    below = tuple(_shown(child, here, remaining) for child in entry.below) if current or within else ()
    count = (remaining or None) if entry.counts else None
    return MenuItem(entry.label, entry.url, entry.icon, current, within, count, REMAINING, below)


@lru_cache(maxsize=1024)
def _entries(account: str, rights: frozenset[Right], nature: Nature) -> tuple[_Entry, ...]:
    """What an account with these rights may open, worked out once: its pages follow one another."""

    def entry(label: str, name: str, icon: str = "", *, counts: bool = False, below: tuple[_Entry, ...] = ()) -> _Entry:
        return _Entry(label, address(name, account), icon, name == "welcome", counts, below)

    declares = Right.DECLARE in rights
    landlord_pages = (
        entry("Mes locataires", "tenants"),
        entry("Loyers de juillet", "july-rents", counts=True),
        entry("Mes déclarations", "declarations"),
        *([entry("Paiements", "payments")] if Right.PAYMENTS in rights else []),
        entry("Mes accusés", "receipts"),
        entry("Documents", "documents"),
        *([entry("Versement direct", "direct-payment")] if declares else []),
        *([entry("Mes informations", "my-information")] if declares else []),
        *([entry("Coordonnées bancaires", "bank-details")] if Right.BANK_DETAILS in rights else []),
        entry("Mes demandes", "changes"),
        entry("Mes messages", "messages"),
    )
    people = ("Utilisateurs et droits", "users") if Right.ADMINISTER in rights else ("Qui administre\u00a0?", "role")
    return (
        entry("Bienvenue", "welcome", "home"),
        entry("Espace bailleur", "landlord-home", "building", below=landlord_pages),
        *([entry("Consulter dossier", "file-lookup", "search")] if Right.CONSULT_FILES in rights else []),
        *([entry(*people, "users")] if nature == Nature.CORPORATE else []),
        entry("Mon profil", "profile", "user"),
        entry("Règles d’usage", "usage-rules", "rules"),
    )
