"""What a parameter is worth now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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


def value(parameter: Parameter, *, office: str = "") -> int:
    """The value in force, in the parameter's unit: that of an office, if it has one of its own, else that of all."""
    values = kept.kept().values
    of_all = values.get((parameter.name, ""), parameter.default)
    return parameter.bounded(values.get((parameter.name, office), of_all) if office and parameter.by_office else of_all)


def duration(parameter: Parameter, *, office: str = "") -> timedelta:
    """The value in force as a length of time."""
    return parameter.duration(value(parameter, office=office))


def was_changed(parameter: Parameter) -> bool:
    """Whether its value for all was ever changed: what was kept under it may be judged otherwise now."""
    return (parameter.name, "") in kept.kept().values


def changed_since(parameters: Sequence[Parameter], moment: datetime) -> bool:
    """Whether one of these was given another value for all at a moment or after."""
    names = [parameter.name for parameter in parameters]
    return ParameterValue.objects.filter(name__in=names, office_code="", changed_at__gte=moment).exists()


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


def history_of(name: str, *, office: str = "") -> list[tuple[ParameterValue, int | None]]:
    """The values a parameter was given, for all or as an office's own, the newest first, each with the one it replaced.

    None stands for that of all offices.
    """
    rows = list(ParameterValue.objects.filter(name=name, office_code=office).order_by("-id")[:51])
    first = [None if office else PARAMETERS[name].default] if len(rows) < 51 else []
    before = [*(row.value for row in rows[1:]), *first]
    return list(zip(rows, before, strict=False))[:50]


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter as a list shows it; ``changed_by`` is empty while it has its default, ``own`` how many offices have their own."""

    parameter: Parameter
    value: int
    changed_at: datetime | None
    changed_by: str
    own: int = 0


def all_parameters() -> list[ParameterLine]:
    """Every parameter with its value for all and who gave it, and how many offices have their own."""
    rows = ParameterValue.objects.order_by("name", "office_code", "-id").distinct("name", "office_code")
    newest = {(row.name, row.office_code): row for row in rows}
    own = Counter(name for (name, office), row in newest.items() if office and row.value is not None)
    return [
        _line(parameter, newest.get((parameter.name, "")), own[parameter.name]) for parameter in PARAMETERS.values()
    ]


def _line(parameter: Parameter, row: ParameterValue | None, own: int) -> ParameterLine:
    if row is None or row.value is None:
        return ParameterLine(parameter, parameter.default, None, "", own)
    return ParameterLine(parameter, parameter.bounded(row.value), row.changed_at, row.changed_by, own)


def own_values(parameter: Parameter) -> dict[str, ParameterValue]:
    """The own values in force of a parameter, by office."""
    rows = ParameterValue.objects.filter(name=parameter.name).exclude(office_code="")
    newest = rows.order_by("office_code", "-id").distinct("office_code")
    return {row.office_code: row for row in newest if row.value is not None}
