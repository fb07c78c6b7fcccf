"""What a request tells of the one who sends it: the browser, in a few words."""

from __future__ import annotations

from django.http import HttpRequest

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_of(request: HttpRequest) -> str:
    """``Firefox sur Windows``: only known words, nothing of what the browser says is repeated."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "Navigateur")
    device = next((name for mark, name in _DEVICES if mark in agent), "")
    return f"{browser} sur {device}" if device else browser
