"""« Mes informations »: what the office knows, another address, other telephones and mail."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.models import ChangeRequest, DraftForm
from parvis.changes.rules import Address
from parvis.changes.selectors.known import declaring_accounts, declaring_names, known_of
from parvis.changes.services import information as services
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.changes.information import AddressForm, ContactForm
from parvis.web.landlord.views.changes.keeping import asks_to_keep, kept_alone, left_in, typed_before


@page(needing(Right.DECLARE))
def overview(request: PageRequest) -> HttpResponse:
    """The landlord as each office knows it, with what is on its way."""
    context = {"known": known_of(request.actor), "standing": request.standing}
    return render(request, "landlord/changes/information.html", context)


@page(needing(Right.DECLARE), writes=True)
def address(request: PageRequest) -> HttpResponse:
    """Where letters shall go."""
    known, accounts = known_of(request.actor), declaring_accounts(request.actor, at=request.now)
    if not known:
        raise NotFound
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.ADDRESS, AddressForm)
    left = left_in(request, DraftForm.ADDRESS)
    first = {"country": "FR", "from_day": f"{day_in_paris(request.now):%d/%m/%Y}", "everywhere": "no"}
    first |= typed_before(left, AddressForm)
    form = AddressForm(request.POST if request.method == "POST" else None, accounts=accounts, initial=first)
    if form.is_valid():
        try:
            asked = _asked(request, form)
            messages.success(request, where_letters_go(form.address(), form.cleaned_data["from_day"]))
            return to_requests(request, asked)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "known": known, "accounts": accounts, "left": left, "standing": request.standing}
    context["accounts_named"] = declaring_names(request.actor, at=request.now) if accounts > 1 else []
    return render(request, "landlord/changes/address.html", context)


def where_letters_go(address: Address, from_day: date) -> str:
    """What the page says once it is asked: the office still has to take it in."""
    lines = [address.address_1, f"{address.postcode} {address.city}"]
    return (
        f"C’est demandé. Courriers et lettres iront au {', '.join(lines)} à partir du {long_day(from_day)}, "
        "dès que votre caisse l’aura enregistré."
    )


def _asked(request: PageRequest, form: AddressForm) -> list[ChangeRequest]:
    typed = form.cleaned_data
    everywhere = typed["everywhere"] == "yes"
    return services.change_address(
        form.address(), typed["from_day"], everywhere=everywhere, key=typed["key"], by=request.actor, at=request.now
    )


@page(needing(Right.DECLARE), writes=True)
def contacts(request: PageRequest) -> HttpResponse:
    """Whom the office calls, and where it writes by mail."""
    known = known_of(request.actor)
    if not known:
        raise NotFound
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.PHONE, ContactForm)
    left = left_in(request, DraftForm.PHONE)
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        initial={**known[0].reached_by, **typed_before(left, ContactForm)},
    )
    if form.is_valid():
        try:
            asked = services.change_contacts(
                form.contacts(), key=form.cleaned_data["key"], by=request.actor, at=request.now
            )
            return to_requests(request, asked)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(
        request,
        "landlord/changes/contacts.html",
        {"form": form, "known": known, "left": left, "own_email": request.standing.email},
    )


def to_requests(request: PageRequest, asked: list[ChangeRequest]) -> HttpResponse:
    """To the receipt of what was just asked; to the list where there are several."""
    account = request.standing.account_reference
    mine = [change for change in asked if change.landlord_id == request.actor.partner_id]
    if len(asked) == 1 and mine:
        return HttpResponseRedirect(reverse("change", args=[account, mine[0].number]))
    messages.success(request, f"C’est enregistré\u00a0: {len(asked)}\u00a0demandes, chacune avec son accusé.")
    return HttpResponseRedirect(reverse("changes", args=[account]))
