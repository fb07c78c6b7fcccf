"""The menu of the back office: what this agent's duties open. A topic adds its line here."""

from __future__ import annotations

from typing import NamedTuple

from parvis.kit.actors import Actor, Duty
from parvis.web.frame.menu import MenuItem
from parvis.web.frame.templating import address


class _Line(NamedTuple):
    label: str
    name: str
    icon: str
    duty: Duty | None = None


LINES = (
    _Line("Accueil", "agent-home", "home"),
    _Line("Rechercher un bailleur", "file-search", "search", Duty.OPEN_FILES),
    _Line("Messages des bailleurs", "agent-conversations", "mail", Duty.ANSWER_MESSAGES),
    _Line("Déclarations à traiter", "agent-declarations", "inbox", Duty.DECIDE_DECLARATIONS),
    _Line("Coordonnées bancaires", "agent-bank-changes", "bank", Duty.DECIDE_BANK_DETAILS),
    _Line("Quittances papier", "agent-papers", "file", Duty.REGISTER_PAPER),
    _Line("Campagne", "agent-campaign", "cal", Duty.SEE_CAMPAIGN),
    _Line("Courriers", "agent-letters", "mail", Duty.BATCH_LETTERS),
    _Line("Courriers revenus", "agent-returns", "inbox", Duty.NOTE_RETURNED_LETTER),
    _Line("Revues des droits", "agent-reviews", "users", Duty.SUSPEND_ACCOUNTS),
    _Line("Flux", "agent-feeds", "inbox", Duty.RUN_FEEDS),
    _Line("Tâches", "agent-tasks", "clock", Duty.WATCH_CLOCKWORK),
    _Line("Alarmes", "agent-alarms", "bell"),
    _Line("Bandeaux", "agent-banners", "eye", Duty.EDIT_TEXTS),
    _Line("Textes", "agent-texts", "edit", Duty.EDIT_TEXTS),
    _Line("Délais", "agent-times", "clock", Duty.EDIT_TEXTS),
    _Line("Réglages", "agent-parameters", "rules", Duty.SET_PARAMETERS),
    _Line("Avis", "agent-opinions", "check", Duty.READ_OPINIONS),
    _Line("Journal", "agent-journal", "book", Duty.READ_JOURNAL),
    _Line("Agents", "agents", "users", Duty.MANAGE_AGENTS),
    _Line("Au téléphone", "agent-calls", "phone"),
    _Line("Mon accès", "agent-own", "user"),
)


def menu_for(here: str, actor: Actor) -> list[MenuItem]:
    """The lines whose duty is held, with where one is."""
    items = []
    for line in LINES:
        if line.duty is not None and not actor.holds(line.duty):
            continue
        url = address(line.name)
        inside = line.name != "agent-home" and here != url and here.startswith(url)
        items.append(MenuItem(line.label, url, line.icon, here == url, inside))
    return items


class Tile(NamedTuple):
    """One way to go from the home page, in words."""

    label: str
    url: str
    text: str
    icon: str


_TILES = {
    "file-search": "Par nom ou par n’importe quel numéro, puis tout son dossier sur une page.",
    "agent-conversations": "Ce que les bailleurs écrivent à votre caisse\u00a0: répondre, ou passer à un autre service.",
    "agent-declarations": "Celles que le système de la caisse n’a pas su prendre seul.",
    "agent-bank-changes": "Les comptes signalés, à vérifier avant qu’ils partent.",
    "agent-papers": "Enregistrer les loyers de juillet que les bailleurs renvoient par courrier.",
    "agent-feeds": "Ce qui arrive de la caisse et ce qui part\u00a0: lignes écartées, livraisons retenues, retards.",
    "agent-letters": "Préparer un lot pour l’éditique, le valider, le noter posté\u00a0; voir tous les modèles.",
    "agent-returns": "Noter ce que La Poste rapporte, vérifier les adresses.",
    "agent-reviews": "Les organismes qui n’ont pas confirmé, cette année, qui peut faire quoi.",
    "agent-tasks": "Ce que le portail fait de lui-même, ce qui est en retard, à lancer maintenant.",
    "agent-campaign": "Où en sont les loyers de juillet\u00a0: tableau, dates, rappels, bailleurs à relancer.",
    "agent-alarms": "Ce qui est arrêté, perdu, ou attend depuis trop longtemps, et où agir.",
    "agent-banners": "Dire quelque chose à tous les bailleurs, ou à ceux d’une caisse, pour quelques jours.",
    "agent-texts": "Aide, raisons d’un refus, raisons d’un paiement, règles et conditions.",
    "agent-times": "Le temps que prend chaque caisse, tel que les bailleurs le lisent.",
    "agent-parameters": "Délais, durées, limites\u00a0: chacun dit son unité et qui l’a changé.",
    "agent-opinions": "Ce qui est simple ou non pour les bailleurs, ce qu’ils changeraient, l’aide qui n’aide pas.",
    "agent-journal": "Qui a fait quoi, sur quel dossier, et pourquoi.",
    "agents": "Inviter un agent, changer ses rôles, fermer son accès.",
    "agent-calls": "Les douze appels les plus fréquents\u00a0: où regarder, que faire, que dire.",
    "agent-own": "Mot de passe, codes de secours, sessions ouvertes.",
}


def tiles_for(actor: Actor) -> list[Tile]:
    """What the home page offers: the menu, with a sentence each."""
    held = [line for line in LINES if line.name in _TILES and (line.duty is None or actor.holds(line.duty))]
    return [Tile(line.label, address(line.name), _TILES[line.name], line.icon) for line in held]
