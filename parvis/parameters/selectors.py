"""What a parameter is worth now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.parameters import kept
from parvis.parameters.catalogue import PARAMETERS, Parameter
from parvis.parameters.models import ParameterValue

TOPICS = {
    "code_": "Connexion et codes",
    "codes_": "Connexion et codes",
    "browser": "Connexion et codes",
    "password_shortest": "Connexion et codes",
    "tries": "Connexion et codes",
    "recoveries": "Connexion et codes",
    "profile_code": "Connexion et codes",
    "session_": "Connexion et codes",
    "captcha": "Connexion et codes",
    "agent_": "Agents",
    "file_looks": "Agents",
    "password_after": "Lettres et mots de passe provisoires",
    "valid_by": "Lettres et mots de passe provisoires",
    "letter": "Lettres et mots de passe provisoires",
    "postal": "Lettres et mots de passe provisoires",
    "invitation": "Organismes et administrateurs",
    "new_administrator": "Organismes et administrateurs",
    "administrator": "Organismes et administrateurs",
    "second_agreement": "Coordonnées bancaires",
    "bank_": "Coordonnées bancaires",
    "direct_payment": "Paiements et versement direct",
    "payment_": "Paiements et versement direct",
    "reminder": "Campagne",
    "rent_": "Loyers à confirmer",
    "feed_": "Flux",
    "sent_out": "Flux",
    "messages_leave": "Flux",
    "message_": "Messages à la caisse",
    "messages_": "Messages à la caisse",
    "keep_": "Conservation",
}
"""The topic of the settings page, by how the name of a parameter begins."""
OTHERS = "Autres réglages"


def value(parameter: Parameter) -> int:
    """The value in force, in the parameter's unit."""
    return kept.kept().values.get(parameter.name, parameter.default)


def duration(parameter: Parameter) -> timedelta:
    """The value in force as a length of time."""
    return parameter.duration(value(parameter))


def forget() -> None:
    """Read anew at the next question."""
    kept.forget()


def by_topic() -> dict[str, list[ParameterLine]]:
    """Every parameter with its value, in the topics of the settings page."""
    groups: dict[str, list[ParameterLine]] = {topic: [] for topic in [*TOPICS.values(), OTHERS]}
    for line in all_parameters():
        topic = next((topic for start, topic in TOPICS.items() if line.parameter.name.startswith(start)), OTHERS)
        groups[topic].append(line)
    return {topic: lines for topic, lines in groups.items() if lines}


def history_of(name: str) -> list[tuple[ParameterValue, int]]:
    """The values a parameter was given, the newest first, each with the one it replaced."""
    rows = list(ParameterValue.objects.filter(name=name).order_by("-id")[:51])
    first = [PARAMETERS[name].default] if len(rows) < 51 else []
    before = [*(row.value for row in rows[1:]), *first]
    return list(zip(rows, before, strict=False))[:50]


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter as a list shows it; ``changed_by`` is empty while it has its default."""

    parameter: Parameter
    value: int
    changed_at: datetime | None
    changed_by: str


def all_parameters() -> list[ParameterLine]:
    """Every parameter with its value and who gave it."""
    newest = {row.name: row for row in ParameterValue.objects.order_by("name", "-id").distinct("name")}
    lines = []
    for parameter in PARAMETERS.values():
        row = newest.get(parameter.name)
        if row is None:
            lines.append(ParameterLine(parameter, parameter.default, None, ""))
        else:
            lines.append(ParameterLine(parameter, row.value, row.changed_at, row.changed_by))
    return lines
