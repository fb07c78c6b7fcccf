"""« Identifiant perdu », the user number, and the door of the first sign-in."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.landlords.services import credentials
from parvis.parameters.catalogue import (
    LETTER_AGAIN_AFTER,
    PASSWORD_AFTER_LETTER,
    POSTAL_DELIVERY,
    VALID_BY_EMAIL,
    VALID_BY_LETTER,
)
from parvis.parameters.selectors import value
from parvis.web.account.forms.recovery import SiretForm, UserNumberForm
from parvis.web.account.steady import steady
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of


@page(public, writes=True)
def lost(request: PageRequest) -> HttpResponse:
    """The identifier again, by mail or by post. Letters on their way are told, to who knows the postcode as well."""
    form = UserNumberForm(request.POST if request.method == "POST" else None, at=request.now)
    if request.method != "POST" or form.wants_another or not form.is_valid():
        return render(request, "account/recovery/identifier/lost.html", {"form": form})
    number, postcode, address = form.cleaned_data["user_number"], form.cleaned_data["postcode"], address_of(request)
    with steady():
        journey = credentials.journey_of(number, postcode, address=address, at=request.now)
        if journey is None or not journey.travels(request.now):
            credentials.identifier_lost(number, postcode, address=address, at=request.now)
    context = {"journey": journey, "travels": journey is not None and journey.travels(request.now)}
    known = {"delivery": value(POSTAL_DELIVERY), "every": credentials.REMINDED_EVERY // timedelta(minutes=1)}
    return render(request, "account/recovery/identifier/asked.html", {**context, **known})


@page(public, writes=True)
def user_number(request: PageRequest) -> HttpResponse:
    """Where the user number is printed; an organisation can have it sent again by its SIRET."""
    form = SiretForm(request.POST if request.method == "POST" else None, at=request.now)
    if request.method != "POST" or form.wants_another or not form.is_valid():
        return render(request, "account/recovery/identifier/user_number.html", {"form": form})
    with steady():
        credentials.user_number_lost(form.cleaned_data["siret"], address=address_of(request), at=request.now)
    return HttpResponseRedirect(reverse("user-number-asked"))


@page(public)
def user_number_asked(request: PageRequest) -> HttpResponse:
    """« Si cet organisme est connu, son numéro part »."""
    return render(request, "account/recovery/identifier/user_number_asked.html")


@page(public)
def first_door(request: PageRequest) -> HttpResponse:
    """« C’est ma première connexion » : what one needs, in which order, and what to do when it is missing."""
    context = {
        "by_email": value(VALID_BY_EMAIL),
        "by_letter": value(VALID_BY_LETTER),
        "between": value(PASSWORD_AFTER_LETTER),
        "delivery": value(POSTAL_DELIVERY),
        "again": value(LETTER_AGAIN_AFTER),
    }
    return render(request, "account/recovery/identifier/first_door.html", context)
