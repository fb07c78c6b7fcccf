"""The cookies: the session, the remembered browser, the theme, and what was just done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase

SESSION = f"{settings.COOKIE_PREFIX}session"
BROWSER = f"{settings.COOKIE_PREFIX}browser"
THEME = "theme"


def session_cookie(request: HttpRequest) -> str:
    """The session's token, or an empty text."""
    return request.COOKIES.get(SESSION, "")


def set_session(response: HttpResponse, token: str) -> None:
    """Hand the session's token to the browser, for this visit only."""
    _set(response, SESSION, token, None)


def drop_session(response: HttpResponse) -> None:
    """Take the session's token back, and with it what the browser kept of the pages."""
    response.delete_cookie(SESSION, path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache"'


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
