"""The help centre."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


@page(public)
def help_page(request: PageRequest) -> HttpResponse:
    """Questions and answers."""
    return render(request, "public/help/help.html")
