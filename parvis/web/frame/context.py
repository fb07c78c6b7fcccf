"""The frame around each page: who is there, where one can go, what was just done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html

from parvis.agents.selectors.viewings import Viewed
from parvis.identity.steps import next_step
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.selectors import Standing
from parvis.opinions.rules import Journey, journey_named
from parvis.web.frame import cookies
from parvis.web.frame.menu import MenuItem, menu_for
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address

QUESTION = 27
"""The level of a message that is no words but the journey a page asks about (page.asking)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """All the layouts need to know; every field has a value, so that templates stay strict."""

    theme: str | None
    demonstration: bool
    work_date: date | None
    here: str
    made_at: datetime | None = None
    signed_in: bool = False
    person: str = ""
    account_reference: str = ""
    account_name: str = ""
    account_initials: str = ""
    account_count: int = 0
    office_name: str = ""
    user_number: str = ""
    last_seen: datetime | None = None
    menu: list[MenuItem] = field(default_factory=list)
    csrf_input: str = ""
    home_url: str = "/"
    profile_url: str | None = None
    accounts_url: str | None = None
    sign_out_url: str = ""
    help_url: str = ""
    accessibility_url: str = ""
    footer_links: list[tuple[str, str]] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    session_ends_in: int | None = None
    keep_alive_url: str = ""
    unsent: int = 0
    unsent_url: str = ""
    agent: bool = False
    viewing: Viewed | None = None
    opinion: Journey | None = None
    opinion_url: str = ""


def frame_of(request: HttpRequest) -> Frame:
    """The frame of this request; works on every page, error pages included."""
    theme = request.COOKIES.get(cookies.THEME)
    now = getattr(request, "now", None)
    standing = getattr(request, "standing", None)
    told = list(messages.get_messages(request))
    values: dict[str, Any] = {
        "theme": theme if theme in ("light", "dark") else None,
        "demonstration": clock.MAY_LIVE_ELSEWHEN,
        "work_date": clock.day_in_paris(now) if now and clock.MAY_LIVE_ELSEWHEN else None,
        "here": request.path.replace("\0", ""),
        "made_at": now,
        "csrf_input": format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', cookies.form_token(request)
        ),
        "sign_out_url": address("sign-out"),
        "help_url": address("help"),
        "accessibility_url": address("accessibility"),
        "footer_links": [
            ("Accessibilité\u00a0: non conforme", address("accessibility")),
            ("Informatique et libertés", address("personal-data")),
            ("Mentions légales", address("legal-notice")),
            ("Plan du site", address("site-map")),
            ("Délais de traitement", address("processing-times")),
            ("Nous contacter", address("contact")),
        ],
        "messages": [(message.level_tag, str(message)) for message in told if message.level != QUESTION],
        "home_url": address("home"),
    }
    if standing is not None:
        values |= _signed_in(cast(PageRequest, request), standing)
        values |= _question(standing, next((str(one) for one in told if one.level == QUESTION), ""))
        values |= _viewed(getattr(request, "viewed", None), values["menu"])
    elif "entrance" in getattr(request, "frame_extras", {}):
        values |= request.frame_extras["entrance"]  # type: ignore[attr-defined]
    elif getattr(request, "frame_extras", {}).get("across") is not None:
        values |= _across(cast(PageRequest, request), request.frame_extras["across"])  # type: ignore[attr-defined]
    return Frame(**values)


def _signed_in(request: PageRequest, standing: Standing) -> dict[str, Any]:
    return {
        "signed_in": True,
        "person": standing.person if standing.person != standing.landlord_name else standing.login_id,
        "account_reference": standing.account_reference,
        "account_name": standing.landlord_name,
        "account_initials": initials(standing.landlord_name),
        "account_count": standing.account_count,
        "office_name": standing.office_name,
        "user_number": standing.user_number,
        "last_seen": standing.previous_sign_in_at,
        "home_url": address("welcome", standing.account_reference),
        "profile_url": address("profile", standing.account_reference) if next_step(standing.progress) is None else None,
        "accounts_url": address("accounts") if standing.account_count > 1 else None,
        "session_ends_in": max(0, int((standing.session_ends_at - request.now).total_seconds())),
        "keep_alive_url": address("keep-alive"),
        "menu": menu_for(request, standing),
        **_unsent(request, standing),
    }


def _question(standing: Standing, journey: str) -> dict[str, Any]:
    """The journey this page asks about, if it ends one (page.asking)."""
    asked = journey_named(journey) if journey and next_step(standing.progress) is None else None
    return {"opinion": asked, "opinion_url": address("opinion", standing.account_reference)} if asked else {}


def _viewed(viewed: Viewed | None, menu: list[MenuItem]) -> dict[str, Any]:
    """Where an agent reads: whose space it is stands on every page, with the way out; what is the landlord's alone is closed."""
    if viewed is None:
        return {}
    closed: dict[str, Any] = {
        "profile_url": None,
        "accounts_url": None,
        "session_ends_in": None,
        "unsent": 0,
        "opinion": None,
    }
    reference = viewed.standing.account_reference
    closed["menu"] = [
        item for item in menu if item.url in (address("welcome", reference), address("landlord-home", reference))
    ]
    return {"viewing": viewed, "sign_out_url": address("agent-sign-out"), **closed}


def _unsent(request: PageRequest, standing: Standing) -> dict[str, Any]:
    """The July rents typed and not sent: told before a session ends by itself."""
    card = request.frame_extras.get("campaign")
    if card is None or not card.drafted or not request.actor.may(Right.DECLARE):
        return {}
    return {"unsent": card.drafted, "unsent_url": address("july-rents-check", standing.account_reference)}


def across_accounts(request: PageRequest, reference: str = "") -> None:
    """Say that this page is for one who is all the way in, on no account; ``reference`` is the one whose profile opens."""
    request.frame_extras["across"] = reference


def _across(request: PageRequest, reference: str) -> dict[str, Any]:
    if request.visit is None:
        return {}
    return {
        "signed_in": True,
        "profile_url": address("profile", reference) if reference else None,
        "session_ends_in": max(0, int((request.visit.session.ends_at - request.now).total_seconds())),
        "keep_alive_url": address("keep-alive"),
    }


def initials(name: str) -> str:
    """Two letters for the tile of an account: of its long words if it has any."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum() and len(word) > 2] or name.split()
    return "".join(word[0] for word in words[:2]).upper()
