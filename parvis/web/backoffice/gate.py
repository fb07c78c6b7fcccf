"""Pages of agents: a proved session of their own, and a duty.

What an agent may not do at all is a page that says so; what belongs to an office they have no post at does not exist for them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from parvis.agents.selectors.standing import AgentStanding, agent_standing_of
from parvis.agents.services import sessions
from parvis.kit import clock
from parvis.kit.actors import Duty
from parvis.kit.refusals import DutyMissing, NotAllowed, NotFound
from parvis.web.backoffice.menu import menu_for
from parvis.web.frame import cookies, errors
from parvis.web.frame.context import initials
from parvis.web.frame.page import Access
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address

KEEP_ALIVE_EVERY_SECONDS = 60
LONGEST_NEXT = 300


class AgentRequest(PageRequest):
    """A request admitted to the back office; ``agent`` is who asks. On the pages of the door, ``came_as`` may be nobody.
    Of a file, ``paper_read`` is the paper the answer is, if it is one: what it is about, and its name.
    """

    agent: AgentStanding
    paper_read: tuple[str, str] | None
    came_as: AgentStanding | None


View = Callable[..., HttpResponseBase]


def door(*, writes: bool = False) -> Callable[[View], View]:
    """Declare a page of the entrance: anybody may ask for it."""
    return _declared(Access("agent:door", agent=True), writes, _admit_at_the_door)


def agent_page(duty: Duty | None = None, *, writes: bool = False) -> Callable[[View], View]:
    """Declare a page of the back office; ``duty`` must be held somewhere, the view asks where."""

    def admit(request: AgentRequest) -> HttpResponse | None:
        refused = _admit_inside(request)
        if refused is None and duty is not None and not request.actor.holds(duty):
            return _missing(request, duty.label)
        return refused

    return _declared(Access(f"agent:{duty.value if duty else 'any'}", agent=True), writes, admit)


def _declared(
    access: Access, writes: bool, admit: Callable[[AgentRequest], HttpResponse | None]
) -> Callable[[View], View]:
    def declare(view: View) -> View:
        @wraps(view)
        def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD") and not (writes and request.method == "POST"):
                return HttpResponseNotAllowed(["GET", "POST"] if writes else ["GET"])
            admission = cast(AgentRequest, request)
            admission.now, admission.visit = clock.now(), None
            admission.frame_extras = {"entrance": _outside()}
            refused = admit(admission)
            if refused is not None:
                return refused
            if "\0" in request.path:
                return errors.not_found(admission)
            _without_nul(request)
            try:
                return view(admission, *args, **kwargs)
            except NotFound as refusal:
                return errors.not_found(admission, refusal)
            except DutyMissing as refusal:
                return _missing(admission, refusal.duty_label)
            except NotAllowed as refusal:
                return _missing(admission, refusal.right_label)

        admitted.access = access  # type: ignore[attr-defined]
        admitted.writes = writes  # type: ignore[attr-defined]
        return admitted

    return declare


def _without_nul(request: HttpRequest) -> None:
    """What an address asks for, as the database can be asked it: nobody types a null character."""
    if any("\0" in value for values in request.GET.lists() for value in values[1]):
        asked = request.GET.copy()
        for name, values in request.GET.lists():
            asked.setlist(name, [value.replace("\0", "") for value in values])
        request.GET = asked  # type: ignore[assignment]


def _admit_at_the_door(request: AgentRequest) -> HttpResponse | None:
    cookie = request.COOKIES.get(cookies.AGENT, "")
    request.came_as = agent_standing_of(cookie, at=request.now) if cookie else None
    return None


def _admit_inside(request: AgentRequest) -> HttpResponse | None:
    _admit_at_the_door(request)
    agent = request.came_as
    if agent is None:
        return HttpResponseRedirect(_with_next("agent-sign-in", request))
    if not agent.is_proved:
        return HttpResponseRedirect(_with_next("agent-code", request))
    if (request.now - agent.seen_at).total_seconds() > KEEP_ALIVE_EVERY_SECONDS:
        sessions.keep_alive(agent.session_id, created_at=agent.created_at, at=request.now)
    request.agent, request.actor = agent, agent.actor
    request.frame_extras["entrance"] = {**_outside(), **_inside(request, agent)}
    return None


def _with_next(name: str, request: AgentRequest) -> str:
    asked = request.get_full_path()
    wanted = asked if request.method == "GET" and len(asked) <= LONGEST_NEXT else ""
    return f"{reverse(name)}?{urlencode({'suite': wanted})}" if wanted else reverse(name)


def wanted(request: AgentRequest) -> str:
    """The page asked for before sign-in, if it is one of the back office; else its home."""
    suite = request.GET.get("suite", "")
    ours = url_has_allowed_host_and_scheme(suite, allowed_hosts=None) and "\\" not in suite and ".." not in suite
    return suite if ours and suite.startswith("/agents/") and len(suite) <= LONGEST_NEXT else reverse("agent-home")


def _outside() -> dict[str, Any]:
    """What the frame says at the entrance: no help meant for landlords, no links of theirs."""
    return {
        "agent": True,
        "office_name": "Espace agent",
        "home_url": address("agent-home"),
        "help_url": "",
        "footer_links": [("Accessibilité\u00a0: non conforme", address("accessibility"))],
    }


def _inside(request: AgentRequest, agent: AgentStanding) -> dict[str, Any]:
    return {
        "signed_in": True,
        "person": agent.login,
        "account_name": agent.person,
        "account_initials": initials(agent.person),
        "last_seen": agent.previous_sign_in_at,
        "help_url": address("agent-calls"),
        "profile_url": address("agent-own"),
        "sign_out_url": address("agent-sign-out"),
        "session_ends_in": max(0, int((agent.ends_at - request.now).total_seconds())),
        "keep_alive_url": address("agent-keep-alive"),
        "menu": menu_for(request.path, agent.actor),
    }


def _missing(request: AgentRequest, duty_label: str) -> HttpResponse:
    """403: the page exists, the role does not reach it."""
    return render(request, "backoffice/not_allowed.html", {"duty_label": duty_label}, status=403)
