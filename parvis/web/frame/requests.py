"""What a request carries once the frame has admitted it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from parvis.identity.selectors.visits import Visit
from parvis.kit.actors import Actor
from parvis.landlords.selectors import Standing


class PageRequest(HttpRequest):
    """A request admitted by :func:`parvis.web.frame.page.page`.

    ``standing`` and ``actor`` are there on pages whose address names an account, ``visit`` on the steps of sign-in.
    """

    now: datetime
    actor: Actor
    standing: Standing
    visit: Visit | None
    frame_extras: dict[str, Any]
