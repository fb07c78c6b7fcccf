"""Where the e-mail of an invitation leads: who invites, where, to do what, and what comes next."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.landlords.selectors.invitations import welcome_of
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.words import RIGHT_SENTENCES


@page(public)
def invitation(request: PageRequest, invitation: str) -> HttpResponse:
    """The landing page; of a link that serves no more, whatever the reason, one sentence that reveals nothing."""
    welcome = welcome_of(invitation, at=request.now)
    if welcome is None:
        return render(request, "organisation/invitation/over.html", status=404)
    context = {
        "welcome": welcome,
        "rights": [RIGHT_SENTENCES[right] for right in welcome.rights],
        "link": invitation,
    }
    return render(request, "organisation/invitation/welcome.html", context)
