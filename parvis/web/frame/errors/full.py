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
_NEGOTIATED = ("HTTP_ACCEPT", "HTTP_HX_", "HTTP_SEC_", "HTTP_IF_", "HTTP_RANGE")
"""Headers that say how somebody wants an answer: what is drawn once for many has those of its form alone."""
_FORMS = {"page": {}, "part": {"HTTP_HX_REQUEST": "true"}, "script": {"HTTP_SEC_FETCH_DEST": "empty"}}
_OF_ONE_ANSWER = {"x-request-id", "set-cookie", "content-length"}


class Full:
    """Refuses; ``pages`` is the application that draws the refusal, with the headers of every answer."""

    def __init__(self, pages: Callable[[dict[str, Any], Any], Any]) -> None:
        self._pages = pages
        self._drawn: dict[tuple[str, str, str], Drawn] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes] | None:
        """The page as it was drawn for this theme, a sentence for a script; None for what only the pages themselves can answer."""
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return None
        theme = parse_cookie(environ.get("HTTP_COOKIE", "")).get(cookies.THEME, "")
        key = (theme if theme in _THEMES else "", environ.get("HTTP_X_FORWARDED_PROTO", ""), _form(environ))
        drawn = self._drawn.get(key) or self._draw(environ, *key)
        if drawn is None:
            return None
        status, headers, body = drawn
        figures.count("", 503, environ.get("parvis.waited", 0.0))
        figures.count_refused("", Busy.FULL.value)
        start_response(status, [*headers])
        return [body]

    def _draw(self, environ: dict[str, Any], theme: str, proto: str, form: str) -> Drawn | None:
        told: list[Any] = []
        asked = {
            **{name: value for name, value in environ.items() if not name.startswith(_NEGOTIATED)},
            **_FORMS[form],
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
            self._drawn[theme, proto, form] = drawn
        return drawn


def _form(environ: dict[str, Any]) -> str:
    """In which form it is answered, by the same signs as :mod:`parvis.web.frame.errors.busy` goes by."""
    if environ.get("HTTP_HX_REQUEST") == "true":
        return "part"
    is_script = environ.get("HTTP_SEC_FETCH_DEST") == "empty" or "application/json" in environ.get("HTTP_ACCEPT", "")
    return "script" if is_script else "page"
