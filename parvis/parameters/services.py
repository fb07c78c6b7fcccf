"""Changing a parameter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.kit.actors import Actor
from parvis.kit.refusals import Refusal
from parvis.parameters import selectors
from parvis.parameters.catalogue import PARAMETERS
from parvis.parameters.models import ParameterValue

PARAMETER_CHANGED = Event("parameters.changed", "Paramètre modifié")


class NotAParameter(Refusal):
    """No parameter of that name, or a value out of its bounds."""


@transaction.atomic
def change(name: str, value: int, *, by: Actor, at: datetime) -> None:
    """Give a parameter a value, within its bounds; it counts everywhere within two seconds."""
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise NotAParameter(f"Il n’y a pas de paramètre «\u00a0{name}\u00a0».")
    if not parameter.low <= value <= parameter.high:
        raise NotAParameter(f"«\u00a0{name}\u00a0» va de {parameter.low} à {parameter.high} ({parameter.unit.value}).")
    before = selectors.value(parameter)
    ParameterValue.objects.create(name=name, value=value, changed_at=at, changed_by=by.label)
    record(PARAMETER_CHANGED, subject=name, by=by, at=at, before=before, after=value)
    selectors.forget()
    transaction.on_commit(selectors.forget)
