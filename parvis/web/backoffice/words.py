"""Words of the back office that several pages share."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.agents.posts import Role
from parvis.landlords.selectors.offices import offices


def posts_in_words(posts: Iterable[tuple[Role, str]]) -> list[str]:
    """``Accueil — Caf de la Drôme``; a post held everywhere says so."""
    names = {office.code: office.name for office in offices()}
    return [f"{role.label} — {names.get(code, code) if code else 'toutes les caisses'}" for role, code in posts]


_TEXTS = {
    "identity/letters/identifier": "Lettre de l’identifiant",
    "identity/letters/password": "Lettre du mot de passe",
    "declarations/letters/july_rents": "Loyers de juillet",
    "declarations/letters/receipt": "Accusé d’un papier",
    "changes/letters/tenant": "Information du locataire",
    "changes/letters/address": "Changement d’adresse",
    "changes/letters/bank_asked": "Coordonnées bancaires demandées",
    "changes/letters/bank_agreed": "Coordonnées bancaires acceptées",
    "landlords/letters/activated": "Compte ouvert par courrier",
    "landlords/letters/access_blocked": "Accès bloqué par la caisse",
    "landlords/letters/came_back": "Retour par courrier",
    "landlords/letters/mailbox_lost": "Boîte mail perdue",
    "landlords/letters/administrator": "Nouvel administrateur",
    "landlords/letters/administrator_changed": "Administrateur changé",
    "landlords/letters/replacement_asked": "Remplacement demandé",
}


def text_names(template: str) -> str:
    """What agents call a letter; one that nobody has named yet is called by its file."""
    return _TEXTS.get(template, template.rsplit("/", 1)[-1].replace("_", " ").capitalize())
