"""The yearly review of rights, confirmed in one click; and rights that slept for want of use, given back in one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.selectors.supervised import review_of
from parvis.landlords.selectors.users import user_of
from parvis.landlords.services.supervision import reviewing, unused
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.gate import organisation_only
from parvis.web.organisation.words import row_of

ALREADY = "C’était déjà fait. Rien n’a été changé."


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def review(request: PageRequest) -> HttpResponse:
    """« Revoir les droits »: everybody who may come in, on one page, and one button."""
    here = reverse("rights-review", args=[request.standing.account_reference])
    if request.method == "POST":
        try:
            done = reviewing.confirm(request.POST.get("seen", ""), by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "C’est fait. La prochaine revue est dans un an." if done else ALREADY)
        return HttpResponseRedirect(here)
    found = review_of(request.actor, at=request.now)
    context = {"review": found, "rows": [row_of(user) for user in found.users], "seen": reviewing.as_seen(found)}
    return render(request, "organisation/users/review.html", context)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def give_back(request: PageRequest, user: str) -> HttpResponse:
    """« Rendre ces droits »."""
    found = user_of(request.actor, user, at=request.now)
    if request.method == "POST":
        try:
            done = unused.give_back(found.reference, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "C’est fait. La personne retrouve ses droits." if done else ALREADY)
    return HttpResponseRedirect(reverse("user", args=[request.standing.account_reference, user]))
