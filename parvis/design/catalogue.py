"""What the catalogue of components shows: invented people, every state, nothing from the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from parvis.design.forms import Form

SPACE = "\u00a0"
_TIGHT = re.compile(r"(?<=\d) (?=[\d€%])|(?<=«) | (?=[»:;?!])")


@dataclass(frozen=True, slots=True)
class RentAndAid:
    """One month of a tenancy."""

    month: date
    rent_cents: int | None
    aid_cents: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """One month of payments."""

    month: date
    cents: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the selection of accounts."""

    name: str
    office: str
    identifier: str
    siret: str
    initials: str
    pill_kind: str
    pill_label: str
    starred: bool = False
    url: str = "#haut"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a history."""

    title: str
    text: str
    state_kind: str = ""
    state_label: str = ""
    url: str | None = "#haut"


@dataclass(frozen=True, slots=True)
class GridLine:
    """One tenant of the grid of rents."""

    id: str
    tenant: str
    number: str
    address: str
    before: str
    value: str
    gap: str
    pill_kind: str
    pill_label: str
    state: str = ""
    message: str = ""
    explanation: str = ""
    action_label: str = ""
    action_name: str = "confirm"
    action_value: str = "1"
    tenant_url: str = "#haut"

    @property
    def name(self) -> str:
        """The name of the input: which column, which line."""
        return f"rent-{self.id}"

    @property
    def label(self) -> str:
        """What a screen reader says of the input."""
        return f"Loyer hors charges de juillet 2026, {self.tenant}"


class SampleForm(Form):
    """One field of each kind."""

    identifier = forms.CharField(label="Identifiant ou adresse mail")
    password = forms.CharField(label="Mot de passe", strip=False)
    new_password = forms.CharField(label="Nouveau mot de passe", strip=False)
    code = forms.CharField(label="Code à 6 chiffres")
    phone = forms.CharField(
        label="Téléphone", required=False, help_text="Seulement pour vous joindre à propos de vos dossiers."
    )
    office = forms.ChoiceField(label="Caisse", choices=[("", "Toutes les caisses"), ("44", "Loire-Atlantique")])
    way = forms.ChoiceField(
        label="Vous avez reçu vos identifiants", choices=[("mail", "par mail"), ("post", "par courrier")]
    )
    agreed = forms.BooleanField(label="J’accepte les règles d’usage du portail")
    message = forms.CharField(label="Message", widget=forms.Textarea, help_text="N’indiquez pas de données de santé.")
    document = forms.FileField(label="Fichier des loyers", help_text=".xlsx, .ods ou .csv, 5 Mo au maximum.")


def _amount(text: str) -> str:
    return _TIGHT.sub(SPACE, text)


def _rents(months: int) -> list[RentAndAid]:
    first = 2025 * 12 + 7
    notes = {8: _amount("versement décalé, réglé en mai (2 × 111,00\u00a0€). Aucune action de votre part.")}
    aids = {8: 0, 9: 22_200}
    return [
        RentAndAid(
            date((first + n) // 12, (first + n) % 12 + 1, 1),
            51_200 if n < 2 else 52_500,
            aids.get(n, 11_800 if n < 5 else 11_100),
            notes.get(n, ""),
        )
        for n in range(months)
    ]


def _accounts() -> list[Account]:
    long_name = (
        "Société Internationale de Conseil en Gestion de Projets, Innovation et Développement Durable pour l’Avenir"
    )
    due = _amount("16 loyers à déclarer")
    first = [
        Account(long_name, "Caisse de Montpellier", "A6D5AZT301", _amount("123 456 789 12341"), "SI", "warm", due),
        Account(
            "Alliance Familiale", "Caisse de Loire-Atlantique", "A6D5AZT306", "", "AF", "ok", "À jour", starred=True
        ),
    ]
    return first + [
        Account(f"SCI du Grand Pré {n}", "Caisse de Vendée", f"A6D5AZT{300 + n}", "", "GP", "", "")
        for n in range(3, 139)
    ]


_RISE = _amount("+15,1\u00a0% par rapport à juillet 2025.")
_LAW = _amount(
    "L’indice des loyers autorise en général jusqu’à +1,40\u00a0% sur un an. Travaux, nouveau bail\u00a0? Confirmez. Sinon, corrigez."
)
_GRID = [
    GridLine(
        "g0",
        "Lina Moreau",
        "1593739",
        "Bât. C, 1er étage, Couëron",
        _amount("512,00\u00a0€"),
        "525,00",
        _amount("+2,5\u00a0%"),
        "ok",
        "Saisi",
    ),
    GridLine(
        "g1",
        "Karim Haddad",
        "1604412",
        "Bât. C, rez-de-chaussée, Couëron",
        _amount("468,50\u00a0€"),
        "",
        "—",
        "",
        "À saisir",
    ),
    GridLine(
        "g2",
        "Inès Robin",
        "1488120",
        "8 quai du Port, Nantes",
        _amount("590,00\u00a0€"),
        "679,00",
        _amount("+15,1\u00a0%"),
        "warm",
        "À confirmer",
        "warn",
        _RISE,
        _LAW,
        _amount("Confirmer 679,00\u00a0€"),
    ),
    GridLine(
        "g3",
        "Anne Moulin",
        "1533907",
        "3 rue Haute, Rezé",
        _amount("701,20\u00a0€"),
        "713,00",
        _amount("+1,7\u00a0%"),
        "ok",
        "Saisi",
        "repaired",
        _amount("«\u00a0713.00 euros\u00a0» compris comme 713,00\u00a0€."),
    ),
    GridLine(
        "g4",
        "Sofia Benali",
        "1699451",
        "3 rue Haute, Rezé",
        _amount("455,00\u00a0€"),
        "45,50",
        _amount("−90,0\u00a0%"),
        "bad",
        "À corriger",
        "err",
        _amount("45,50\u00a0€ est 10 fois plus bas que juillet 2025."),
        "La virgule est peut-être mal placée.",
        _amount("Remplacer par 455,00\u00a0€"),
    ),
]


def sample_context() -> dict[str, Any]:
    """All that ``design/catalogue.html`` needs, beside ``frame``."""
    parts = [("done", 41, "transmis"), ("kept", 3, "saisis, non transmis"), ("todo", 13, "à saisir")]
    return {
        "empty_form": SampleForm(auto_id="vide_%s"),
        "wrong_form": SampleForm({"identifier": "LOGO12345A", "message": "Bonjour\u202e"}, auto_id="faux_%s"),
        "parts": parts,
        "rents": _rents(12),
        "long_rents": _rents(24),
        "payments": [Paid(item.month, 587_000 + 5_700 * n) for n, item in enumerate(_rents(7))],
        "accounts": _accounts(),
        "grid": _GRID,
        "history": [
            Step("Loyer de juillet 2025", _amount("512,00\u00a0€, déclaré le 14/08/2025"), "ok", "Pris en compte"),
            Step("Loyer de juillet 2024", _amount("500,00\u00a0€, déclaré le 02/09/2024"), "bad", "Refusé"),
            Step("Versement direct accepté", "le 12/12/2021", url=None),
        ],
    }
