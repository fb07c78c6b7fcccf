"""A page is a declaration: who may see it, whether it writes. What is not declared is not served (tests/house).

The frame finds who is there, makes the actor and the moment, sends people to the step they still owe, and turns
refusals into pages. "Not yours" and "no such thing" are one answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from parvis.identity.selectors.visits import NoVisit, ended_visit_of, visit_of
from parvis.identity.services import sessions
from parvis.identity.steps import Step, next_step
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.landlords.selectors import closed_access_of, standing_of
from parvis.web.frame import cookies, errors
from parvis.web.frame.page import viewing
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.visitor import tell_unsent


@dataclass(frozen=True, slots=True)
class Access:
    """Who may see a page.

    ``account`` pages name an account in their address and open to its signed-in owner alone; ``step`` pages do too, but
    before sign-in is complete; ``right`` narrows further; ``demonstration`` pages exist on such instances only; ``agent`` pages
    are those of the other entrance (:mod:`parvis.web.backoffice.gate`).
    """

    code: str
    account: bool = False
    step: bool = False
    right: Right | None = None
    demonstration: bool = False
    agent: bool = False


public = Access("public")
steps = Access("steps", account=True, step=True)
account_pages = Access("account", account=True)
demonstration = Access("demonstration", demonstration=True)


def needing(right: Right) -> Access:
    """Pages of one's account that demand a right."""
    return Access(f"account:{right.value}", account=True, right=right)


STEP_ADDRESSES = {
    Step.CODE: "sign-in-code",
    Step.INFORMATION: "first-information",
    Step.LINK: "link",
    Step.PERSON: "person",
    Step.EMAIL: "first-email",
    Step.PASSWORD: "first-password",
    Step.RULES: "first-rules",
    Step.TERMS: "first-terms",
    Step.WELCOME: "first-done",
}

View = Callable[..., HttpResponseBase]
KEEP_ALIVE_EVERY_SECONDS = 60
LOST = "envoi"
"""What the address of the sign-in page says where a form came after the end of the session: nothing of it was written."""


def page(access: Access, *, writes: bool = False) -> Callable[[View], View]:
    """Declare a view: its access, and whether it writes (POST). A page that does not write answers GET only."""

    def declare(view: View) -> View:
        @wraps(view)
        def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD") and not (writes and request.method == "POST"):
                return HttpResponseNotAllowed(["GET", "POST"] if writes else ["GET"])
            admission = cast(PageRequest, request)
            admission.now = clock.now()
            admission.frame_extras = {}
            refused = _admit(admission, access, kwargs)
            if refused is not None:
                return refused
            try:
                if viewing.of(admission) is not None:
                    return viewing.read(admission, lambda: view(admission, *args, **kwargs))
                return view(admission, *args, **kwargs)
            except NotFound as refusal:
                return errors.not_found(admission, refusal)
            except NotAllowed as refusal:
                return errors.not_allowed(admission, refusal)

        admitted.access = access  # type: ignore[attr-defined]
        admitted.writes = writes  # type: ignore[attr-defined]
        return admitted

    return declare


def _admit(request: PageRequest, access: Access, kwargs: dict[str, Any]) -> HttpResponse | None:
    if access.demonstration and not clock.MAY_LIVE_ELSEWHEN:
        return errors.not_found(request)
    if not access.account:
        cookie = cookies.session_cookie(request)
        found = visit_of(cookie, at=request.now) if cookie else NoVisit.UNKNOWN
        request.visit = None if isinstance(found, NoVisit) else found
        return None
    return _admit_to_account(request, access, kwargs.pop("account"))


def _admit_to_account(request: PageRequest, access: Access, reference: str) -> HttpResponse | None:
    cookie = viewing.landlords_cookie(request)
    standing = standing_of(cookie, reference, at=request.now) if cookie else None
    if standing is None:
        seen = viewing.admit(request, access, reference)
        if seen.is_for_an_agent:
            return seen.refused
        return _not_theirs(request, cookie, reference) if cookie else errors.not_found(request)
    request.standing, request.actor = standing, standing.actor
    if (request.now - standing.session_seen_at).total_seconds() > KEEP_ALIVE_EVERY_SECONDS:
        sessions.keep_alive(standing.session_id, created_at=standing.session_created_at, at=request.now)
    if not access.step:
        step = next_step(standing.progress)
        if step is not None:
            return HttpResponseRedirect(reverse(STEP_ADDRESSES[step], args=[reference]))
        if access.right is not None and not standing.actor.may(access.right):
            return errors.not_allowed(request, NotAllowed(access.right.label))
    return None


def _not_theirs(request: PageRequest, cookie: str, reference: str) -> HttpResponse:
    """Their access was closed while they worked, their session has ended, or there is no such account for them."""
    visit, closed = visit_of(cookie, at=request.now), closed_access_of(cookie, reference)
    if closed is not None:
        on = clock.day_in_paris(closed.closed_at) if closed.closed_at else None
        messages.warning(request, errors.closed_sentence(closed.landlord_name, on))
        if not isinstance(visit, NoVisit):
            return HttpResponseRedirect(reverse("accounts"))
        response = HttpResponseRedirect(reverse("sign-in"))
        cookies.drop_session(response)
        return response
    if visit is not NoVisit.ENDED:
        return errors.not_found(request)
    ended = ended_visit_of(cookie, at=request.now) if request.method == "GET" else None
    if ended is not None:
        tell_unsent(request, ended)
    return _back_to_sign_in(request)


def _back_to_sign_in(request: PageRequest) -> HttpResponse:
    """To sign-in, then to this page again, as it was searched and paged; what was just sent is lost, and the sign-in page says so.

    The cookie goes with a page that is asked for. What a script sent by itself leaves it: its page, loaded again, must still be
    known to be one whose session ended.
    """
    asked = request.method in ("GET", "HEAD")
    query = urlencode({"fin": "1" if asked else LOST, "suite": request.get_full_path()})
    response = HttpResponseRedirect(f"{reverse('sign-in')}?{query}")
    if asked:
        cookies.drop_session(response)
    return response
