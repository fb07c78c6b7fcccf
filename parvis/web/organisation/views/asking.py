"""« Demander ce droit », and the answer of an administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.selectors.users import administrators, grantable_rights, own_partner, request_of, user_of
from parvis.landlords.services.users import asking as services
from parvis.landlords.services.users.deciding import name_of
from parvis.web.frame.page import account_pages, needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.forms.users import AskForm
from parvis.web.organisation.gate import organisation_only
from parvis.web.organisation.words import rights_in_words


@page(account_pages, writes=True)
@organisation_only
def ask(request: PageRequest) -> HttpResponse:
    """Ask the administrators for a right one lacks; ``?droit=…`` is the one a page has just refused for."""
    lacking = [right for right in grantable_rights(request.actor) if not request.actor.may(right)]
    initial = {"right": request.GET.get("droit", "")}
    form = AskForm(request.POST if request.method == "POST" else None, lacking=lacking, initial=initial)
    if form.is_valid():
        try:
            asked = services.ask_right(Right(form.cleaned_data["right"]), by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.info(request, refusal.sentence)
        else:
            sentence = "C’est fait. Votre demande est partie." if asked else "Votre demande est déjà partie."
            messages.success(request, f"{sentence} Vous recevrez la réponse par mail.")
        return HttpResponseRedirect(reverse("welcome", args=[request.standing.account_reference]))
    people = [name_of(account) for account in administrators(own_partner(request.actor), at=request.now)]
    return render(request, "organisation/users/ask.html", {"form": form, "lacking": lacking, "people": people})


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def answer(request: PageRequest, right_request: int) -> HttpResponse:
    """Grant or decline what a user asked for."""
    asked = request_of(request.actor, right_request)
    found = user_of(request.actor, asked.account.reference, at=request.now)
    choice = request.POST.get("reponse") if request.method == "POST" else None
    if choice in ("accorder", "refuser"):
        grant = choice == "accorder"
        try:
            services.answer_request(asked.pk, grant=grant, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            given = "Le droit est accordé" if grant else "Le droit n’est pas accordé"
            messages.success(request, f"C’est fait. {given}. {found.name} reçoit un mail.")
        return HttpResponseRedirect(reverse("user", args=[request.standing.account_reference, found.reference]))
    context = {"asked": asked, "right": Right(asked.right), "user": found, "rights": rights_in_words(found)}
    return render(request, "organisation/users/answer.html", context)
