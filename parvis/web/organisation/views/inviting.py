"""A colleague invited: typed, checked, then sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.models import Account
from parvis.kit.actors import Right
from parvis.kit.periods import moment
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.refusals import AlreadyAUser
from parvis.landlords.selectors.users import grantable_rights, offices_of_landlord
from parvis.landlords.services.users import inviting as services
from parvis.parameters.catalogue import INVITATION_LIFE
from parvis.parameters.selectors import value
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.forms.users import InvitationForm
from parvis.web.organisation.gate import organisation_only
from parvis.web.organisation.words import wish_in_words


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def invite(request: PageRequest) -> HttpResponse:
    """Invite somebody; the check page says it all before anything leaves."""
    form = _form(request)
    known = ""
    if form.is_valid() and "modifier" not in request.POST:
        confirmed = "confirmer" in request.POST
        act = services.invite if confirmed else services.foresee
        try:
            made = act(form.guest, form.wish, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
            known = refusal.reference if isinstance(refusal, AlreadyAUser) else ""
        else:
            return _sent(request, form, made) if isinstance(made, Account) else _check(request, form)
    context = {"form": form, "known": known, "days": value(INVITATION_LIFE)}
    return render(request, "organisation/users/invite.html", context)


def _form(request: PageRequest) -> InvitationForm:
    return InvitationForm(
        request.POST if request.method == "POST" else None,
        possible=grantable_rights(request.actor),
        known_offices=offices_of_landlord(request.actor),
        initial={"profile": "reading", "rights": [], "offices": []},
    )


def _check(request: PageRequest, form: InvitationForm) -> HttpResponse:
    context = {
        "guest": form.guest,
        "repeated": form.repeated,
        "after": wish_in_words(form.wish, request.actor),
        "appoints": form.wish.administers,
        "days": value(INVITATION_LIFE),
    }
    return render(request, "organisation/users/invite_check.html", context)


def _sent(request: PageRequest, form: InvitationForm, account: Account) -> HttpResponse:
    days = value(INVITATION_LIFE)
    valid = f"Elle est valable {days} jours." if days > 1 else "Elle est valable un jour."
    messages.success(request, f"Invitation envoyée à {form.guest.email}, le {moment(request.now)}. {valid}")
    return HttpResponseRedirect(reverse("user", args=[request.standing.account_reference, account.reference]))
