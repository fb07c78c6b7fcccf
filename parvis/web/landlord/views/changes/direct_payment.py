"""« Versement direct »: whom the aid goes to, asking for it, stopping it, answering the office."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from parvis.changes.models import DIRECT_PAYMENT_KINDS, ChangeRequest, DraftForm
from parvis.changes.rules import first_of_next_month
from parvis.changes.selectors.direct_payment import (
    PAGE,
    TenancyLine,
    TenancyPage,
    offer_to,
    offers_to,
    tenancies_by_payment,
    tenancies_ticked,
    tenancy_for_payment,
)
from parvis.changes.selectors.drafts import Left
from parvis.changes.selectors.requests import of_kinds
from parvis.changes.services import direct_payment as services
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.changes.direct_payment import AnswerForm, AskForm, StopForm
from parvis.web.landlord.forms.changes.listing import PaymentAddress
from parvis.web.landlord.forms.july import reference
from parvis.web.landlord.views.changes.conditions import accounts_words, hints_of, why_not
from parvis.web.landlord.views.changes.information import to_requests
from parvis.web.landlord.views.changes.keeping import asks_to_keep, keep_meanwhile, kept_alone, left_in, typed_before
from parvis.web.landlord.views.changes.words import CHANGE_PILLS

SHOWN = 5


@page(needing(Right.DECLARE))
def overview(request: PageRequest) -> HttpResponse:
    """Whom the aid of each tenancy goes to, the offers that wait, the last requests."""
    asked = PaymentAddress.read(request.GET)
    found = tenancies_by_payment(
        request.actor,
        paid_to_landlord=not asked.to_tenant,
        search=asked.search,
        after=asked.after,
        before=asked.before,
    )
    waiting = offers_to(request.actor, today=day_in_paris(request.now), limit=SHOWN + 1)
    context = {
        "asked": asked,
        "lines": found.lines,
        **_places(asked, found),
        "offers": waiting[:SHOWN],
        "has_more_offers": len(waiting) > SHOWN,
        "latest": of_kinds(request.actor, DIRECT_PAYMENT_KINDS, limit=SHOWN),
        "pills": CHANGE_PILLS,
    }
    return render(request, "landlord/changes/direct/overview.html", context)


def _places(asked: PaymentAddress, found: TenancyPage) -> dict[str, object]:
    return {
        "previous": asked.query(avant=found.previous) if found.previous else None,
        "following": asked.query(apres=found.next) if found.next else None,
    }


@page(needing(Right.DECLARE))
def offers(request: PageRequest) -> HttpResponse:
    """Every offer of the office that waits for an answer, the most urgent first."""
    after = request.GET.get("apres", "")
    found = offers_to(request.actor, today=day_in_paris(request.now), after=after, limit=PAGE + 1)
    shown = found[:PAGE]
    context = {
        "offers": shown,
        "is_first": not after,
        "following": f"?apres={shown[-1].edge}" if len(found) > PAGE else None,
    }
    return render(request, "landlord/changes/direct/offers.html", context)


@page(needing(Right.DECLARE), writes=True)
def ask(request: PageRequest) -> HttpResponse:
    """« Recevoir l’aide à la place du locataire »: for whom, with which commitments."""
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.DIRECT_PAYMENT_ASK, AskForm)
    if request.method == "POST" and "geste" in request.POST:
        return _elsewhere_in_the_list(request)
    asked, left = _asked(request), left_in(request, DraftForm.DIRECT_PAYMENT_ASK)
    ticked, found = _ticked(request, asked, left), _listed(request, asked)
    lines = ticked + [line for line in found.lines if line not in ticked]
    free = [line for line in lines if line.is_decent and not line.is_waiting]
    choices = [(str(line.reference), f"{line.name}, {line.place}") for line in free]
    first, today = typed_before(left, AskForm), day_in_paris(request.now)
    first["tenancies"] = [str(line.reference) for line in ticked]
    posted = request.POST if request.method == "POST" else None
    form = AskForm(posted, tenancies=choices, today=today, initial=first)
    if form.is_valid() and (changes := _asked_for(request, form)) is not None:
        return to_requests(request, changes)
    left_out = len(set(asked.ticked) - {line.reference for line in ticked})
    context = {"form": form, "choices": choices, "left": left, "ticked": len(ticked), "left_out": left_out}
    known = {"asked": asked, **_places(asked, found), **_conditions(request, lines, free, today)}
    return render(request, "landlord/changes/direct/ask.html", context | known)


def _asked(request: PageRequest) -> PaymentAddress:
    """The place in the list; what stands in the search field stays there when the form comes back."""
    asked = PaymentAddress.read(request.GET)
    return replace(asked, search=PaymentAddress.read(request.POST).search) if "q" in request.POST else asked


def _listed(request: PageRequest, asked: PaymentAddress) -> TenancyPage:
    return tenancies_by_payment(
        request.actor, paid_to_landlord=False, search=asked.search, after=asked.after, before=asked.before
    )


def _ticked(request: PageRequest, asked: PaymentAddress, left: Left) -> list[TenancyLine]:
    """Who is ticked: in the form as it is sent, else before, on whatever page of the list, or in the list of tenants."""
    if request.method == "POST":
        told = request.POST.getlist("tenancies")
    else:
        told = [*(str(one) for one in asked.ticked), *left.answers.get("tenancies", [])]
    references = [found for text in told[: services.MOST + 1] if (found := reference(text)) is not None]
    return tenancies_ticked(request.actor, references)


def _asked_for(request: PageRequest, form: AskForm) -> list[ChangeRequest] | None:
    """The requests made; None where the form now says why not."""
    typed = form.cleaned_data
    try:
        return services.ask_direct_payment(
            form.references(), typed["commitments"], key=typed["key"], by=request.actor, at=request.now
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _elsewhere_in_the_list(request: PageRequest) -> HttpResponse:
    """Another page of the list, or a search, with what is ticked kept."""
    keep_meanwhile(request, DraftForm.DIRECT_PAYMENT_ASK, AskForm)
    geste = request.POST["geste"]
    place = QueryDict(geste.removeprefix("?")) if geste.startswith("?") else request.POST
    asked = PaymentAddress.read(place)
    where = {name: at for name, at in (("apres", asked.after), ("avant", asked.before)) if at is not None}
    address = reverse("direct-payment-ask", args=[request.standing.account_reference])
    return HttpResponseRedirect(address + asked.query(**where))


def _conditions(
    request: PageRequest, lines: list[TenancyLine], free: list[TenancyLine], today: date
) -> dict[str, object]:
    """What is known of the conditions; who is not proposed, and why."""
    return {
        "hints": hints_of(request.actor, free, at=request.now),
        "accounts": accounts_words(request),
        "may_change_account": request.actor.may(Right.BANK_DETAILS),
        "others": [(line, why_not(line)) for line in lines if line not in free],
    }


@page(needing(Right.DECLARE), writes=True)
def stop(request: PageRequest, tenancy: UUID) -> HttpResponse:
    """« Arrêter le versement direct »: from which month, then one click."""
    line = tenancy_for_payment(request.actor, tenancy)
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            key = form.cleaned_data["key"] or uuid4()
            change = services.stop_direct_payment(tenancy, key=key, by=request.actor, at=request.now)
            return _to_receipt(request, change.number)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "line": line, "from_month": first_of_next_month(day_in_paris(request.now))}
    return render(request, "landlord/changes/direct/stop.html", context)


@page(needing(Right.DECLARE), writes=True)
def answer(request: PageRequest, offer: UUID) -> HttpResponse:
    """The office’s offer: yes with its commitments, or no."""
    today = day_in_paris(request.now)
    line = offer_to(request.actor, offer, today=today)
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.DIRECT_PAYMENT_ANSWER, AnswerForm, subject=str(offer))
    left = left_in(request, DraftForm.DIRECT_PAYMENT_ANSWER, subject=str(offer))
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, today=today, initial=typed_before(left, AnswerForm))
    if form.is_valid():
        try:
            return _to_receipt(request, _answered(request, offer, form).number)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "landlord/changes/direct/offer.html", {"form": form, "line": line, "left": left})


def _answered(request: PageRequest, offer: UUID, form: AnswerForm) -> ChangeRequest:
    typed = form.cleaned_data
    accepted = typed["answer"] == "yes"
    taken = {"commitments": typed["commitments"], "key": typed["key"]}
    return services.answer_direct_payment(offer, accepted=accepted, **taken, by=request.actor, at=request.now)


def _to_receipt(request: PageRequest, number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("change", args=[request.standing.account_reference, number]))
