"""What wraps every answer: headers, and one line of log without personal data."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("parvis.request")


class RequestLog:
    """One structured line a request: route (never the address, which may hold references), status, duration."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then tell."""
        begun = time.perf_counter()
        request_id = secrets.token_hex(6)
        response = self.get_response(request)
        match = request.resolver_match
        response["X-Request-Id"] = request_id
        if log.isEnabledFor(logging.INFO) and not request.path.startswith("/static/"):
            told = {
                "id": request_id,
                "method": request.method,
                "route": match.view_name if match else "",
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - begun) * 1000, 1),
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
