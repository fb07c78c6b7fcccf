"""The code of the sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from parvis.identity.kinds import Purpose
from parvis.identity.rules import masked
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.visits import session_of
from parvis.identity.services import codes
from parvis.identity.services import sign_in as services
from parvis.identity.services.codes import Verdict
from parvis.identity.steps import Step
from parvis.kit.periods import hour
from parvis.kit.refusals import Refusal
from parvis.parameters.catalogue import CODE_DELAY
from parvis.parameters.selectors import value
from parvis.web.frame import cookies, way
from parvis.web.frame.codes import SignInCodeForm, hand_over, sentence_of
from parvis.web.frame.page import page, steps
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


@page(steps, writes=True)
def sign_in_code(request: PageRequest) -> HttpResponse:
    """Type the code sent to the proved mailbox."""
    elsewhere = way.elsewhere(request, Step.CODE)
    if elsewhere is not None:
        return elsewhere
    form = SignInCodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, form)
    browser = request.COOKIES.get(cookies.BROWSER, "")
    session = session_of(request.standing.session_id)
    typed = form.cleaned_data
    entered = services.enter_code(
        session, typed["code"], browser_token=browser, by=request.actor, at=request.now, shared=typed["shared"]
    )
    if entered.outcome.verdict not in (Verdict.RIGHT, Verdict.USED):
        form.add_error("code", sentence_of(entered.outcome))
        return _show(request, form)
    standing = request.standing
    response = HttpResponseRedirect(way.inside(standing.account_reference, standing.account_count, way.wanted(request)))
    hand_over(request, response, entered.token, entered.browser_token)
    return response


def in_words(minutes: int) -> str:
    """How often a code is asked on one device, as people say it."""
    if minutes == 0:
        return "à chaque connexion"
    if minutes % 1_440 == 0:
        return "une fois par jour" if minutes == 1_440 else f"tous les {minutes // 1_440}\u00a0jours"
    if minutes % 60 == 0:
        return "une fois par heure" if minutes == 60 else f"toutes les {minutes // 60}\u00a0heures"
    return f"toutes les {minutes}\u00a0minutes"


def _show(request: PageRequest, form: SignInCodeForm) -> HttpResponse:
    standing = request.standing
    context = {
        "form": form,
        "waiting": waiting_for(standing.session_id, Purpose.SIGN_IN, at=request.now),
        "masked": masked(standing.email or ""),
        "delay": in_words(value(CODE_DELAY)),
    }
    return render(request, "account/sign_in/code.html", context)


@page(steps, writes=True)
def sign_in_code_again(request: PageRequest) -> HttpResponse:
    """« Renvoyer le code »."""
    elsewhere = way.elsewhere(request, Step.CODE)
    if elsewhere is not None:
        return elsewhere
    if request.method == "POST":
        ask_again(request, Purpose.SIGN_IN, request.standing.email or "")
    return HttpResponseRedirect(way.code_page(request.standing.account_reference, way.wanted(request)))


def ask_again(request: PageRequest, purpose: Purpose, email: str) -> None:
    """Ask another code and say so, or say why not."""
    try:
        codes.ask(session_of(request.standing.session_id), purpose, email, by=request.actor, at=request.now)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        sent = hour(request.now)
        messages.success(request, f"Nouveau code envoyé à {sent}. Le précédent ne marche plus.")
