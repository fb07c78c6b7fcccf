"""« Coordonnées bancaires »: the account the aid goes to, another one typed, and the code that proves it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes import workflow
from parvis.changes.models import ChangeKind, ChangeRequest, DraftForm
from parvis.changes.rules.files import LARGEST_FILE
from parvis.changes.selectors.drafts import Left
from parvis.changes.selectors.known import known_of, paid_since
from parvis.changes.selectors.requests import of_kinds, typed_bank_change
from parvis.changes.selectors.together import MOST, asked_together, targets_of
from parvis.changes.services.attachments import read_paper
from parvis.changes.services.bank import asking
from parvis.identity.models import Purpose
from parvis.identity.rules import masked
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.codes import Verdict
from parvis.kit.actors import Right
from parvis.kit.periods import hour
from parvis.kit.refusals import Refusal
from parvis.opinions.rules import Journey
from parvis.web.frame.codes import CodeForm, sentence_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.page.asking import ended
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.changes.bank import BankForm
from parvis.web.landlord.views.changes.keeping import asks_to_keep, kept_alone, left_in, typed_before
from parvis.web.landlord.views.changes.words import CHANGE_PILLS, hold_words

SHOWN = 100
"""Numbers to tick on one page; of a person with more accounts, the others from their own pages."""


@page(needing(Right.BANK_DETAILS))
def overview(request: PageRequest) -> HttpResponse:
    """The account of each office, by its last signs; what was asked."""
    context = {
        "known": known_of(request.actor),
        "since": paid_since(request.actor),
        "history": of_kinds(request.actor, [ChangeKind.BANK_DETAILS]),
        "pills": CHANGE_PILLS,
        "hold": hold_words(),
        "may_several": len(targets_of(request.actor, at=request.now)) > 1,
    }
    return render(request, "landlord/changes/bank/overview.html", context)


@page(needing(Right.BANK_DETAILS), writes=True)
def change(request: PageRequest) -> HttpResponse:
    """Type another account; then a code."""
    if asks_to_keep(request):
        return kept_alone(request, DraftForm.BANK, BankForm)
    left, numbers = left_in(request, DraftForm.BANK), _choices(request)
    if not numbers:
        messages.info(request, "Un changement est déjà en cours. Arrêtez-le d’abord, ou attendez qu’il soit traité.")
        return _to(request, "bank-details")
    form = _form(request, numbers, left)
    if form.is_valid():
        try:
            return _to(request, "bank-change-code", _typed(request, form).opaque)
        except Refusal as refusal:
            form.refuse(refusal)
    known = [line for line in known_of(request.actor) if line.user_number in dict(numbers)]
    context = {
        "form": form,
        "known": known,
        "several": len(numbers) > 1,
        "is_cut": len(numbers) >= SHOWN,
        "hold": hold_words(),
        "left": left,
        "most": MOST,
    }
    return render(request, "landlord/changes/bank/change.html", context)


def _choices(request: PageRequest) -> list[tuple[str, str]]:
    """The numbers with nothing on its way: those of this account, then those of the person's other accounts with the right."""
    here = [line for line in known_of(request.actor) if ChangeKind.BANK_DETAILS not in line.waiting]
    own = {line.user_number: f"{line.office} (n°\u00a0{line.user_number})" for line in here}
    others = {one.known.user_number: one.label for one in targets_of(request.actor, at=request.now)[:SHOWN]}
    return list({**own, **{number: label for number, label in others.items() if number not in own}}.items())


def _form(request: PageRequest, numbers: list[tuple[str, str]], left: Left) -> BankForm:
    wanted = request.GET.get("numero", "")
    first = {
        "user_numbers": [wanted if wanted in dict(numbers) else numbers[0][0]],
        "holder": request.standing.landlord_name,
        **typed_before(left, BankForm),
    }
    if wanted in dict(numbers):
        first["user_numbers"] = list(dict.fromkeys([wanted, *first["user_numbers"]]))
    if request.method == "POST":
        return BankForm(request.POST, request.FILES, numbers=numbers, initial=first)
    return BankForm(numbers=numbers, initial=first)


def _typed(request: PageRequest, form: BankForm) -> ChangeRequest:
    asked, sent = form.cleaned_data, form.cleaned_data["attachment"]
    paper = read_paper(sent.name or "", sent.read(LARGEST_FILE + 1)) if sent else None
    first, *more = asked["user_numbers"]
    typed = asking.Typed(first, " ".join(asked["holder"].split()), asked["iban"], paper, tuple(more))
    session = session_of(request.standing.session_id)
    return asking.ask_bank_change(typed, session, by=request.actor, at=request.now)


@page(needing(Right.BANK_DETAILS), writes=True)
def code(request: PageRequest, bank_change: UUID) -> HttpResponse:
    """« Confirmez que c’est vous »: old and new account, and the code of this very one."""
    typed = typed_bank_change(request.actor, bank_change)
    if typed.state != workflow.ASKED:
        return _to(request, "change", typed.number) if typed.proved_at else _to(request, "bank-details")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        session = session_of(request.standing.session_id)
        try:
            outcome, proved = asking.prove_bank_change(
                bank_change, session, form.cleaned_data["code"], by=request.actor, at=request.now
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return _to(request, "bank-details")
        if outcome.verdict in (Verdict.RIGHT, Verdict.USED) and proved.state != workflow.ASKED:
            return ended(
                request, Journey.BANK, reverse("change", args=[request.standing.account_reference, proved.number])
            )
        form.add_error("code", sentence_of(outcome))
    waiting = waiting_for(request.standing.session_id, Purpose.BANK_CHANGE, at=request.now)
    context = {
        "form": form,
        "typed": typed,
        "together": asked_together(typed),
        "waiting": waiting,
        "shown": masked(request.standing.email or ""),
    }
    return render(request, "landlord/changes/bank/code.html", context)


@page(needing(Right.BANK_DETAILS), writes=True)
def code_again(request: PageRequest, bank_change: UUID) -> HttpResponse:
    """« Renvoyer le code » for this very account."""
    typed = typed_bank_change(request.actor, bank_change)
    if request.method == "POST":
        try:
            asking.ask_code(typed, session_of(request.standing.session_id), by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, f"Nouveau code envoyé à {hour(request.now)}. Le précédent ne marche plus.")
    return _to(request, "bank-change-code", typed.opaque)


def _to(request: PageRequest, name: str, *more: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[request.standing.account_reference, *more]))
