"""Acts on one account of a landlord: what each says, asks and does, in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Duty
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.landlords.refusals import LettersTravel
from parvis.landlords.selectors.addressees import postal_address, ways_to
from parvis.landlords.selectors.for_agents.accounts import AccountCard, account_in
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.landlords.services import by_agent, lost_mailbox
from parvis.landlords.services.users import blocking
from parvis.web.backoffice.files import journeys
from parvis.web.backoffice.files.opened import file_page
from parvis.web.backoffice.forms.acts import ActForm, EmailForm, SendForm
from parvis.web.backoffice.gate import AgentRequest, View
from parvis.web.frame.render import render

Doing = Callable[[AgentRequest, LandlordFile, str, ActForm], str]
"""Does the act and says what was done."""


@dataclass(frozen=True, slots=True)
class AccountAct:
    """One act: its words, its form, what it does."""

    duty: Duty
    heading: str
    lead: str
    button: str
    do: Doing
    form: type[ActForm] = ActForm
    kind: str = ""
    prepare: Callable[[LandlordFile, AccountCard, ActForm, datetime], list[tuple[str, str]]] | None = None
    """Completes the form for this account, and tells what else to know of it."""


def page_of(act: AccountAct) -> View:
    """The page of an act: looked at, confirmed with a reason, done once, told."""

    @file_page(act.duty, writes=True)
    def view(request: AgentRequest, file: LandlordFile, holder: str) -> HttpResponse:
        card = account_in(file.partner_id, holder, at=request.now)
        form = act.form(request.POST if request.method == "POST" else None)
        facts = act.prepare(file, card, form, request.now) if act.prepare else []
        travels = False
        if form.is_valid():
            try:
                done = act.do(request, file, holder, form)
            except (NotFound, DutyMissing):
                raise
            except Refusal as refusal:
                travels = isinstance(refusal, LettersTravel)
                form.refuse(refusal)
            else:
                messages.success(request, f"C’est fait. {done}")
                return HttpResponseRedirect(reverse("file-account", args=[file.partner_id, holder]))
        context = {
            "act": act,
            "file": file,
            "card": card,
            "form": form,
            "facts": facts,
            "travels": travels or "in_spite" in request.POST,
        }
        return render(request, "backoffice/acts/account.html", context)

    return view


_SENT = {
    "identifier": "Son identifiant part à sa messagerie. Son mot de passe ne change pas.",
    "email": "L’identifiant puis le mot de passe provisoire partent par mail.",
    "letters": "Deux lettres partent, à quelques jours d’écart.",
}


def _send(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    typed = form.cleaned_data
    how = by_agent.send_credentials(
        file.partner_id, holder, reason=typed["reason"], in_spite=typed["in_spite"], by_post=typed.get("way") == "letters",
        by=request.actor, at=request.now,
    )  # fmt: skip
    return _SENT[how]


def _ways(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> list[tuple[str, str]]:
    """By mail or by post, where both are possible; post first when the last mail did not arrive."""
    email, address = ways_to(file.partner_id, card.reference)
    fate = journeys.refused_mail(card)
    ways = [("email", f"Par mail à {email}" + (f", {fate}" if fate else ""))] if email else []
    ways += [("letters", f"Par courrier au {', '.join(address)}")] if address else []
    if isinstance(form, SendForm):
        form.offer(ways[::-1] if fate else ways)
    postal = [("Adresse postale", ", ".join(address))] if address else []
    return [*postal, ("Dernier envoi", journeys.answer_of(card, at=at))]


def _mailbox_letter(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    lost_mailbox.send_letter(
        file.partner_id, holder, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
    )
    return "La lettre part à l’adresse postale connue. L’ancienne messagerie en est prévenue."


def _postal(file: LandlordFile, card: AccountCard, form: ActForm, at: datetime) -> list[tuple[str, str]]:
    return [("Adresse postale", postal_address(file.partner_id, card.reference) or "Aucune")]


def _provisional(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    by_agent.give_provisional(
        file.partner_id, holder, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
    )
    return "Un mot de passe provisoire part par mail, valable 24 heures. Personne ne le voit ici."


def _unlock(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    by_agent.unlock(file.partner_id, holder, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)
    return "La personne peut se connecter tout de suite. Un mail la prévient."


def _block(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    reason = form.cleaned_data["reason"]
    if not blocking.block(file.partner_id, holder, reason=reason, by=request.actor, at=request.now):
        return "L’accès était déjà bloqué par la caisse."
    return "L’accès est bloqué. Un mail et un courrier préviennent le bailleur."


def _suspend(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    by_agent.suspend(file.partner_id, holder, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)
    return "L’accès est suspendu, partout. Un mail prévient la personne."


def _reinstate(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    by_agent.reinstate(file.partner_id, holder, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)
    return "L’accès est rétabli, avec les mêmes droits."


def _correct(request: AgentRequest, file: LandlordFile, holder: str, form: ActForm) -> str:
    typed = form.cleaned_data
    by_agent.correct_email(
        file.partner_id, holder, typed["email"], reason=typed["reason"], by=request.actor, at=request.now
    )
    return "L’adresse est corrigée. Renvoyez maintenant les identifiants."


send = page_of(
    AccountAct(
        Duty.SEND_CREDENTIALS,
        "Renvoyer les identifiants",
        "À qui s’est déjà connecté, l’identifiant part à sa messagerie. À qui ne s’est jamais connecté, tout repart.",
        "Renvoyer",
        _send,
        SendForm,
        prepare=_ways,
    )
)
mailbox_letter = page_of(
    AccountAct(
        Duty.SEND_CREDENTIALS,
        "Envoyer la lettre «\u00a0adresse mail perdue\u00a0»",
        "Pour qui n’a plus sa messagerie. La lettre porte un mot de passe qui permet d’en donner une autre. D’ici là, rien ne change.",
        "Envoyer la lettre",
        _mailbox_letter,
        prepare=_postal,
    )
)
provisional = page_of(
    AccountAct(
        Duty.SEND_CREDENTIALS,
        "Donner un mot de passe pour 24 heures",
        "Il part par mail à l’adresse que la caisse connaît, pour un compte jamais ouvert. Personne ne le voit ici.",
        "Envoyer le mot de passe",
        _provisional,
    )
)
unlock = page_of(
    AccountAct(
        Duty.UNLOCK,
        "Débloquer l’accès",
        "La pause après plusieurs essais prend fin. À l’oral, n’annoncez jamais un code ni un mot de passe.",
        "Débloquer",
        _unlock,
    )
)
block = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Bloquer l’accès",
        "Quand une autre personne pourrait s’en servir. Ses sessions s’arrêtent, ses changements bancaires en attente aussi, et"
        " personne n’entre plus, dans aucun de ses comptes rapprochés. Ses droits et son rôle restent.",
        "Bloquer l’accès",
        _block,
        kind="danger",
    )
)
suspend = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Suspendre l’accès",
        "Ses sessions s’arrêtent aussitôt. Ses déclarations et ses accusés restent. Vous pourrez rétablir l’accès.",
        "Suspendre",
        _suspend,
        kind="danger",
    )
)
reinstate = page_of(
    AccountAct(
        Duty.SUSPEND_ACCOUNTS,
        "Rétablir l’accès",
        "La personne retrouve son compte avec les mêmes droits et le même mot de passe.",
        "Rétablir",
        _reinstate,
    )
)
correct_email = page_of(
    AccountAct(
        Duty.CORRECT_EMAILS,
        "Corriger l’adresse mail",
        "Pour une adresse jamais validée par un code. Une adresse validée ne se change que par son titulaire.",
        "Corriger",
        _correct,
        EmailForm,
    )
)
