"""Rendering: the template, its context, and the frame around it if it is a whole page; and files handed back."""

from __future__ import annotations

from typing import IO, Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from parvis.sheets import writing
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


def table_sent(file: IO[bytes], name: str, ending: str) -> HttpResponseBase:
    """A table to be saved: a short one at once, a long one bit by bit; read to its end, it is gone."""
    short = file.read(writing.IN_MEMORY)
    if len(short) < writing.IN_MEMORY:
        file.close()
        disposition = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
        return HttpResponse(short, content_type=writing.TYPES[ending], headers=disposition)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.{ending}", content_type=writing.TYPES[ending])
