"""What a request carries once the frame has admitted it, and where it comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from parvis.agents.selectors.viewings import Viewed
from parvis.config import environment
from parvis.identity.selectors.visits import Visit
from parvis.kit.actors import Actor
from parvis.landlords.selectors import Standing


class PageRequest(HttpRequest):
    """A request admitted by :func:`parvis.web.frame.page.page`.

    ``standing`` and ``actor`` are there on pages whose address names an account, ``visit`` on the steps of sign-in,
    ``viewed`` where an agent reads as the landlord would.
    """

    now: datetime
    actor: Actor
    standing: Standing
    visit: Visit | None
    viewed: Viewed
    frame_extras: dict[str, Any]


def address_of(request: HttpRequest) -> str:
    """The address a request comes from: our own proxies are believed, what a visitor writes in a header is not."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not environment.PROXY_COUNT:
        return direct
    told = _told(request)
    return told[-environment.PROXY_COUNT] if len(told) >= environment.PROXY_COUNT else direct


def _told(request: HttpRequest) -> list[str]:
    return [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]


def is_agents_host(request: HttpRequest) -> bool:
    """Whether the request came by the agents' own host."""
    return request.get_host().partition(":")[0].lower() == str(settings.AGENT_HOST)


def comes_from_inside(request: HttpRequest) -> bool:
    """Whether the request comes from one of the agents' networks."""
    return comes_from(request, settings.AGENT_NETWORKS)


def comes_from(request: HttpRequest, networks: Iterable[str]) -> bool:
    """Whether the browser's address is in one of these networks. Where our proxies do not say it, it is not: their own address is
    often inside."""
    if environment.PROXY_COUNT and len(_told(request)) < environment.PROXY_COUNT:
        return False
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)
