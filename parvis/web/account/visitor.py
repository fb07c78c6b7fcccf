"""What a request tells of the one who sends it: the address it comes from, the browser in a few words."""

from __future__ import annotations

from django.http import HttpRequest

from parvis.config import environment

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def address_of(request: HttpRequest) -> str:
    """The address a request comes from: our own proxies are believed, what a visitor writes in a header is not."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not environment.PROXY_COUNT:
        return direct
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return told[-environment.PROXY_COUNT] if len(told) >= environment.PROXY_COUNT else direct


def browser_of(request: HttpRequest) -> str:
    """``Firefox sur Windows``: only known words, nothing of what the browser says is repeated."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "Navigateur")
    device = next((name for mark, name in _DEVICES if mark in agent), "")
    return f"{browser} sur {device}" if device else browser
