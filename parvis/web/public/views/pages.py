"""Pages anybody may read: the door, help, legal texts, how to reach an office."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from parvis.landlords.selectors import offices
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

LONGEST_POSTCODE = 10


@page(public)
def home(request: PageRequest) -> HttpResponse:
    """« Espace Partenaires »: what this is, and the ways in."""
    signed_in = request.visit is not None and request.visit.credential_id is not None
    return render(request, "public/home/home.html", {"signed_in": signed_in})


@page(public)
def help_page(request: PageRequest) -> HttpResponse:
    """Questions and answers."""
    return render(request, "public/help/help.html")


@page(public)
def accessibility(request: PageRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "public/texts/accessibility.html")


@page(public)
def personal_data(request: PageRequest) -> HttpResponse:
    """What is kept about people, why, how long, and their rights."""
    return render(request, "public/texts/personal_data.html")


@page(public)
def legal_notice(request: PageRequest) -> HttpResponse:
    """Who publishes this instance, and under which licence."""
    return render(request, "public/texts/legal_notice.html", {"public_url": settings.PUBLIC_URL})


@page(public)
def contact(request: PageRequest) -> HttpResponse:
    """Every office, or that of a postcode."""
    postcode = request.GET.get("cp", "").replace("\x00", "").strip()[:LONGEST_POSTCODE]
    return render(request, "public/contact/contact.html", {"offices": offices(postcode), "postcode": postcode})
