"""Renders the templates of the design room alone: same strictness as the portal, invented frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from parvis.kit import money, periods, text

ROOM = Path(__file__).parents[2] / "parvis" / "design"
TEMPLATES = ROOM / "templates"
STATIC = ROOM / "static" / "design"


TOKEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="token">')


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    icon: str = ""
    current: bool = False
    in_path: bool = False
    count: int | None = None
    count_label: str = "Reste à déclarer\u00a0: "
    children: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    theme: str | None = None
    demonstration: bool = True
    work_date: date | None = date(2026, 7, 22)
    here: str = "/"
    signed_in: bool = False
    agent: bool = False
    person: str = ""
    account_name: str = ""
    account_initials: str = ""
    account_count: int = 0
    office_name: str = ""
    last_seen: datetime | None = None
    menu: list[Item] = field(default_factory=list)
    csrf_input: Markup = TOKEN
    home_url: str = "/accueil/"
    profile_url: str | None = None
    accounts_url: str | None = None
    sign_out_url: str = "/deconnexion/"
    help_url: str = "/aide/"
    accessibility_url: str = "/accessibilite/"
    opinion: str | None = None
    opinion_url: str = ""
    footer_links: list[tuple[str, str]] = field(
        default_factory=lambda: [("Données personnelles", "/donnees/"), ("Nous contacter", "/contact/")]
    )
    messages: list[tuple[str, str]] = field(default_factory=list)
    session_ends_in: int | None = None
    keep_alive_url: str = "/rester/"
    unsent: int = 0
    unsent_url: str = ""


def signed_in(**changes: Any) -> Frame:
    pages = [Item("Mes locataires", "/l/"), Item("Loyers de juillet", "/j/", current=True, count=16)]
    values: dict[str, Any] = {
        "signed_in": True,
        "person": "Paul Girard",
        "account_name": "Alliance Familiale",
        "account_initials": "AF",
        "account_count": 138,
        "office_name": "Caisse de Loire-Atlantique",
        "last_seen": datetime(2026, 7, 21, 8, 26, tzinfo=UTC),
        "menu": [
            Item("Bienvenue", "/b/", "home"),
            Item("Espace bailleur", "/e/", "building", in_path=True, children=pages),
            Item("Règles d’usage", "/r/", "rules"),
        ],
        "profile_url": "/profil/",
        "accounts_url": "/comptes/",
        "session_ends_in": 1800,
        "messages": [("success", "C’est fait. Votre adresse est validée.")],
    }
    return Frame(**{**values, **changes})


def environment(static: str = "/static/") -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        static=lambda path: static + path,
        url=lambda name, *args: f"/{name}/",
        euros=money.euros,
        figure=text.figure,
        plural=text.plural,
        decimal=money.decimal,
        day=periods.day,
        long_day=periods.long_day,
        month=periods.month,
        short_month=periods.short_month,
        hour=periods.hour,
        moment=periods.moment,
    )
    return env


def render(source: str, frame: Frame | None = None, **context: Any) -> str:
    """Render a piece of template written in the test."""
    return environment().from_string(source).render(frame=frame or Frame(), **context)
