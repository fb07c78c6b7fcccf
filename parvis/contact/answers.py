"""« Réponses types »: what agents begin an answer with, edited under « Textes »."""

from __future__ import annotations

import re
from collections.abc import Mapping

from parvis.contact.rules import LONGEST
from parvis.parameters import texts
from parvis.parameters.texts import Family, Fields, TextEntry, TextField, TextNotPossible

CODE = "answers"
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")

ANSWERS: Mapping[str, tuple[str, str]] = {
    "done": (
        "C’est fait",
        "Bonjour,\nNous avons fait ce que vous demandiez.\nLe changement se voit dans votre espace demain.\nVotre caisse",
    ),
    "do_it_online": (
        "À faire en ligne",
        "Bonjour,\nCette démarche se fait dans votre espace. Elle est plus rapide ainsi, et vous gardez un accusé.\n"
        "Si une étape vous arrête, dites-nous laquelle.\nVotre caisse",
    ),
    "more_needed": (
        "Il manque une précision",
        "Bonjour,\nPour vous répondre, il nous faut le nom du locataire, son numéro d’allocataire et l’adresse du logement.\n"
        "Écrivez-les à la suite de ce message.\nVotre caisse",
    ),
    "paper_needed": (
        "Il manque une pièce",
        "Bonjour,\nIl nous manque un document pour continuer. Joignez-le à la suite de ce message, en PDF ou en photo.\nVotre caisse",
    ),
    "payment_changed": (
        "Un montant a changé",
        "Bonjour,\nLe montant a changé. La raison est écrite à côté du versement, dans «\u00a0Paiements\u00a0».\n"
        "La loi ne nous permet pas de vous dire ce qui concerne la vie de votre locataire.\nVotre caisse",
    ),
    "credentials_sent": (
        "Identifiants renvoyés",
        "Bonjour,\nNous vous renvoyons vos identifiants. Attendez ce message ou cette lettre avant une nouvelle demande\u00a0: "
        "chaque envoi annule le précédent.\nNe donnez votre mot de passe à personne, pas même à nous.\nVotre caisse",
    ),
    "already_answered": (
        "Déjà répondu",
        "Bonjour,\nNous vous avons répondu dans un autre message. Vous le retrouvez dans «\u00a0Mes messages\u00a0».\nVotre caisse",
    ),
}


def answer_choices() -> list[tuple[str, str]]:
    """Every template by its key, with its title, as they are written now."""
    written = texts.edited(CODE)
    keys = [*ANSWERS, *sorted(set(written) - set(ANSWERS))]
    return [(key, str((written.get(key) or _default(key))["title"])) for key in keys]


def answer_words(key: str) -> str:
    """The words of a template; none for a key nobody wrote."""
    fields = texts.edited(CODE).get(key) or _default(key)
    return str(fields.get("body", ""))


def _default(key: str) -> Fields:
    found = ANSWERS.get(key)
    return {"title": found[0], "body": found[1]} if found else {}


def _check(key: str, fields: Fields) -> None:
    if not _KEY.fullmatch(key):
        raise TextNotPossible("Un code s’écrit en minuscules, par exemple loyer_recu.", field="key")
    if len(fields["body"]) > LONGEST:
        raise TextNotPossible(f"{LONGEST} caractères au maximum.", field="body")


FAMILY = Family(
    code=CODE,
    title="Réponses types",
    sentence="Ce par quoi un agent commence sa réponse à un message. Il la relit et la complète avant de l’envoyer.",
    fields=(
        TextField("title", "Titre", "Comme l’agent la choisit dans la liste."),
        TextField("body", "Réponse", "Ni nom, ni numéro\u00a0: la même pour tous.", rows=8),
    ),
    entries=lambda: [TextEntry(key, title) for key, (title, _) in ANSWERS.items()],
    default=_default,
    check=_check,
    new_key="Code de la réponse",
)
