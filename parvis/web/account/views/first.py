"""The first sign-in, one page after the other; each can be left and resumed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.selectors import campaign_card
from parvis.identity import rules
from parvis.identity.kinds import Nature, Purpose
from parvis.identity.selectors.accounts import introduction_of
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.visits import session_of
from parvis.identity.services import first_sign_in, sessions
from parvis.identity.services.codes import Verdict
from parvis.identity.steps import Step
from parvis.kit.periods import day
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors import has_rights_given, names_known
from parvis.landlords.selectors.users import invited_address
from parvis.landlords.services.rights import finish_first_sign_in
from parvis.opinions.rules import Journey
from parvis.web.account.forms.first import EmailForm, InformationForm, PasswordForm
from parvis.web.account.views.code import ask_again
from parvis.web.account.words import own_words, policy
from parvis.web.frame import cookies, way
from parvis.web.frame.codes import CodeForm, hand_over, sentence_of
from parvis.web.frame.page import page, steps
from parvis.web.frame.page.asking import ended
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


@page(steps, writes=True)
def information(request: PageRequest) -> HttpResponse:
    """Names and mailbox. For an organisation, says first that one becomes its administrator."""
    elsewhere = way.elsewhere(request, Step.INFORMATION)
    if elsewhere is not None:
        return elsewhere
    known = introduction_of(request.actor)
    asks_email = known.email is None and not request.standing.progress.person_known
    form = InformationForm(
        request.POST if request.method == "POST" else None,
        known=known.claimed_email,
        proved=not asks_email,
        invited=invited_address(request.actor),
        initial=names_known(request.actor),
    )
    if form.is_valid():
        session = session_of(request.standing.session_id)
        names = {name: form.cleaned_data[name] for name in ("first_name", "last_name", "job_title", "phone", "email")}
        first_sign_in.introduce(session, **names, by=request.actor, at=request.now)
        return way.onward(request)
    standing = request.standing
    first = standing.nature == Nature.CORPORATE and not has_rights_given(standing.partner_id)
    context = {"form": form, "known": known, "masked": _masked(known.claimed_email), "asks_email": asks_email}
    return render(request, "account/first/information.html", {**context, "first": first, "standing": standing})


def _masked(email: str) -> str:
    return rules.masked(email) if email else ""


@page(steps, writes=True)
def not_my_role(request: PageRequest) -> HttpResponse:
    """« Ce n’est pas mon rôle »: nothing is kept, the letter goes to the right person."""
    elsewhere = way.elsewhere(request, Step.INFORMATION)
    if elsewhere is not None or request.method != "POST":
        return elsewhere or way.onward(request)
    until = introduction_of(request.actor).provisional_until
    valid = f" Vos identifiants restent valables jusqu’au {day(until)}." if until else ""
    sessions.end(request.standing.session_id)
    messages.info(request, f"Transmettez la lettre à la bonne personne. Nous n’avons rien enregistré.{valid}")
    response = HttpResponseRedirect(reverse("sign-in"))
    cookies.drop_session(response, leaves=True)
    return response


@page(steps, writes=True)
def email(request: PageRequest) -> HttpResponse:
    """The mailbox to prove: its address, or the code just sent there."""
    elsewhere = way.elsewhere(request, Step.EMAIL)
    if elsewhere is not None:
        return elsewhere
    waiting = waiting_for(request.standing.session_id, Purpose.PROVE_EMAIL, at=request.now)
    if request.method != "POST" and waiting is not None and "corriger" not in request.GET:
        return _show_code(request, CodeForm())
    known = introduction_of(request.actor).claimed_email
    invited = invited_address(request.actor)
    form = EmailForm(request.POST if request.method == "POST" else None, known=known, invited=invited)
    if form.is_valid():
        session = session_of(request.standing.session_id)
        try:
            first_sign_in.claim_email(session, form.cleaned_data["email"], by=request.actor, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(request.path)
    return render(request, "account/first/email.html", {"form": form, "masked": _masked(known)})


def _show_code(request: PageRequest, form: CodeForm) -> HttpResponse:
    session = session_of(request.standing.session_id)
    waiting = waiting_for(session.pk, Purpose.PROVE_EMAIL, at=request.now)
    if waiting is None:
        return HttpResponseRedirect(reverse("first-email", args=[request.standing.account_reference]))
    # What was typed here is shown whole, so that a slip is seen; what the office knows is not.
    shown = waiting.email if session.notes.get("typed_email") == waiting.email else rules.masked(waiting.email)
    return render(request, "account/first/email_code.html", {"form": form, "waiting": waiting, "shown": shown})


@page(steps, writes=True)
def email_code(request: PageRequest) -> HttpResponse:
    """Type the code sent to the mailbox. Only now is it said that the address already serves somebody."""
    elsewhere = way.elsewhere(request, Step.EMAIL)
    if elsewhere is not None:
        return elsewhere
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show_code(request, form)
    session, browser = session_of(request.standing.session_id), request.COOKIES.get(cookies.BROWSER, "")
    digits = form.cleaned_data["code"]
    proved = first_sign_in.prove_email(session, digits, browser_token=browser, by=request.actor, at=request.now)
    if proved.outcome.verdict not in (Verdict.RIGHT, Verdict.USED):
        form.add_error("code", sentence_of(proved.outcome))
        return _show_code(request, form)
    if proved.link_owed:
        messages.success(request, "C’est fait. Votre adresse est validée. Elle ouvre déjà d’autres comptes.")
    elif proved.taken:
        messages.error(request, proved.taken)
    elif proved.token:
        messages.success(request, "C’est fait. Votre adresse est validée.")
    response = way.onward(request)
    hand_over(request, response, proved.token, proved.browser_token)
    return response


@page(steps, writes=True)
def email_again(request: PageRequest) -> HttpResponse:
    """« Renvoyer le code », to the same mailbox."""
    elsewhere = way.elsewhere(request, Step.EMAIL)
    if elsewhere is not None:
        return elsewhere
    waiting = waiting_for(request.standing.session_id, Purpose.PROVE_EMAIL, at=request.now)
    if request.method == "POST" and waiting is not None:
        ask_again(request, Purpose.PROVE_EMAIL, waiting.email)
    return way.onward(request)


@page(steps, writes=True)
def password(request: PageRequest) -> HttpResponse:
    """A password of one's own instead of the provisional one."""
    elsewhere = way.elsewhere(request, Step.PASSWORD)
    if elsewhere is not None:
        return elsewhere
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        session, own = session_of(request.standing.session_id), own_words(request)
        try:
            token = first_sign_in.choose_password(
                session, form.cleaned_data["password"], own, by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            response = way.onward(request)
            hand_over(request, response, token)
            return response
    forced = introduction_of(request.actor).provisional_until is None
    context = {"form": form, "policy": policy(), "login_id": request.standing.login_id, "forced": forced}
    return render(request, "account/first/password.html", context)


@page(steps, writes=True)
def done(request: PageRequest) -> HttpResponse:
    """« Votre espace est prêt »: the last click opens the account and gives its first rights."""
    elsewhere = way.elsewhere(request, Step.WELCOME)
    if elsewhere is not None:
        return elsewhere
    if request.method == "POST":
        try:
            finish_first_sign_in(by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
            return way.onward(request)
        home = reverse("landlord-home", args=[request.standing.account_reference])
        return ended(request, Journey.FIRST_SIGN_IN, home)
    card = campaign_card(request.actor, at=request.now)
    return render(request, "account/first/done.html", {"standing": request.standing, "card": card})
