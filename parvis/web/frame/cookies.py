"""The cookies: the session, the remembered browser, the theme, what was just done, and the secret of forms."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, CsrfViewMiddleware, get_token

SESSION = f"{settings.COOKIE_PREFIX}session"
BROWSER = f"{settings.COOKIE_PREFIX}browser"
AGENT = f"{settings.COOKIE_PREFIX}agent"
THEME = "theme"


def session_cookie(request: HttpRequest) -> str:
    """The session's token, or an empty text."""
    return request.COOKIES.get(SESSION, "")


def set_session(response: HttpResponse, token: str) -> None:
    """Hand the session's token to the browser, for this visit only."""
    _set(response, SESSION, token, None)


def drop_session(response: HttpResponse, *, leaves: bool = False) -> None:
    """Take the session's token back, and with it what the browser kept of the pages.

    Whoever ``leaves`` also leaves nothing of what they typed on the device; whose session ended finds it again there.
    """
    response.delete_cookie(SESSION, path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"' if leaves else '"cache"'


def set_agent(response: HttpResponse, token: str) -> None:
    """Hand an agent's token to their browser, for this visit only."""
    _set(response, AGENT, token, None)


def drop_agent(response: HttpResponse) -> None:
    """Take an agent's token back, and all that the browser kept of the pages."""
    response.delete_cookie(AGENT, path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'


def set_browser(response: HttpResponse, token: str, days: int = 30) -> None:
    """Hand over the token of a remembered browser."""
    _set(response, BROWSER, token, days * 86_400)


def set_theme(response: HttpResponse, theme: str) -> None:
    """Keep the theme for a year. The page's script changes it too, so this one is not closed to scripts."""
    response.set_cookie(
        THEME, theme, max_age=365 * 86_400, path="/", secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )


def _set(response: HttpResponse, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


class Told(CookieStorage):
    """Django's own, which would take its cookie back at every page, even from browsers that never had it."""

    def _update_cookie(self, encoded_data: Any, response: HttpResponseBase) -> None:
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)  # type: ignore[misc]


class FormSecret(CsrfViewMiddleware):
    """Django's own protection of forms, which would hand its cookie over again at every page.

    The secret is renewed at each sign-in; a browser that never signs in gets another one after a year.
    """

    def _set_csrf_cookie(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if request.COOKIES.get(settings.CSRF_COOKIE_NAME) != request.META["CSRF_COOKIE"]:
            super()._set_csrf_cookie(request, response)  # type: ignore[misc]


_SIGNS = CSRF_ALLOWED_CHARS
_PLACES = {sign: place for place, sign in enumerate(_SIGNS)}
_EVEN = 256 // len(_SIGNS) * len(_SIGNS)
_UNEVEN = bytes(range(_EVEN, 256))
_DRAWN = bytes(place % len(_SIGNS) for place in range(256))


def form_token(request: HttpRequest) -> str:
    """What the forms of this answer carry, another at each answer: the secret behind a mask, as ``get_token`` gives it.

    The mask is drawn in one piece: sign by sign it would cost as much as the rest of the frame.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None or len(secret) != CSRF_SECRET_LENGTH:
        return get_token(request)
    drawn = b""
    while len(drawn) < CSRF_SECRET_LENGTH:
        # Bytes that would make some signs likelier than others are left out.
        drawn += os.urandom(2 * CSRF_SECRET_LENGTH).translate(_DRAWN, _UNEVEN)
    mask = drawn[:CSRF_SECRET_LENGTH]
    hidden = [_SIGNS[(_PLACES[sign] + place) % len(_SIGNS)] for sign, place in zip(secret, mask, strict=True)]
    return "".join([*(_SIGNS[place] for place in mask), *hidden])
