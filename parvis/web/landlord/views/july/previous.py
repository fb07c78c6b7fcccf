"""The July rent of the year before, given again: corrected while the office looks at it, or anew once it is refused."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.rules.files import Paper
from parvis.changes.services.attachments import read_paper
from parvis.declarations.models import Kind
from parvis.declarations.selectors.history import declaration_of
from parvis.declarations.services.correction import previous
from parvis.kit.actors import Right
from parvis.kit.money import decimal
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.declare import papers_in
from parvis.web.landlord.forms.july import PreviousForm, clean
from parvis.web.landlord.forms.july import reference as reference_in


@page(needing(Right.DECLARE), writes=True)
def give_again(request: PageRequest, declaration: UUID) -> HttpResponse:
    """Amount and receipt of the July of the year before; what is sent leads to its own receipt."""
    account, sent = request.standing.account_reference, declaration_of(request.actor, declaration)
    back = reverse("declaration", args=[account, declaration])
    if sent.kind != Kind.PREVIOUS_JULY_RENT:
        return HttpResponseRedirect(back)
    form = PreviousForm(request.POST if request.method == "POST" else None, initial=_initial(sent.rent_cents))
    if "inconnu" in request.POST and (answer := _unknown(request, declaration)):
        return answer
    if form.is_valid() and (answer := _sent(request, declaration, form)):
        return answer
    try:
        asked = previous.restatable(request.actor, declaration)
    except ActNotPossible as refusal:
        messages.info(request, refusal.sentence)
        return HttpResponseRedirect(back)
    context = {"sent": sent, "asked": asked, "form": form, "key": form["key"].value() or uuid4()}
    return render(request, "landlord/july/previous.html", context)


@page(needing(Right.DECLARE), writes=True)
def withdraw(request: PageRequest, declaration: UUID) -> HttpResponse:
    """« Annuler »: the July of the year before is taken back, once that was confirmed."""
    account, sent = request.standing.account_reference, declaration_of(request.actor, declaration)
    back, key = reverse("declaration", args=[account, declaration]), reference_in(request.POST.get("key", ""))
    if sent.kind != Kind.PREVIOUS_JULY_RENT:
        return HttpResponseRedirect(back)
    try:
        if request.method == "POST" and key is not None:
            receipt = previous.withdraw(request.actor, declaration, submission_key=key, at=request.now)
            return HttpResponseRedirect(reverse("receipt", args=[account, receipt.number]))
        previous.withdrawable(request.actor, declaration)
    except (ActNotPossible, ChangedMeanwhile) as refusal:
        messages.info(request, refusal.sentence)
        return HttpResponseRedirect(back)
    return render(request, "landlord/july/previous_withdraw.html", {"sent": sent, "key": uuid4()})


def _unknown(request: PageRequest, declaration: UUID) -> HttpResponse | None:
    """Who does not know the amount is asked for it no more; None when there was nothing to put away."""
    try:
        previous.say_unknown(request.actor, declaration, at=request.now)
    except ActNotPossible:
        return None
    messages.success(request, "C’est noté. Ce loyer n’est plus dans ce que vous avez à faire.")
    return HttpResponseRedirect(reverse("declaration", args=[request.standing.account_reference, declaration]))


def _initial(cents: int | None) -> dict[str, object]:
    return {"rent": decimal(cents) if cents is not None else "", "key": uuid4()}


def _sent(request: PageRequest, declaration: UUID, form: PreviousForm) -> HttpResponse | None:
    """Where the receipt is; None when the form says why nothing was sent."""
    typed, key = clean(form.cleaned_data["rent"]), form.cleaned_data["key"]
    try:
        receipt = previous.restate(
            request.actor,
            declaration,
            typed=typed,
            paper=_paper(request),
            reason=form.cleaned_data["reason"],
            submission_key=key,
            at=request.now,
        )
    except ActNotPossible:
        return None
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return HttpResponseRedirect(reverse("receipt", args=[request.standing.account_reference, receipt.number]))


def _paper(request: PageRequest) -> Paper | None:
    """The receipt for that month, if one was joined."""
    for name, content in papers_in(request.FILES):
        try:
            return read_paper(name, content)
        except Refusal as refusal:
            refusal.field = "papers"
            raise
    return None
