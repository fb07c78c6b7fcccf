"""Rendering: the template, its context, and the frame around it if it is a whole page; and files handed back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from parvis.web.frame.context import frame_of


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page as HTML. Every template knows ``frame`` (menu, account, theme…) and ``csrf_input``."""
    frame = frame_of(request)
    return HttpResponse(render_to_string(template, {**(context or {}), "frame": frame}, request=request), status=status)


def render_part(template: str, context: dict[str, Any]) -> HttpResponse:
    """A part that takes its place in a page already shown: no frame, so what is to be told once waits for the next page."""
    return HttpResponse(render_to_string(template, context))


def as_saved(name: str, media_type: str, content: bytes) -> HttpResponse:
    """The bytes under their name, with nothing a browser could do with them but save."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
