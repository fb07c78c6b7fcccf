"""How states, facts and next steps of a request are said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from parvis.changes import workflow
from parvis.changes.models import ChangeKind
from parvis.changes.selectors.facts import asked_facts
from parvis.changes.selectors.requests import ChangeLine, Step
from parvis.kit.clock import day_in_paris
from parvis.kit.days import months_spelled
from parvis.kit.periods import day, moment
from parvis.parameters.catalogue import BANK_HOLD
from parvis.parameters.law import legal
from parvis.parameters.selectors import value

CHANGE_PILLS = {
    workflow.AGREEMENT: "warm",
    workflow.HELD: "info",
    workflow.READY: "info",
    workflow.SENT: "info",
    workflow.MANUAL: "info",
    workflow.DONE: "ok",
    workflow.REFUSED: "bad",
    workflow.STOPPED: "",
    workflow.EXPIRED: "",
}


def appeal_words(line: ChangeLine) -> str:
    """How long a landlord has to contest what the office decided (CSS R.142-1)."""
    return months_spelled(int(legal("appeal_deadline", on=day_in_paris(line.asked_at)) or 2))


def change_steps(line: ChangeLine, expected: tuple[date, date] | None = None) -> list[str]:
    """What happens now, and when an answer is likely; nothing once it is over."""
    after = ["Votre caisse la traite. Vous verrez «\u00a0Prise en compte\u00a0» ou «\u00a0Refusée\u00a0» ici."]
    if expected is not None:
        first, last = expected
        between = f"vers le {day(last)}" if first == last else f"entre le {day(first)} et le {day(last)}"
        after.append(f"Réponse probable {between}, d’après les délais de votre caisse.")
    if line.kind == ChangeKind.BANK_DETAILS:
        return _bank_steps(line, after)
    if line.state == workflow.READY:
        return ["La demande part avec le prochain envoi à votre caisse.", *after]
    return after if line.state in (workflow.SENT, workflow.MANUAL) else []


def hold_words() -> str:
    """How long a bank change is kept at least before it leaves."""
    return f"{value(BANK_HOLD)}\u00a0heures"


def _bank_steps(line: ChangeLine, after: list[str]) -> list[str]:
    checked = (
        ["Un agent de votre caisse la vérifie avant qu’elle parte."] if line.is_checked and not line.approved else []
    )
    kept = "Jusque-là, vous pouvez l’arrêter, et les aides vont à l’ancien compte."
    if line.state == workflow.AGREEMENT and line.agreement_until:
        return [
            f"Une autre personne de votre organisme a jusqu’au {moment(line.agreement_until)} pour donner son accord.",
            f"La demande est ensuite gardée au moins {hold_words()}. {kept}",
            *checked,
            *after,
        ]
    if line.state == workflow.HELD and line.held_until:
        return [f"Elle part à votre caisse après le {moment(line.held_until)}. {kept}", *checked, *after]
    if line.state == workflow.READY:
        return ["Elle part avec le prochain envoi à votre caisse.", *after]
    return after if line.state in (workflow.SENT, workflow.MANUAL) else []


def stated_of(
    line: ChangeLine, steps: Sequence[Step], *, landlord: str, expected: tuple[date, date] | None
) -> dict[str, Any]:
    """What the receipt of a request prints, for the room of papers."""
    tenant = [("Locataire", line.tenant)] if line.tenant else []
    asked = [*tenant, *asked_facts(line), *([("Motif", line.reason)] if line.reason else [])]
    said = [(moment(step.at), f"{step.label}. {step.note}" if step.note else step.label) for step in steps]
    return {
        "title": "Accusé de réception",
        "subject": line.kind_label,
        "number": line.number,
        "at": moment(line.asked_at),
        "person": line.person,
        "login_id": line.login_id,
        "landlord": landlord,
        "user_number": line.user_number,
        "office": {"name": line.office, "lines": list(line.office_contact)},
        "columns": [],
        "rows": [],
        "table": None,
        "others": [
            {"title": "Ce que vous avez demandé", "lines": [list(pair) for pair in asked], "effect": ""},
            {"title": "Où en est la demande", "lines": [list(pair) for pair in said], "effect": ""},
        ],
        "steps": change_steps(line, expected) or ["La demande est close."],
        "proof": "Ce document prouve la réception de votre demande. Il ne préjuge pas de la suite donnée.",
        "code": "",
        "site": settings.PUBLIC_URL.split("://", 1)[-1],
    }
