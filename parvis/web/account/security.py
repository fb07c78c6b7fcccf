"""« Sécurité »: when a code was typed, when the next one is due, and the last visit that is not this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from parvis.identity.models import Session
from parvis.identity.selectors.access import access_of
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import hour, long_day
from parvis.parameters.catalogue import CODE_DELAY
from parvis.parameters.selectors import duration
from parvis.web.frame import cookies
from parvis.web.frame.requests import PageRequest

_NEAR = {-1: "hier", 0: "aujourd’hui", 1: "demain"}
AT_NEXT_SIGN_IN = "à la prochaine connexion"


@dataclass(frozen=True, slots=True)
class Security:
    """The sentences of the panel, and the page that closes everything."""

    sentences: list[str]
    not_me_url: str


def near_day(moment: datetime, *, at: datetime) -> str:
    """« hier », « aujourd’hui », « demain », or « le 21 juillet 2026 »."""
    days = (day_in_paris(moment) - day_in_paris(at)).days
    return _NEAR.get(days, f"le {long_day(day_in_paris(moment))}")


def security_of(request: PageRequest, session: Session) -> Security:
    """What is said to one who is all the way in."""
    known = access_of(session, request.COOKIES.get(cookies.BROWSER, ""))
    sentences = []
    if session.code_satisfied_at is not None:
        typed = f"{near_day(session.code_satisfied_at, at=request.now)} à {hour(session.code_satisfied_at)}"
        due = _next_code(known.code_at, duration(CODE_DELAY), at=request.now)
        sentences.append(f"Identité vérifiée par code {typed}. Prochain code\u00a0: {due}.")
    if known.last_at is None:
        sentences.append("Aucun autre accès n’est connu.")
    else:
        seen = f"{near_day(known.last_at, at=request.now)} à {hour(known.last_at)}"
        sentences.append(f"Dernier accès\u00a0: {seen}{', ' if known.browser else ''}{known.browser}.")
    return Security(sentences, reverse("profile-freeze", args=[known.reference]) if known.reference else "")


def _next_code(code_at: datetime | None, delay: timedelta, *, at: datetime) -> str:
    due = code_at + delay if code_at is not None else at
    return AT_NEXT_SIGN_IN if due <= at else f"{near_day(due, at=at)} à {hour(due)}"
