"""Who a visitor is: the browser, in a few words; whether a code is owed; what they typed and never sent (ux.md B23)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from parvis.declarations.selectors import accounts_owing
from parvis.declarations.services.reminders.writing import promised_on
from parvis.identity.selectors.visits import Visit
from parvis.kit.periods import long_day
from parvis.web.frame.requests import PageRequest

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


def owes_code(visit: Visit) -> bool:
    """Whether the mailbox is proved and no code was typed in this session."""
    credential = visit.session.credential
    return visit.session.code_satisfied_at is None and credential is not None and credential.email is not None


def tell_unsent(request: PageRequest, visit: Visit) -> str:
    """Say how many rents wait and when one is reminded; answers the account they wait on, empty when nothing does."""
    if visit.credential_id is None or owes_code(visit):
        return ""
    left = [account for account in accounts_owing(visit.credential_id, at=request.now) if account.drafted]
    if not left:
        return ""
    count = sum(account.drafted for account in left)
    many = count > 1
    words = f"{count}\u00a0loyers saisis ne sont pas transmis." if many else "1\u00a0loyer saisi n’est pas transmis."
    on = promised_on(left[0].id, at=request.now)
    later = f" Nous vous le rappellerons par mail le {long_day(on)}." if on else ""
    messages.warning(request, f"{words} Reconnectez-vous pour {'les' if many else 'le'} transmettre maintenant.{later}")
    return left[0].reference
