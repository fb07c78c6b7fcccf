"""« Vérifier un accusé »: anybody who holds a receipt may know whether it is authentic, and nothing more."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from parvis.config import environment
from parvis.declarations.selectors.receipts import verify
from parvis.identity import rules
from parvis.identity.services import limits
from parvis.kit.periods import hour
from parvis.kit.references import keyed_fingerprint
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

CHECKS = 20
WINDOW = timedelta(minutes=10)
LONGEST = 40


@page(public, writes=True)
def verify_receipt(request: PageRequest) -> HttpResponse:
    """Two fields, which a scanned code fills; the answer names neither person nor tenant."""
    asked = request.POST if request.method == "POST" else request.GET
    number, code = (asked.get(name, "").replace("\x00", "")[:LONGEST].strip() for name in ("numero", "code"))
    context = {"number": number, "code": code, "asked": False, "found": None, "paused": ""}
    if request.method == "POST":
        admission = limits.admit([_bucket(request)], at=request.now)
        if admission.paused_until:
            context["paused"] = hour(admission.paused_until)
            return render(request, "public/receipts/verify.html", context, status=429)
        context |= {"asked": True, "found": verify(number, code)}
    return render(request, "public/receipts/verify.html", context)


def _bucket(request: HttpRequest) -> limits.Bucket:
    """Checks from one neighbourhood of addresses: eight characters are not to be found by trying."""
    key = keyed_fingerprint("receipt checks", rules.network_of(_address(request)))
    return limits.Bucket(key, CHECKS, WINDOW)


def _address(request: HttpRequest) -> str:
    """Where the request comes from: our own proxies are believed, what a visitor writes in a header is not."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if environment.PROXY_COUNT and len(told) >= environment.PROXY_COUNT:
        return told[-environment.PROXY_COUNT]
    return str(request.META.get("REMOTE_ADDR", ""))
