"""Rents that were ready and that the bounds, moved since, refuse: set aside when their page is opened, and told."""

from __future__ import annotations

from django.contrib import messages

from parvis.declarations.services import drafts
from parvis.kit.actors import Actor
from parvis.kit.text import plural
from parvis.web.frame.page import viewing
from parvis.web.frame.requests import PageRequest

OUT = "hors des limites, qui ont changé depuis leur saisie\u00a0: à corriger dans la grille."


def told_aside(request: PageRequest, actor: Actor, year: int, *, of: str = "") -> bool:
    """Whether any was set aside, said in a message, which names the account ``of`` where there are several. An agent who reads
    changes nothing."""
    count = 0 if viewing.of(request) is not None else drafts.set_aside(actor, year)
    if count:
        whose = f"{of}\u00a0: " if of else ""
        messages.warning(request, f"{whose}{plural(count, 'loyer est', 'loyers sont')} {OUT}")
    return bool(count)
