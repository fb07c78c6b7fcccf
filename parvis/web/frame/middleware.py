"""What wraps every answer: headers, one line of log without personal data, and the two entrances: the landlords' and the
agents', on a host of their own when the instance has one (security.md §2.11)."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from parvis.upkeep.figures import requests as figures
from parvis.web.frame import errors
from parvis.web.frame.requests import comes_from_inside, is_agents_host

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("parvis.request")


class RequestLog:
    """One structured line a request, and its figures: route (never the address, which may hold references), status, duration."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then tell."""
        begun = time.perf_counter()
        request_id = secrets.token_hex(6)
        response = self.get_response(request)
        match = request.resolver_match
        response["X-Request-Id"] = request_id
        if request.path.startswith("/static/"):
            return response
        took, route = time.perf_counter() - begun, match.view_name if match else ""
        figures.count(route, response.status_code, took)
        if log.isEnabledFor(logging.INFO):
            told = {
                "id": request_id,
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(took * 1000, 1),
            }
            # Said without asking who says it: looking that up takes longer than writing the line.
            log.handle(logging.LogRecord(log.name, logging.INFO, "", 0, "request", (told,), None))
        return response


class Headers:
    """Headers Django has no setting for (security.md §6, requirement 37); one policy for all pages, put together once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add them to every answer, errors included."""
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(HEADER, self.policy)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


AGENTS = "/agents/"
VIEWED = "/c/"
SHARED = ("/static/", "/healthz", "/readyz", "/metrics", "/affichage/", "/accessibilite/", "/demonstration/")
"""What both entrances serve."""


class Entrances:
    """Answer 404 at the wrong entrance, and to agents' pages asked for from outside their networks."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through what belongs here; nothing is said of what does not."""
        if request.path.startswith(SHARED):
            return self.get_response(request)
        agents = request.path.startswith(AGENTS)
        if settings.AGENT_HOST and is_agents_host(request) and request.path.startswith(VIEWED):
            # A landlord's pages, for an agent who reads them: the page itself asks who it is (frame.viewing).
            agents = True
        elif settings.AGENT_HOST and agents != is_agents_host(request):
            return HttpResponseRedirect(AGENTS) if request.path == "/" else errors.not_found(request)
        if agents and settings.AGENT_NETWORKS and not comes_from_inside(request):
            return errors.not_found(request)
        return self.get_response(request)
