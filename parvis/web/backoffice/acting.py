"""Doing what a page's button asks, and telling it on the next page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages

from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.web.backoffice.gate import AgentRequest


def acted(request: AgentRequest, act: Callable[[], object], done: str) -> None:
    """Do it and say what was done, or say why not; what is not theirs stays a page of its own."""
    try:
        act()
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"C’est fait. {done}")
