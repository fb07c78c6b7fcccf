"""« Bienvenue »: the services this account may open."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.kit.actors import Right
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

LANDLORD_SPACE = (Right.CONSULT, Right.DECLARE, Right.PAYMENTS, Right.BANK_DETAILS)


@page(account_pages)
def welcome(request: PageRequest) -> HttpResponse:
    """The first page of an account: its services, as tiles that appear by right."""
    may_open = any(request.actor.may(right) for right in LANDLORD_SPACE)
    return render(request, "account/home/welcome.html", {"standing": request.standing, "may_open": may_open})
