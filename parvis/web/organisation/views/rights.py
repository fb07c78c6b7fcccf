"""What a user may do: typed, checked, then written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.periods import day
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords import rules
from parvis.landlords.selectors.users import UserLine, grantable_rights, offices_of_landlord, user_of
from parvis.landlords.services.users import rights as services
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.forms.users import RightsForm
from parvis.web.organisation.gate import organisation_only
from parvis.web.organisation.words import wish_in_words


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def change(request: PageRequest, user: str) -> HttpResponse:
    """Change rights, offices and end; the check page says them all before anything is written."""
    found = user_of(request.actor, user, at=request.now)
    form = _form(request, found)
    if form.is_valid() and "modifier" not in request.POST:
        seen, confirmed = form.cleaned_data["seen"], "confirmer" in request.POST
        act = services.change_rights if confirmed else services.foresee
        try:
            changed = act(user, form.wish, seen=seen, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, found, form, changed=bool(changed), confirmed=confirmed)
    return _show(request, found, form)


def _form(request: PageRequest, user: UserLine) -> RightsForm:
    return RightsForm(
        request.POST if request.method == "POST" else None,
        possible=grantable_rights(request.actor),
        known_offices=offices_of_landlord(request.actor),
        initial={
            "rights": sorted(user.rights),
            "offices": list(user.offices),
            "end_on": day(user.end_on) if user.end_on else "",
            "seen": user.as_seen,
        },
    )


def _done(request: PageRequest, user: UserLine, form: RightsForm, *, changed: bool, confirmed: bool) -> HttpResponse:
    if changed and not confirmed:
        before = rules.Wish(user.rights, frozenset(user.offices), user.end_on)
        words: dict[str, Any] = {
            "user": user,
            "repeated": form.repeated,
            "before": wish_in_words(before, request.actor),
            "after": wish_in_words(form.wish, request.actor),
            "appoints": form.wish.administers and not before.administers,
        }
        return render(request, "organisation/users/rights_check.html", words)
    if changed:
        messages.success(request, f"C’est fait. Les droits de {user.name} sont changés. Un mail le lui dit.")
    else:
        messages.info(request, f"Les droits de {user.name} sont déjà ceux-là. Rien n’a été changé.")
    return HttpResponseRedirect(reverse("user", args=[request.standing.account_reference, user.reference]))


def _show(request: PageRequest, user: UserLine, form: RightsForm) -> HttpResponse:
    context = {"user": user, "form": form, "is_oneself": user.id == request.standing.account_id}
    return render(request, "organisation/users/rights.html", context)
