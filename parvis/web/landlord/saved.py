"""Handing a joined file back: always saved by the browser, never shown or run by it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def as_saved(name: str, media_type: str, content: bytes) -> HttpResponse:
    """The bytes under their name, with nothing a browser could do with them but save."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
