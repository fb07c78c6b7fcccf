"""« Je n’ai plus cette adresse mail » : for individuals, a letter whose password lets one give another mailbox."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.refusals import Refusal
from parvis.landlords.services import lost_mailbox as services
from parvis.parameters.catalogue import LETTER_AGAIN_AFTER, POSTAL_DELIVERY, VALID_BY_LETTER
from parvis.parameters.selectors import value
from parvis.web.account.forms.recovery import LetterForm, UserNumberForm
from parvis.web.account.steady import steady
from parvis.web.frame import visitor
from parvis.web.frame.codes import hand_over
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of

WRONG = "Ces deux informations ne vont pas ensemble, ou la lettre a déjà servi, ou elle est trop ancienne."


@page(public, writes=True)
def lost(request: PageRequest) -> HttpResponse:
    """Ask the letter: user number and postcode; the same answer for all."""
    form = UserNumberForm(request.POST if request.method == "POST" else None, at=request.now)
    if request.method != "POST" or form.wants_another or not form.is_valid():
        return render(request, "account/recovery/mailbox/lost.html", {"form": form, "delivery": value(POSTAL_DELIVERY)})
    number, postcode = form.cleaned_data["user_number"], form.cleaned_data["postcode"]
    with steady():
        services.ask_letter(number, postcode, address=address_of(request), at=request.now)
    return HttpResponseRedirect(reverse("mailbox-lost-asked"))


@page(public)
def asked(request: PageRequest) -> HttpResponse:
    """« Si un compte de particulier correspond, une lettre part »."""
    context = {
        "delivery": value(POSTAL_DELIVERY),
        "again": value(LETTER_AGAIN_AFTER),
        "valid": value(VALID_BY_LETTER),
    }
    return render(request, "account/recovery/mailbox/asked.html", context)


@page(public, writes=True)
def letter(request: PageRequest) -> HttpResponse:
    """The letter has come: its password opens the steps of a first sign-in, the new mailbox first."""
    form = LetterForm(request.POST if request.method == "POST" else None, at=request.now)
    if request.method == "POST" and not form.wants_another and form.is_valid():
        typed, password = form.cleaned_data["identifier"], form.cleaned_data["password"]
        address, browser = address_of(request), visitor.browser_of(request)
        try:
            with steady():
                found = services.come_back(typed, password, address=address, browser=browser, at=request.now)
        except Refusal:
            found = None
        if found is not None:
            return _welcome_back(request, found[0].reference, found[1].token)
        form.add_error("password", WRONG)
    note = form.reading.note if form.is_bound else ""
    return render(request, "account/recovery/mailbox/letter.html", {"form": form, "note": note})


def _welcome_back(request: PageRequest, reference: str, token: str) -> HttpResponse:
    messages.success(request, "La lettre est reconnue. Indiquez votre nouvelle adresse mail, puis un mot de passe.")
    response = HttpResponseRedirect(reverse("welcome", args=[reference]))
    hand_over(request, response, token)
    return response
