"""Another password, another mailbox: typed, then allowed by a code."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import Purpose
from parvis.identity.models import PendingChange, Session
from parvis.identity.rules import masked
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.groups import group_size
from parvis.identity.selectors.profile import linked_accounts, profile_of
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import moving, pending
from parvis.identity.services.access import profile as services
from parvis.identity.services.codes import CodeOutcome, Verdict
from parvis.identity.services.own import copying
from parvis.kit.periods import hour
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors import names_of_partners
from parvis.web.account.forms.profile import ChangeEmailForm, ChangePasswordForm
from parvis.web.account.words import own_words, policy
from parvis.web.frame.codes import CodeForm, hand_over, sentence_of
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

OF_THE_PROFILE = (Purpose.CHANGE_PASSWORD, Purpose.LEAVE_EMAIL, Purpose.CHANGE_EMAIL, Purpose.COPY_DATA)
APART = (
    "Le compte détaché garde son mot de passe, mais devient indépendant\u00a0: "
    "vous pouvez lui en choisir un autre ci-dessous."
)


def _to(name: str, request: PageRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[request.standing.account_reference]))


@page(account_pages, writes=True)
def password(request: PageRequest) -> HttpResponse:
    """The present password, a new one twice; then a code."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        session, typed = session_of(request.standing.session_id), form.cleaned_data
        try:
            change = services.begin_password(
                session, typed["present"], typed["password"], own_words(request), by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _password_done(request, change) if isinstance(change, str) else _to("profile-code", request)
    count = request.standing.account_count
    context = {"form": form, "policy": policy(), "login_id": request.standing.login_id, "count": count}
    return render(request, "account/profile/password.html", context)


@page(account_pages, writes=True)
def email(request: PageRequest) -> HttpResponse:
    """The new mailbox, and which of the linked accounts go there."""
    linked = linked_accounts(request.standing.credential_id)
    names = names_of_partners([account.partner_id for account in linked])
    choices = [(account.reference, f"{names[account.partner_id]} — {account.login_id}") for account in linked]
    form = ChangeEmailForm(
        request.POST if request.method == "POST" else None, choices=choices, initial={"which": "one"}
    )
    if form.is_valid():
        typed, own = form.cleaned_data, request.standing.account_reference
        chosen = form.chosen(own, [reference for reference, _ in choices])
        session = session_of(request.standing.session_id)
        try:
            moving.begin(session, typed["email"], chosen, typed["present"], by=request.actor, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to("profile-code", request)
    context = {"form": form, "count": len(choices), "profile": profile_of(request.actor), "standing": request.standing}
    return render(request, "account/profile/email.html", context)


@page(account_pages, writes=True)
def code(request: PageRequest) -> HttpResponse:
    """The code that a change waits for: of the mailbox one has, then, for another mailbox, of the new one."""
    session = session_of(request.standing.session_id)
    change = pending.live(session.pk, by=request.actor, at=request.now)
    if change is None or change.purpose not in OF_THE_PROFILE:
        messages.info(request, "Il n’y a plus de changement en attente. Recommencez si besoin.")
        return _to("profile", request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            outcome, response = _enter(request, change, session, form.cleaned_data["code"])
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return _to("profile", request)
        if response is not None:
            return response
        form.add_error("code", sentence_of(outcome))
    return _show_code(request, change, form)


def _enter(
    request: PageRequest, change: PendingChange, session: Session, digits: str
) -> tuple[CodeOutcome, HttpResponse | None]:
    by, at = request.actor, request.now
    if change.purpose == Purpose.CHANGE_PASSWORD:
        changed = services.enter_password_code(change, session, digits, by=by, at=at)
        return changed.outcome, _password_done(request, changed.token) if changed.token else None
    if change.purpose == Purpose.COPY_DATA:
        outcome = copying.enter_code(change, session, digits, by=by, at=at)
        return outcome, _to("profile-data", request) if outcome.verdict is Verdict.RIGHT else None
    if change.purpose == Purpose.LEAVE_EMAIL:
        outcome = moving.leave(change, session, digits, by=by, at=at)
        return outcome, _to("profile-code", request) if outcome.verdict is Verdict.RIGHT else None
    moved = moving.arrive(change, session, digits, by=by, at=at)
    right = moved.outcome.verdict in (Verdict.RIGHT, Verdict.USED)
    return moved.outcome, _moved(request, moved) if right else None


def _password_done(request: PageRequest, token: str) -> HttpResponse:
    count = group_size(request.standing.credential_id)
    also = f" Le nouveau mot de passe vaut pour vos {count} comptes." if count > 1 else ""
    messages.success(request, f"C’est fait. Votre mot de passe est changé.{also}")
    response = _to("profile", request)
    hand_over(request, response, token)
    return response


def _moved(request: PageRequest, moved: moving.Moved) -> HttpResponse:
    if moved.refused:
        messages.error(request, moved.refused)
    elif moved.token:
        messages.success(request, "C’est fait. L’adresse mail est changée. L’ancienne et la nouvelle sont prévenues.")
        if moved.detached:
            messages.info(request, APART)
    response = _to("link" if moved.link_owed else "profile", request)
    hand_over(request, response, moved.token)
    return response


def _show_code(request: PageRequest, change: PendingChange, form: CodeForm) -> HttpResponse:
    purpose = Purpose(change.purpose)
    waiting = waiting_for(request.standing.session_id, purpose, at=request.now)
    new = str(change.payload.get("email", ""))
    context = {
        "form": form,
        "waiting": waiting,
        "purpose": purpose.value,
        "shown": new if purpose is Purpose.CHANGE_EMAIL else masked(request.standing.email or ""),
        "new": new,
        "moving": len(change.payload.get("accounts", ())),
        "count": group_size(request.standing.credential_id),
    }
    return render(request, "account/profile/code.html", context)


@page(account_pages, writes=True)
def code_again(request: PageRequest) -> HttpResponse:
    """« Renvoyer le code » for the change that waits."""
    session = session_of(request.standing.session_id)
    change = pending.live(session.pk, by=request.actor, at=request.now)
    if request.method == "POST" and change is not None and change.purpose in OF_THE_PROFILE:
        to = str(change.payload["email"]) if change.purpose == Purpose.CHANGE_EMAIL else request.standing.email or ""
        try:
            pending.ask_code(change, session, to, by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, f"Nouveau code envoyé à {hour(request.now)}. Le précédent ne marche plus.")
    return _to("profile-code", request)


@page(account_pages, writes=True)
def cancel(request: PageRequest) -> HttpResponse:
    """« Annuler » : nothing was changed, nothing will be."""
    if request.method == "POST":
        pending.drop(request.standing.session_id)
        messages.info(request, "Rien n’a été changé.")
    return _to("profile", request)
