"""Invented data for the previews of messages: a value for every word any text may ask for. Nobody of it exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from jinja2 import UndefinedError

from parvis.correspondence.models import Message
from parvis.correspondence.rendering import blocks, emails, letters
from parvis.correspondence.rendering.texts import words_of

_AT = datetime(2026, 9, 14, 8, 30, tzinfo=UTC)
_MOMENT = _AT.isoformat()
_LATER = (_AT + timedelta(days=7)).isoformat()
_OFFICE = {
    "name": "Caf de la Loire-Atlantique",
    "address": ["22 rue de Malville", "44937 NANTES CEDEX 9"],
    "phone": "3230",
}
WINDOW = ["AGENCE DES TROIS TILLEULS", "12 RUE DE L EGLISE", "44220 COUERON"]
VALUES: dict[str, Any] = {
    "about": "debt", "account_count": 3, "account_name": "Agence des Trois Tilleuls", "account_reference": "EXEMPLE2",
    "accounts": [["Agence des Trois Tilleuls", 12], ["SCI du Bourg", 4]], "administrator": "Camille Leroux",
    "administrators": ["Camille Leroux"], "agreed": _MOMENT, "asked": _MOMENT, "at": _MOMENT, "before": "520,00\u00a0€",
    "because": "Camille Leroux a passé la main.", "becomes": "deputy", "browser": "Firefox sur Linux", "cents": 184_250,
    "changed": _MOMENT, "code": "123 456", "codes": 5, "common": True, "count": 16, "deadline": "2026-09-30",
    "declaration": "exemple", "deputies": ["Dominique Petit"], "done": 41, "done_count": 2,
    "effect": "L’aide est recalculée au 1er janvier.", "email": "camille.leroux@exemple.example", "end_on": "2026-12-31",
    "enrolment_link": "exemple", "former": "c•••@ancien.example", "freeze": "exemple", "from_day": "2026-10-01",
    "frozen": _MOMENT, "gap_cents": -12_300, "granted": True, "has_password": False, "how": "withdrawn",
    "invitation_link": "exemple", "is_one_account": True, "is_back": False, "again": False, "users": 4,
    "withdrawn": "Caf de Paris", "names": ["Dominique Petit"], "is_invited": False, "is_replaced": True, "leaves": False,
    "joined": ["Agence des Trois Tilleuls"], "kind": "remaining",
    "kind_label": "Changement d’adresse", "kinds": [["Déclaration d’un impayé", 1], ["Déclaration de loyer", 2]],
    "known": False, "landlord": "Agence des Trois Tilleuls",
    "landlords": ["Agence des Trois Tilleuls", "SCI du Bourg"], "last4": "0189", "left": 7,
    "lines": [["Agence des Trois Tilleuls", "2026-09-07", 184_250]], "login_id": "LOG012345A", "masked": "c•••@exemple.example",
    "minutes": 10, "missing": 2, "more": 3, "moved": ["Agence des Trois Tilleuls"], "name": "loyers-2026.xlsx", "named": True,
    "number": "AR-2026-09-000123", "numbers": ["AR-2026-09-000123"], "offer": "exemple", "office": _OFFICE,
    "offices": ["Caf de la Loire-Atlantique", "Caf de Paris"], "opaque": "exemple", "opened": _MOMENT, "others": 1,
    "paid_on": "2026-09-07", "pairs": [["LOG012345A", "Agence des Trois Tilleuls"]], "paper": "quittance.pdf",
    "papers": [["Quittance", "Changement d’adresse", "12 rue de l’Église", "2026-10-15"]], "password": "Exemple-Tilleul-42",
    "person": "Camille Leroux", "phone": "3230", "place": "12 rue de l’Église, 44220 Couëron", "previous": 1, "voids": 0,
    "revisions": 0, "file_page": "/comptes/",
    "received": "2026-09-12",
    "purpose": "votre connexion", "qr_path": "/connexion/", "ready": 38, "reason": "La pièce jointe n’est pas lisible.",
    "reasons": [["Déclaration de loyer", "D-2026-000000123-K", "Le montant n’est pas celui d’un loyer."]], "reference": "exemple",
    "refused": [["Changement d’adresse", "CH-2026-000123", "La pièce jointe n’est pas lisible."]], "remaining": 2, "rents": 3,
    "right": "Déclarer", "rights": ["Consulter", "Déclarer"], "role": "administrator", "saved": "2026-09-01",
    "sentence": "Votre fichier ne contient aucun loyer.", "since": "2026-07-01",
    "several": [],
    "stop": "exemple", "stop_code": "7KQ4-M2XD", "subject": "Mme Lina Martin", "suspension": "2027-01-15", "tenancies": 12,
    "tenancy": "exemple", "tenant": "Mme Lina Martin", "tenants": [["Lina Martin", "524,00\u00a0€"], ["Nour Benali", "…………"]],
    "title": "Changement d’adresse", "to_confirm": 2, "to_correct": 1, "transfer": "exemple", "tries": 6, "until": _LATER,
    "used": _MOMENT, "user": "Dominique Petit", "user_login_id": "LOG054321B", "user_number": "44100046470V12",
    "valid_until": _LATER, "waits": True, "what": "peut maintenant déclarer.", "when": _MOMENT, "who": "Dominique Petit",
    "viewed": _MOMENT, "why": "à la demande de Camille Leroux", "year": 2026,
}  # fmt: skip
SECRETS = {"password", "code", "stop_code", "enrolment_link", "invitation_link", "freeze", "stop"}


@cache
def texts() -> tuple[str, ...]:
    """Every text of an e-mail or letter, by name."""
    return tuple(sorted(_found()))


def _found() -> Iterator[str]:
    for config in apps.get_app_configs():
        folder = Path(config.path) / "templates"
        for kind in ("emails", "letters"):
            for path in folder.glob(f"*/{kind}/*.txt"):
                if path.stem != "frame":
                    yield str(path.relative_to(folder).with_suffix(""))


def title_of(text: str) -> str:
    """The title of a text; its name, for one that asks for a word nobody has invented yet: the list stands."""
    try:
        return sample_of(text)[1].title
    except UndefinedError:
        return text.rsplit("/", 1)[-1]


def is_letter(text: str) -> bool:
    """Whether a text is printed."""
    return "/letters/" in text


def sample_of(text: str) -> tuple[Message, blocks.Words]:
    """A message nobody gets, and its words."""
    context = {**VALUES, **_own(text)}
    message = Message(
        reference="M-EXEMPLE",
        number="L-2026-000000" if is_letter(text) else "",
        template=text,
        context=context,
        to_email="" if is_letter(text) else VALUES["email"],
        to_address=WINDOW if is_letter(text) else [],
    )
    return message, blocks.read(words_of(text, context))


def _own(text: str) -> dict[str, Any]:
    """What a text means by a word that another uses otherwise."""
    own: dict[str, Any] = {} if is_letter(text) else {"office": _OFFICE["name"]}
    if "/emails/code_" in text:
        own["number"] = 2
    if text == "declarations/emails/refused":
        own |= {"previous": 0, "others": 0, "voids": 0, "revisions": 0}
    if text == "tenancies/emails/paid_several":
        own |= {"changed": 1}
    return own


def paper_of(text: str) -> bytes:
    """The PDF of a letter with invented data."""
    message, words = sample_of(text)
    return letters.pdf_of(message, words, at=_AT)


def html_of(text: str) -> str:
    """The HTML part of an e-mail with invented data."""
    message, words = sample_of(text)
    content = emails.email_of(message, words, at=_AT).alternatives[0]
    return str(content[0])
