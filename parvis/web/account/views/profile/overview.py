"""The profile on one page, and one's own information."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.audit.selectors import journal_of
from parvis.correspondence.selectors import messages_of_account
from parvis.identity import events
from parvis.identity.kinds import TextKind
from parvis.identity.models import Letters, PaymentEmails
from parvis.identity.selectors.profile import acceptances_of, browsers_of, profile_of, sessions_of
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import profile as services
from parvis.kit.actors import Right
from parvis.web.account.forms.profile import InformationForm
from parvis.web.frame.page import account_pages, needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

TEXT_PAGES = {
    TextKind.USAGE_RULES: ("Règles d’usage du portail", "public-usage-rules-version"),
    TextKind.SERVICE_TERMS: ("Conditions de l’Espace bailleur", "public-service-terms-version"),
}
FEW = 5
PAYMENT_EMAILS_CHOSEN = {
    PaymentEmails.EACH.value: "C’est fait. Un mail vous dit chaque versement.",
    PaymentEmails.CHANGES.value: "C’est fait. Un mail vous prévient quand un versement change.",
    PaymentEmails.NONE.value: "C’est fait. Aucun mail ne vous parle plus des versements.",
}
LETTERS_CHOSEN = {
    Letters.MAIL.value: "C’est fait. Vos courriers arrivent par mail, sans papier.",
    Letters.PAPER.value: "C’est fait. Vos courriers arrivent par mail, et sur papier à l’adresse connue de votre caisse.",
}
REMINDERS_CHOSEN = {
    "mail": "C’est fait. Les rappels de campagne arrivent par mail.",
    "none": "C’est fait. Vous ne recevrez plus de rappel de campagne.",
}


@page(account_pages)
def profile(request: PageRequest) -> HttpResponse:
    """Mes informations, mes données de connexion, mes appareils, ce qui s’est passé."""
    session = session_of(request.standing.session_id)
    context = {
        "profile": profile_of(request.actor),
        "standing": request.standing,
        "sessions": sessions_of(session, at=request.now),
        "browsers": browsers_of(session),
        "sign_ins": journal_of(
            request.actor, events=[events.SIGNED_IN.code, events.ENTERED_DEMONSTRATION.code], limit=FEW
        ),
        "texts": [(*TEXT_PAGES[text.kind], text) for text in acceptances_of(request.actor)],
        "payment_emails": PaymentEmails.choices if request.actor.may(Right.PAYMENTS) else [],
        "letter_choices": Letters.choices,
        "letters": messages_of_account(request.actor, limit=FEW),
    }
    return render(request, "account/profile/profile.html", context)


@page(account_pages, writes=True)
def information(request: PageRequest) -> HttpResponse:
    """Correct one's name, function or telephone."""
    known = profile_of(request.actor)
    initial = {name: getattr(known, name) for name in ("first_name", "last_name", "job_title", "phone")}
    form = InformationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.change_names(**form.cleaned_data, by=request.actor, at=request.now)
        messages.success(request, "C’est fait. Vos informations sont à jour.")
        return HttpResponseRedirect(reverse("profile", args=[request.standing.account_reference]))
    return render(request, "account/profile/information.html", {"form": form})


@page(account_pages, writes=True)
def reminders(request: PageRequest) -> HttpResponse:
    """Whether one wants to be reminded of the July campaign by mail."""

    def save(chosen: str) -> None:
        services.choose_reminders(wanted=chosen == "mail", by=request.actor, at=request.now)

    return _choose(request, "reminders", REMINDERS_CHOSEN, save, "Choisissez si vous voulez des rappels")


@page(needing(Right.PAYMENTS), writes=True)
def payment_emails(request: PageRequest) -> HttpResponse:
    """Which transfers one wishes to be told of by mail."""

    def save(chosen: str) -> None:
        services.choose_payment_emails(PaymentEmails(chosen), by=request.actor, at=request.now)

    return _choose(request, "payment_emails", PAYMENT_EMAILS_CHOSEN, save, "Choisissez quels mails vous voulez")


@page(account_pages, writes=True)
def letters(request: PageRequest) -> HttpResponse:
    """Whether one wants paper, where there is a choice."""

    def save(chosen: str) -> None:
        services.choose_letters(Letters(chosen), by=request.actor, at=request.now)

    return _choose(request, "letters", LETTERS_CHOSEN, save, "Choisissez comment recevoir vos courriers")


def _choose(
    request: PageRequest, name: str, answers: Mapping[str, str], save: Callable[[str], None], otherwise: str
) -> HttpResponse:
    """Save one choice of the preferences and say so; ask for it where none of them was sent."""
    if request.method == "POST":
        chosen = request.POST.get(name, "")
        if chosen in answers:
            save(chosen)
            messages.success(request, answers[chosen])
        else:
            messages.warning(request, f"{otherwise}, puis enregistrez.")
    return HttpResponseRedirect(reverse("profile", args=[request.standing.account_reference]) + "#preferences")
