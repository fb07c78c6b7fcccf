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
    name: str, value: int, *, by: Actor, at: datetime, reason: str = "", decision: str = "", seen: int | None = None
) -> None:
    """Give a parameter a value, within its bounds; it counts everywhere within two seconds.

    The value it has already changes nothing: a second click is not a second change. ``seen`` is the change the page was made with
    (0: none yet); if another came between, :class:`ChangedMeanwhile` says whose. None asks nothing. ``decision`` is the reference
    of the decision that a value above ``decided_above`` takes: the row and the journal keep it.
    """
    check_holds(by, Duty.SET_PARAMETERS)
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise NotAParameter(f"Il n’y a pas de paramètre «\u00a0{name}\u00a0».")
    if not parameter.low <= value <= parameter.high:
        sentence = f"«\u00a0{name}\u00a0» va de {parameter.low} à {parameter.high} ({parameter.unit.value})."
        raise NotAParameter(sentence, field="value")
    words, cited = said_why(reason, by), _decision(parameter, value, decision)
    one_row("SELECT pg_advisory_xact_lock(hashtext('parameters.values'))", [])
    newest = ParameterValue.objects.filter(name=name).order_by("-id").first()
    before = newest.value if newest else parameter.default
    if before == value:
        return
    if seen is not None and newest is not None and newest.pk != seen:
        raise ChangedMeanwhile(
            f"{newest.changed_by} a mis {newest.value} entre-temps\u00a0; vous mettiez {value}. Vérifiez, puis recommencez."
        )
    ParameterValue.objects.create(
        name=name, value=value, changed_at=at, changed_by=by.label, reason=words, decision=cited
    )
    why = {name: said for name, said in (("reason", words), ("decision", cited)) if said}
    record(PARAMETER_CHANGED, subject=name, by=by, at=at, before=before, after=value, **why)
    selectors.forget()
    transaction.on_commit(selectors.forget)


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
