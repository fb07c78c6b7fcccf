"""Coming in and going out."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from parvis.identity.selectors.visits import Visit
from parvis.identity.services import sessions
from parvis.identity.services import sign_in as services
from parvis.identity.services.sign_in import Outcome, SignIn
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day, until
from parvis.landlords.selectors import landlord_name_of, standing_of
from parvis.landlords.selectors.invitations import welcome_of
from parvis.parameters.banners import banners_for
from parvis.parameters.catalogue import CAPTCHA_AFTER, SESSION_SILENCE
from parvis.parameters.selectors import value
from parvis.web.account.forms.sign_in import GuardedSignInForm, SignInForm
from parvis.web.frame import cookies, visitor, way
from parvis.web.frame.errors import closed_sentence
from parvis.web.frame.page import LOST, page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of
from parvis.web.frame.visitor import tell_unsent

WRONG = (
    "Cet identifiant et ce mot de passe ne vont pas ensemble. "
    "Vérifiez les majuscules, ou copiez-collez le mot de passe reçu."
)
STILL_WRONG = "Toujours pas\u00a0? Après 5\u00a0essais, la connexion est mise en pause."
FROZEN = "Votre accès a été bloqué à votre demande. Pour le rouvrir, contactez votre caisse."
CAPTCHA = "Pour continuer, entrez votre mot de passe et répondez à la vérification de sécurité."


@page(public, writes=True)
def sign_in(request: PageRequest) -> HttpResponse:
    """Identifier or e-mail, and password. Nothing in the answer depends on whether the identifier exists."""
    if request.method != "POST":
        there = _already_in(request)
        return HttpResponseRedirect(there) if there else _show(request, SignInForm(initial=_known(request)))
    due = "captcha_token" in request.POST
    form: SignInForm = GuardedSignInForm(request.POST, at=request.now) if due else SignInForm(request.POST)
    if form.wants_another or not form.is_valid():
        return _show(request, form)
    outcome = services.sign_in(
        request.visit.session if request.visit else None,
        typed=form.cleaned_data["identifier"],
        password=form.cleaned_data["password"],
        browser_token=request.COOKIES.get(cookies.BROWSER, ""),
        browser=visitor.browser_of(request),
        address=address_of(request),
        at=request.now,
        captcha_passed=due,
    )
    return _let_in(request, outcome) if outcome.kind is SignIn.SIGNED_IN else _refused(request, form, outcome)


def _already_in(request: PageRequest) -> str:
    """The page asked for, where this very session may see its account: a link of a mail asks nobody to sign in twice."""
    asked, cookie = way.wanted(request), cookies.session_cookie(request)
    inside = cookie and asked and standing_of(cookie, asked.split("/")[2], at=request.now)
    return asked if inside else ""


def _known(request: PageRequest) -> dict[str, str]:
    """What the page fills in: the identifier of somebody who comes from their invitation."""
    invitation = request.GET.get("invitation", "")
    welcome = welcome_of(invitation, at=request.now) if invitation else None
    return {"identifier": welcome.login_id} if welcome else {}


def _refused(request: PageRequest, form: SignInForm, outcome: Outcome) -> HttpResponse:
    """The same page again, with what went wrong; from the third failure on, with a captcha."""
    due = outcome.kind is SignIn.CAPTCHA or (outcome.kind is SignIn.WRONG and outcome.tries >= value(CAPTCHA_AFTER))
    if due and not form.captcha_due:
        form = GuardedSignInForm({"identifier": form.cleaned_data["identifier"]}, at=request.now)
        form.full_clean()
        for name in ("password", "captcha"):
            form.errors.pop(name, None)
    form.add_error(None, _sentence(outcome, request.now))
    kinds = (SignIn.PAUSED, SignIn.EXPIRED_PROVISIONAL, SignIn.FROZEN, SignIn.DISABLED)
    ways = outcome.kind.value if outcome.kind in kinds else ("trouble" if outcome.tries > 2 else "")
    return _show(request, form, status=429 if outcome.kind is SignIn.PAUSED else 200, ways=ways)


def _show(request: PageRequest, form: SignInForm, *, status: int = 200, ways: str = "") -> HttpResponse:
    context = {
        "form": form,
        "note": form.reading.note if form.is_bound else "",
        "ways": ways,
        "ended": "fin" in request.GET,
        "lost": request.GET.get("fin") == LOST,
        "leads_back": bool(way.wanted(request)),
        "banners": banners_for((), on=day_in_paris(request.now)),
        "silence": value(SESSION_SILENCE) if "fin" in request.GET else 0,
    }
    return render(request, "account/sign_in/sign_in.html", context, status=status)


def _sentence(outcome: Outcome, now: datetime) -> str:
    if outcome.kind is SignIn.PAUSED and outcome.paused_until:
        return f"Connexion en pause {until(outcome.paused_until, now)}, après 5\u00a0essais. C’est une protection."
    if outcome.kind is SignIn.EXPIRED_PROVISIONAL and outcome.expired_on:
        limit = day(outcome.expired_on)
        return f"Ce mot de passe provisoire n’est plus valable\u00a0: il devait être utilisé avant le {limit}."
    if outcome.kind is SignIn.DISABLED:
        name = landlord_name_of(outcome.account_id) if outcome.account_id else ""
        return closed_sentence(name, outcome.closed_on)
    if outcome.kind is SignIn.FROZEN:
        return FROZEN
    if outcome.kind is SignIn.CAPTCHA:
        return CAPTCHA
    return STILL_WRONG if outcome.tries > 2 else WRONG


def _let_in(request: PageRequest, outcome: Outcome) -> HttpResponse:
    suite = way.wanted(request)
    if outcome.code_owed:
        response = HttpResponseRedirect(way.code_page(outcome.reference, suite))
    else:
        response = HttpResponseRedirect(way.inside(outcome.reference, outcome.account_count, suite))
    rotate_token(request)
    cookies.set_session(response, outcome.token)
    return response


@page(public, writes=True)
def sign_out(request: PageRequest) -> HttpResponse:
    """Leave: the session is gone at once, everywhere. A second click finds nothing to end, and says the same."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("home"))
    after = ""
    if request.visit is not None:
        after = _left_unsent(request, request.visit)
        sessions.end(request.visit.session.pk)
    messages.success(request, "Vous êtes déconnecté. Fermez cette fenêtre si l’ordinateur est partagé.")
    response = HttpResponseRedirect(reverse("sign-in") + after)
    cookies.drop_session(response, leaves=True)
    return response


def _left_unsent(request: PageRequest, visit: Visit) -> str:
    """Say what was typed and not sent; signing in again then leads to its sending."""
    account = tell_unsent(request, visit)
    return f"?{urlencode({'suite': reverse('july-rents-check', args=[account])})}" if account else ""


@page(public, writes=True)
def keep_alive(request: PageRequest) -> HttpResponse:
    """« Rester connecté » : push the end of the session back."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("home"))
    if request.visit is None or request.visit.credential_id is None:
        return HttpResponseForbidden()
    session = request.visit.session
    sessions.keep_alive(session.pk, created_at=session.created_at, at=request.now)
    return HttpResponse(status=204)


@page(public, writes=True)
def theme(request: PageRequest) -> HttpResponse:
    """Light or dark, kept in this browser; back to the page one was on."""
    came_from = request.headers.get("Referer", "")
    back = came_from if url_has_allowed_host_and_scheme(came_from, {request.get_host()}) else reverse("home")
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in ("light", "dark"):
        cookies.set_theme(response, chosen)
    elif chosen == "auto":
        response.delete_cookie(cookies.THEME, path="/", samesite="Lax")
    return response
