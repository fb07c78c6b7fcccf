"""Where one goes next: the step still owed, the page that was asked for, the choice of an account, or home; and who may
work on all of their accounts at once."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from parvis.identity.selectors.visits import Visit
from parvis.identity.steps import Step, is_open, next_step
from parvis.landlords.selectors import Standing, accounts_of, standing_of
from parvis.web.frame import cookies
from parvis.web.frame.page import STEP_ADDRESSES
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.visitor import owes_code as owes_code

LONGEST_NEXT = 300
ALL_RENTS = "/comptes/loyers-a-declarer/"
"""Pages of all accounts at once that a mail leads to."""


def wanted(request: PageRequest) -> str:
    """The page asked for before sign-in, if it is one of ours, of an account or of the rents of all; else nothing.

    What was searched on it is left out where it would be too long.
    """
    address = request.GET.get("suite", "")
    address = address if len(address) <= LONGEST_NEXT else address.partition("?")[0]
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    plain = len(address) <= LONGEST_NEXT and "\\" not in address and ".." not in address
    return address if ours and plain and address.startswith(("/c/", ALL_RENTS)) else ""


def inside(reference: str, account_count: int, suite: str) -> str:
    """The first page of one who is all the way in."""
    if suite.startswith((f"/c/{reference}/", ALL_RENTS)) or (suite and account_count > 1):
        return suite
    return reverse("accounts") if account_count > 1 else reverse("welcome", args=[reference])


def code_page(reference: str, suite: str) -> str:
    """The page of the code, which remembers the page asked for."""
    address = reverse("sign-in-code", args=[reference])
    return f"{address}?{urlencode({'suite': suite})}" if suite else address


def elsewhere(request: PageRequest, step: Step) -> HttpResponse | None:
    """Where to go instead, when ``step`` is not the one this account owes now; None when it is."""
    if is_open(step, request.standing.progress):
        return None
    owed = next_step(request.standing.progress)
    reference = request.standing.account_reference
    if owed is None:
        return HttpResponseRedirect(inside(reference, request.standing.account_count, wanted(request)))
    return HttpResponseRedirect(reverse(STEP_ADDRESSES[owed], args=[reference]))


def onward(request: PageRequest) -> HttpResponseRedirect:
    """After a step of the first sign-in: home, which sends to the step still owed."""
    return HttpResponseRedirect(reverse("welcome", args=[request.standing.account_reference]))


def first_code_page(credential_id: int) -> str:
    """The page of the code, in the name of the first account."""
    first = accounts_of(credential_id, size=1).lines
    return code_page(first[0].reference, "") if first else reverse("sign-in")


def not_in_yet(request: PageRequest) -> HttpResponse | None:
    """Where one who is not all the way in has to go first: to sign-in, to the code, to the choice of accounts; else None."""
    visit = request.visit
    if visit is None or visit.credential_id is None:
        asked = request.get_full_path() if request.method == "GET" and request.path.startswith(ALL_RENTS) else ""
        query = f"?{urlencode({'suite': asked})}" if asked else ""
        return HttpResponseRedirect(f"{reverse('sign-in')}{query}")
    if owes_code(visit):
        return HttpResponseRedirect(first_code_page(visit.credential_id))
    return HttpResponseRedirect(reverse("accounts")) if _owes_a_step(visit) else None


def _owes_a_step(visit: Visit) -> bool:
    """Whether the credential itself is not ready: no mailbox yet, a provisional password, accounts waiting to be linked."""
    credential = visit.session.credential
    if credential is None or credential.email is None or credential.owes_password:
        return True
    return "link" in visit.session.notes


def standing_on(request: PageRequest, reference: str) -> Standing | None:
    """The visitor on one of their own accounts, as its pages would admit them; None where they would not."""
    cookie = cookies.session_cookie(request)
    standing = standing_of(cookie, reference, at=request.now) if cookie else None
    return standing if standing is not None and next_step(standing.progress) is None else None
