"""The details of an entry of the journal, in French: no name of the code, no value as a program writes it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from parvis.agents.posts import Role
from parvis.changes.models import ChangeKind, Flag
from parvis.declarations.models import Kind, SubmissionChannel
from parvis.kit.actors import RIGHT_LABELS
from parvis.kit.periods import day, moment
from parvis.landlords.selectors.for_agents.asked import How
from parvis.web.backoffice.files.pages import page_words
from parvis.web.backoffice.words import text_names

WORDS = {
    "accepted": "acceptée", "account": "compte", "accounts": "comptes", "added": "ajoutées", "after": "après", "again": "à nouveau",
    "agreed_by": "accordé par",
    "anew": "réécrites", "answer_by": "réponse avant le", "approvals": "accords annulés", "asked_by": "demandé par",
    "awaited": "pièces attendues", "because": "parce que", "becomes": "devient", "before": "avant", "browser": "navigateur",
    "budget": "budget en euros", "by_post": "par courrier", "by_what": "cherché par", "bytes": "octets", "changed": "modifiées",
    "changes": "demandes", "changes_sha256": "empreinte des demandes", "channel": "par", "chosen": "choix", "code": "code",
    "codes": "codes", "common": "mot de passe commun", "complete": "complet", "corrects": "corrige", "cost_cents": "coût",
    "count": "nombre", "deadline_on": "date limite", "declarations": "déclarations", "deliveries": "livraisons",
    "decision": "décision écrite",
    "demonstration": "démonstration", "doubted": "compte non reconnu", "email": "adresse", "end_on": "fin", "ended": "terminées",
    "erased": "effacé", "error": "erreur", "event": "action", "expected_on": "attendu le", "file": "fichier", "files": "fichiers",
    "first": "première entrée", "flags": "signalements", "former": "ancienne adresse", "found": "trouvés", "granted": "accordé",
    "heads": "sceaux oubliés", "held_until": "retenu jusqu’au", "in_spite": "malgré le courrier en route",
    "integrated": "prises en compte",
    "kind": "type", "kinds": "types", "known": "connues", "label": "qui", "landlords": "bailleurs",
    "last": "dernière entrée",
    "last4": "fin de l’IBAN", "left": "restants", "letters": "lettres", "limit": "limite", "mails": "mails",
    "manual": "en traitement manuel",
    "media_type": "format", "messages": "messages", "name": "nom", "note": "note",
    "numbers": "numérotations avancées", "office": "caisse", "offices": "caisses",
    "opens_on": "ouverture", "outcome": "suite", "page": "page", "paper": "pièce", "papers": "pièces",
    "papers_sha256": "empreinte des pièces",
    "partner": "bailleur", "parts": "parties", "posted_on": "posté le", "posts": "rôles", "purpose": "pour",
    "query_sha256": "empreinte de la liste", "reason": "motif",
    "reason_code": "raison", "received_on": "reçu le", "reference": "référence", "rejected": "rejetées", "remaining": "restants",
    "rents": "loyers", "right": "droit", "rights": "droits", "rows": "lignes", "search": "recherche", "sent": "transmis",
    "sentence": "raison",
    "searches": "recherches",
    "sessions": "sessions fermées", "set_aside": "écartées", "sha256": "empreinte", "since": "depuis", "size": "taille en octets",
    "status": "décision", "subject": "dossier", "suspension_on": "suspension", "taken": "reprises", "template": "texte", "text": "texte",
    "title": "titre", "to": "vers", "told_reason": "motif dit au bailleur", "tries": "essais", "unchanged": "inchangées",
    "unknown": "inconnues", "unopened": "que rien n’ouvre",
    "until": "jusqu’au", "values": "valeurs", "version": "version", "waiting": "en attente", "wanted": "souhaité",
    "wave": "rappel", "why": "parce que", "year": "année",
}  # fmt: skip
"""What the details of an entry are called; a test holds every ``record`` of the code against it."""

_VALUES: dict[str, str] = {
    **{kind.value: str(kind.label) for kind in Kind},
    **{kind.value: str(kind.label) for kind in ChangeKind},
    **{flag.value: str(flag.label) for flag in Flag},
    **{right.value: label for right, label in RIGHT_LABELS.items()},
    **{how.name.lower(): how.value for how in How},
    **{channel.value: str(channel.label).lower() for channel in SubmissionChannel},
    "email": "mail", "letter": "lettre", "integrated": "prise en compte", "rejected": "rejetée", "paper_awaited": "pièce demandée",
    "frozen": "accès gelé", "expired": "mot de passe provisoire expiré", "disabled": "accès fermé", "user": "utilisateur",
    "deputy": "suppléant", "agent": "agent de la caisse", "closed": "accès fermé", "online": "en ligne", "none": "aucun",
}  # fmt: skip
_SAID_BY = {"template": text_names, "page": page_words}
_EUROS = {"cost_cents"}


def told(details: dict[str, Any]) -> str:
    """The details in a line; what is empty is left out, « non » is said."""
    said = ((WORDS.get(name, name.replace("_", " ")), _value(name, value)) for name, value in details.items())
    return " · ".join(f"{name}\u00a0: {words}" for name, words in said if words)


def _value(name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        inside = ((WORDS.get(key, key), _value(key, part)) for key, part in value.items())
        return ", ".join(f"{key} {words}" for key, words in inside if words)
    if isinstance(value, list):
        return ", ".join(words for part in value if (words := _value(name, part)))
    if name in _EUROS and isinstance(value, int):
        return f"{value / 100:.2f}\u00a0€".replace(".", ",")
    return _text(name, str(value))


def _text(name: str, value: str) -> str:
    if name in _SAID_BY:
        return _SAID_BY[name](value)
    if name == "posts":
        return _post(value)
    return _dated(value) or _VALUES.get(value, value)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _dated(value: str) -> str:
    """A day or a moment as people write it; nothing for another text."""
    if not _DAY.match(value):
        return ""
    try:
        return day(date.fromisoformat(value)) if _DAY.fullmatch(value) else moment(datetime.fromisoformat(value))
    except ValueError:
        return ""


def _post(value: str) -> str:
    """``reception:441`` as « Accueil (441) »; an empty office is all of them."""
    role, _, office = value.partition(":")
    label = Role(role).label if role in set(Role) else role
    return f"{label} ({office or 'toutes les caisses'})"
