"""Changing a parameter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.db import one_row
from parvis.kit.refusals import ChangedMeanwhile, Refusal
from parvis.parameters import selectors
from parvis.parameters.catalogue import PARAMETERS, Parameter
from parvis.parameters.models import ParameterValue

PARAMETER_CHANGED = Event("parameters.changed", "Paramètre modifié")
LONGEST_REASON = 200
SHORTEST_DECISION, LONGEST_DECISION = 4, 80


class NotAParameter(Refusal):
    """No parameter of that name, or a value out of its bounds."""


class NoReason(Refusal):
    """An agent says why they change something that counts for everybody."""

    def __init__(self) -> None:
        super().__init__("Dites en quelques mots pourquoi. Le journal le garde.", field="reason")


class NoDecision(Refusal):
    """Beyond what the data protection officer agreed to beforehand, their written decision is cited."""

    def __init__(self, above: int) -> None:
        super().__init__(
            f"Au-delà de {above}\u00a0jours, donnez la référence de la décision écrite du délégué à la protection des données"
            f" ({SHORTEST_DECISION} à {LONGEST_DECISION} caractères).",
            field="decision",
        )


@transaction.atomic
def change(
    name: str, value: int, *, by: Actor, at: datetime, office: str = "", reason: str = "", decision: str = "",
    seen: int | None = None,
) -> None:  # fmt: skip
    """Give a parameter a value, within its bounds, for all offices or as the own one of an office; it counts within two seconds.

    The value it has already changes nothing: a second click is not a second change. ``seen`` is the change the page was made with
    (0: none yet); if another came between, :class:`ChangedMeanwhile` says whose. None asks nothing. ``decision`` is the reference
    of the decision that a value above ``decided_above`` takes: the row and the journal keep it.
    """
    parameter = _settable(name, office, by)
    if not parameter.low <= value <= parameter.high:
        sentence = f"«\u00a0{name}\u00a0» va de {parameter.low} à {parameter.high} ({parameter.unit.value})."
        raise NotAParameter(sentence, field="value")
    cited = _decision(parameter, value, decision)
    _write(parameter, office, value, said_why(reason, by), cited, by=by, at=at, seen=seen)


@transaction.atomic
def follow_all(name: str, *, office: str, by: Actor, at: datetime, reason: str = "", seen: int | None = None) -> None:
    """Take an office's own value away: that of all offices counts there again. ``seen`` as for :func:`change`."""
    parameter = _settable(name, office, by)
    if office:
        _write(parameter, office, None, said_why(reason, by), "", by=by, at=at, seen=seen)


def _settable(name: str, office: str, by: Actor) -> Parameter:
    """The parameter, if this actor sets it: for all offices it takes the duty at all of them."""
    check_holds(by, Duty.SET_PARAMETERS, [office] if office else [])
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise NotAParameter(f"Il n’y a pas de paramètre «\u00a0{name}\u00a0».")
    if office and not parameter.by_office:
        raise NotAParameter("Ce réglage est le même pour toutes les caisses.")
    return parameter


def _write(
    parameter: Parameter, office: str, value: int | None, reason: str, cited: str, *, by: Actor, at: datetime,
    seen: int | None,
) -> None:  # fmt: skip
    one_row("SELECT pg_advisory_xact_lock(hashtext('parameters.values'))", [])
    newest = ParameterValue.objects.filter(name=parameter.name, office_code=office).order_by("-id").first()
    before = newest.value if newest else None if office else parameter.default
    if before == value:
        return
    if seen is not None and newest is not None and newest.pk != seen:
        there, here = _words(newest.value), _words(value)
        raise ChangedMeanwhile(
            f"{newest.changed_by} a mis {there} entre-temps\u00a0; vous mettiez {here}. Vérifiez, puis recommencez."
        )
    ParameterValue.objects.create(
        name=parameter.name, office_code=office, value=value, changed_at=at, changed_by=by.label, reason=reason,
        decision=cited,
    )  # fmt: skip
    told = {"reason": reason, "decision": cited, "office": office}
    why = {key: said for key, said in told.items() if said}
    values = {"before": _told(before), "after": _told(value)}
    record(PARAMETER_CHANGED, subject=parameter.name, by=by, at=at, **values, **why)
    selectors.forget()
    transaction.on_commit(selectors.forget)


def _words(value: int | None) -> str:
    return "la valeur de toutes les caisses" if value is None else str(value)


def _told(value: int | None) -> int | str:
    """A value as the journal keeps it."""
    return "toutes les caisses" if value is None else value


def _decision(parameter: Parameter, value: int, decision: str) -> str:
    """The reference in one line; empty where none is needed."""
    if parameter.decided_above is None or value <= parameter.decided_above:
        return ""
    cited = " ".join(decision.split())
    if not SHORTEST_DECISION <= len(cited) <= LONGEST_DECISION:
        raise NoDecision(parameter.decided_above)
    return cited


def said_why(reason: str, by: Actor) -> str:
    """The reason in one line; agents must give one."""
    words = " ".join(reason.split())[:LONGEST_REASON]
    if by.kind is ActorKind.AGENT and not words:
        raise NoReason
    return words
