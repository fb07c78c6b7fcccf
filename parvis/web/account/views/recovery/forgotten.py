"""« Mot de passe oublié » and the code before the password."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import Purpose
from parvis.identity.models import Session
from parvis.identity.rules import Own
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import code_first as first_services
from parvis.identity.services.access import recovery as services
from parvis.identity.services.codes import CodeOutcome
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors import landlord_names
from parvis.landlords.services import credentials
from parvis.parameters.catalogue import POSTAL_DELIVERY
from parvis.parameters.selectors import value
from parvis.web.account.forms.first import PasswordForm
from parvis.web.account.forms.recovery import ByPostForm
from parvis.web.account.steady import steady
from parvis.web.account.views.recovery import by_code
from parvis.web.account.words import policy
from parvis.web.frame import cookies
from parvis.web.frame.codes import CodeForm, hand_over
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of

CHANGED = "C’est fait. Votre mot de passe est changé. Les autres appareils ont été déconnectés."
STILL_FROZEN = "C’est fait. Votre mot de passe est changé, l’ancien ne vaut plus rien. L’accès reste bloqué."


def _ask_password(session: Session, typed: str, *, address: str, at: datetime) -> None:
    """A code to the proved mailbox; to who never signed in, the two messages of the credentials again by mail."""
    services.ask(session, typed, address=address, at=at)
    credentials.password_lost(typed, "", address=address, at=at)


FORGOTTEN = by_code.Path(
    Purpose.RECOVER, _ask_password, "forgotten-password", "forgotten-code", "account/recovery/forgotten", "forgotten"
)
CODE_FIRST = by_code.Path(
    Purpose.SIGN_IN_FIRST, first_services.ask, "code-first", "code-first-code", "account/recovery/code_first", "first"
)


@page(public, writes=True)
def forgotten(request: PageRequest) -> HttpResponse:
    """Who lost a password: identifier or e-mail."""
    return by_code.started(request, FORGOTTEN)


@page(public, writes=True)
def forgotten_again(request: PageRequest) -> HttpResponse:
    """Another code for a new password."""
    return by_code.again(request, FORGOTTEN)


@page(public, writes=True)
def forgotten_code(request: PageRequest) -> HttpResponse:
    """The code that lets one choose a new password."""

    def enter(form: CodeForm) -> tuple[CodeOutcome, HttpResponse | None]:
        assert request.visit is not None
        outcome, token = services.enter_code(request.visit.session, form.cleaned_data["code"], at=request.now)
        if not token:
            return outcome, None
        response = HttpResponseRedirect(reverse("forgotten-choose"))
        hand_over(request, response, token)
        return outcome, response

    return by_code.code_page(request, FORGOTTEN, enter)


@page(public, writes=True)
def choose(request: PageRequest) -> HttpResponse:
    """The new password, for all the accounts of the mailbox; then the page of the sign-in, never straight in."""
    session = session_of(request.visit.session.pk) if request.visit else None
    reached = services.accounts_reached(session, at=request.now) if session else []
    if session is None or not reached:
        return HttpResponseRedirect(reverse("forgotten-password"))
    is_frozen = reached[0].credential.frozen_at is not None
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        people = [f"{account.first_name} {account.last_name}" for account in reached]
        logins = [word for account in reached for word in (account.login_id, account.user_number)]
        own = Own((*people, *logins, *landlord_names([account.partner_id for account in reached])))
        try:
            browser = services.choose(session, form.cleaned_data["password"], own, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, browser, is_frozen=is_frozen)
    context = {"form": form, "count": len(reached), "login_id": reached[0].login_id, "policy": policy()}
    context["is_frozen"] = is_frozen
    return render(request, "account/recovery/forgotten/choose.html", context)


def _done(request: PageRequest, browser: str, *, is_frozen: bool) -> HttpResponse:
    messages.success(request, STILL_FROZEN if is_frozen else CHANGED)
    response = HttpResponseRedirect(reverse("home" if is_frozen else "sign-in"))
    cookies.drop_session(response)
    hand_over(request, response, "", browser)
    return response


@page(public, writes=True)
def by_post(request: PageRequest) -> HttpResponse:
    """A provisional password by letter, for an account without mailbox: the same answer for all."""
    form = ByPostForm(request.POST if request.method == "POST" else None, at=request.now)
    if request.method != "POST" or form.wants_another or not form.is_valid():
        note = form.reading.note if form.is_bound else ""
        return render(request, "account/recovery/forgotten/by_post.html", {"form": form, "note": note})
    typed, postcode = form.cleaned_data["identifier"], form.cleaned_data["postcode"]
    with steady():
        credentials.password_lost(typed, postcode, address=address_of(request), at=request.now)
    return HttpResponseRedirect(reverse("password-by-post-asked"))


@page(public)
def by_post_asked(request: PageRequest) -> HttpResponse:
    """« Si un compte correspond, la suite arrive »."""
    context = {"delivery": value(POSTAL_DELIVERY)}
    return render(request, "account/recovery/forgotten/by_post_asked.html", context)


@page(public, writes=True)
def code_first(request: PageRequest) -> HttpResponse:
    """The owner's way in while strangers keep the identifier paused: a code before the password."""
    return by_code.started(request, CODE_FIRST)


@page(public, writes=True)
def code_first_again(request: PageRequest) -> HttpResponse:
    """Another code before the password."""
    return by_code.again(request, CODE_FIRST)


@page(public, writes=True)
def code_first_code(request: PageRequest) -> HttpResponse:
    """The code before the password: this browser is remembered, and the page of the sign-in opens again."""

    def enter(form: CodeForm) -> tuple[CodeOutcome, HttpResponse | None]:
        assert request.visit is not None
        session = request.visit.session
        outcome, browser_token = first_services.enter_code(session, form.cleaned_data["code"], at=request.now)
        if not browser_token:
            return outcome, None
        messages.success(request, "Code accepté. Entrez maintenant votre identifiant et votre mot de passe.")
        response = HttpResponseRedirect(reverse("sign-in"))
        cookies.drop_session(response)
        hand_over(request, response, "", browser_token)
        return outcome, response

    return by_code.code_page(request, CODE_FIRST, enter)
