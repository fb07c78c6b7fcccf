"""« Était-ce simple ? »: an answer to the question that stands at the end of a journey."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from parvis.kit.refusals import Refusal
from parvis.opinions.rules import Journey, journey_named
from parvis.opinions.services import answer
from parvis.web.account.forms.profile import OpinionForm
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.page.asking import way_back
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

THANKS = "Merci. Votre avis est compté, sans votre nom."
GIVEN = "Votre avis de ce trimestre est déjà compté. Merci."


@page(account_pages, writes=True)
def opinion(request: PageRequest) -> HttpResponse:
    """Counted, then back; what is no answer is asked again, with what was typed."""
    back = way_back(request, request.POST.get("retour", ""))
    journey = journey_named(request.POST.get("parcours", ""))
    if journey is None:
        return HttpResponseRedirect(back)
    form = OpinionForm(request.POST)
    if form.is_valid() and _counted(request, journey, form):
        return HttpResponseRedirect(back)
    context = {"form": form, "journey": journey, "back": back}
    return render(request, "account/profile/opinion.html", context)


def _counted(request: PageRequest, journey: Journey, form: OpinionForm) -> bool:
    given, credential = form.cleaned_data, request.standing.credential_id
    try:
        was_asked = answer(credential, journey, given["score"], given["remark"], at=request.now)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, THANKS if was_asked else GIVEN)
    return True
