"""« Était-ce simple ? »: asked on the page a journey ends on, once a quarter a person; the journey is over, nothing waits for it.

The question comes as a message does: on the next page that is shown, once. The address of that page is nobody's but its own.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.opinions import services
from parvis.opinions.rules import Journey
from parvis.web.frame.context import QUESTION
from parvis.web.frame.requests import PageRequest

LONGEST_RETURN = 300


def ended(request: PageRequest, journey: Journey, url: str) -> HttpResponseRedirect:
    """To the last page of a journey that went well, with the question where it may be asked."""
    if services.may_ask(request.standing.credential_id, at=request.now):
        messages.add_message(request, QUESTION, journey.value)
    return HttpResponseRedirect(url)


def way_back(request: PageRequest, asked: str) -> str:
    """The page of this account that somebody answered on; its home where none is told."""
    account = request.standing.account_reference
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and len(asked) <= LONGEST_RETURN
    inside = asked.startswith(f"/c/{account}/") and ".." not in asked and "\\" not in asked
    return asked if ours and inside else reverse("landlord-home", args=[account])
