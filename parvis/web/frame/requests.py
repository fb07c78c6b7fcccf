"""What a request carries once the frame has admitted it, and where it comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from parvis.config import environment
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


def address_of(request: HttpRequest) -> str:
    """The address a request comes from: our own proxies are believed, what a visitor writes in a header is not."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not environment.PROXY_COUNT:
        return direct
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return told[-environment.PROXY_COUNT] if len(told) >= environment.PROXY_COUNT else direct
