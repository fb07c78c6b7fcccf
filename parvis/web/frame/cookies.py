"""The three cookies: the session, the remembered browser, the theme."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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
