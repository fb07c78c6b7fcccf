"""« Trop de monde »: what a process that is full answers whoever reads, drawn once, so that refusing costs next to nothing.

Whoever sends a form is answered by the page that gives it back (:mod:`parvis.web.frame.errors.busy`).
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.http.cookie import parse_cookie

from parvis.upkeep.figures import requests as figures
from parvis.web.frame import cookies
from parvis.web.frame.errors.busy import Busy
from parvis.web.frame.errors.limits import FULL

Headers = list[tuple[str, str]]
Drawn = tuple[str, Headers, bytes]
_THEMES = ("light", "dark")
_ANYWHERE = "/accessibilite/"
"""An address that both entrances serve; what is there is not looked for."""
_OF_ONE_ANSWER = {"x-request-id", "set-cookie", "content-length"}


class Full:
    """Refuses; ``pages`` is the application that draws the refusal, with the headers of every answer."""

    def __init__(self, pages: Callable[[dict[str, Any], Any], Any]) -> None:
        self._pages = pages
        self._drawn: dict[tuple[str, str], Drawn] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes] | None:
        """The page as it was drawn for this theme; None for what only the pages themselves can answer."""
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return None
        theme = parse_cookie(environ.get("HTTP_COOKIE", "")).get(cookies.THEME, "")
        key = (theme if theme in _THEMES else "", environ.get("HTTP_X_FORWARDED_PROTO", ""))
        drawn = self._drawn.get(key) or self._draw(environ, *key)
        if drawn is None:
            return None
        status, headers, body = drawn
        figures.count("", 503, environ.get("parvis.waited", 0.0))
        figures.count_refused("", Busy.FULL.value)
        start_response(status, [*headers])
        return [body]

    def _draw(self, environ: dict[str, Any], theme: str, proto: str) -> Drawn | None:
        told: list[Any] = []
        asked = {
            **environ,
            FULL: True,
            "REQUEST_METHOD": "GET",
            "PATH_INFO": _ANYWHERE,
            "QUERY_STRING": "",
            "HTTP_COOKIE": f"{cookies.THEME}={theme}" if theme else "",
            "wsgi.input": BytesIO(),
        }
        response = self._pages(asked, lambda *answer: told.extend(answer[:2]))
        body = b"".join(response)
        response.close()
        if not told[0].startswith("503"):
            return None
        headers = [(name, value) for name, value in told[1] if name.lower() not in _OF_ONE_ANSWER]
        drawn = told[0], [*headers, ("Content-Length", str(len(body)))], body
        if proto in ("", "http", "https"):
            self._drawn[theme, proto] = drawn
        return drawn
