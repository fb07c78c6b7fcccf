"""Where one goes next: the step still owed, the page that was asked for, the choice of an account, or home."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from parvis.identity.steps import Step, is_open, next_step
from parvis.web.frame.page import STEP_ADDRESSES
from parvis.web.frame.requests import PageRequest

LONGEST_NEXT = 300


def wanted(request: PageRequest) -> str:
    """The page asked for before sign-in, if it is one of ours and of an account; else nothing."""
    address = request.GET.get("suite", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    plain = len(address) <= LONGEST_NEXT and "\\" not in address and ".." not in address
    return address if ours and plain and address.startswith("/c/") else ""


def inside(reference: str, account_count: int, suite: str) -> str:
    """The first page of one who is all the way in."""
    if suite.startswith(f"/c/{reference}/") or (suite and account_count > 1):
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
