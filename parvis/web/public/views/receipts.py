"""« Vérifier un accusé »: anybody who holds a receipt may know whether it is authentic, and nothing more."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.declarations.selectors.receipts.verified import verify
from parvis.declarations.services.receipts.verification import admit_check
from parvis.kit.periods import hour
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of

LONGEST = 200


@page(public, writes=True)
def verify_receipt(request: PageRequest) -> HttpResponse:
    """Two fields, which a scanned code fills; the answer names neither person nor tenant."""
    asked = request.POST if request.method == "POST" else request.GET
    number, code = (asked.get(name, "").replace("\x00", "")[:LONGEST].strip() for name in ("numero", "code"))
    context = {"number": number, "code": code, "asked": False, "found": None, "paused": ""}
    if request.method == "POST":
        admission = admit_check(address_of(request), request.now)
        if admission.paused_until:
            context["paused"] = hour(admission.paused_until)
            return render(request, "public/receipts/verify.html", context, status=429)
        context |= {"asked": True, "found": verify(number, code)}
    return render(request, "public/receipts/verify.html", context)
