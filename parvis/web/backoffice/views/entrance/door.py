"""The agents' entrance: password, then always a code; and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import urlencode

from parvis.agents.services import sessions
from parvis.agents.services import sign_in as services
from parvis.agents.services.proofs import Proof, ProofOutcome
from parvis.agents.services.sign_in import Entry
from parvis.kit.periods import until
from parvis.web.backoffice.forms.door import AgentSignInForm, ProofForm
from parvis.web.backoffice.gate import AgentRequest, door, wanted
from parvis.web.frame import cookies, visitor
from parvis.web.frame.render import render
from parvis.web.frame.requests import address_of

WRONG = "Cet identifiant et ce mot de passe ne vont pas ensemble."
WRONG_CODE = (
    "Ce code n’est pas le bon. Attendez le suivant dans votre application, et vérifiez l’heure de votre téléphone."
)


@door(writes=True)
def sign_in(request: AgentRequest) -> HttpResponse:
    """Login and password; nothing in the answer depends on whether the agent exists."""
    if request.came_as is not None and request.came_as.is_proved:
        return HttpResponseRedirect(wanted(request))
    form = AgentSignInForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "backoffice/door/sign_in.html", {"form": form})
    typed, browser = form.cleaned_data, visitor.browser_of(request)
    outcome = services.sign_in(
        typed["login"], typed["password"], browser=browser, address=address_of(request), at=request.now
    )
    if outcome.kind is not Entry.PROOF_OWED:
        waits = until(outcome.paused_until, request.now) if outcome.paused_until else ""
        form.add_error(None, f"Connexion en pause {waits}. C’est une protection." if waits else WRONG)
        return render(request, "backoffice/door/sign_in.html", {"form": form}, status=429 if waits else 200)
    response = HttpResponseRedirect(f"{reverse('agent-code')}?{urlencode({'suite': wanted(request)})}")
    rotate_token(request)
    cookies.set_agent(response, outcome.token)
    return response


@door(writes=True)
def code(request: AgentRequest) -> HttpResponse:
    """The second proof, asked at every sign-in."""
    if request.came_as is None:
        return HttpResponseRedirect(reverse("agent-sign-in"))
    if request.came_as.is_proved:
        return HttpResponseRedirect(wanted(request))
    form = ProofForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "backoffice/door/code.html", {"form": form})
    proved = services.prove(request.came_as.session_id, form.cleaned_data["code"], at=request.now)
    if not proved.token:
        return refused(request, form, proved.outcome, "backoffice/door/code.html", {})
    if proved.outcome.recovery:
        left = proved.outcome.left
        messages.warning(request, f"Ce code de secours ne servira plus. Il vous en reste {left}.")
    response = HttpResponseRedirect(wanted(request))
    rotate_token(request)
    cookies.set_agent(response, proved.token)
    return response


def refused(
    request: AgentRequest, form: ProofForm, outcome: ProofOutcome, template: str, context: dict[str, object]
) -> HttpResponse:
    """The same page, with what was wrong with the code."""
    paused = outcome.kind is Proof.PAUSED and outcome.paused_until is not None
    waits = until(outcome.paused_until, request.now) if paused and outcome.paused_until else ""
    form.add_error("code", f"Trop d’essais\u00a0: en pause {waits}." if waits else WRONG_CODE)
    return render(request, template, {**context, "form": form}, status=429 if paused else 200)


@door(writes=True)
def sign_out(request: AgentRequest) -> HttpResponse:
    """Leave: the session is gone at once. A second click says the same."""
    if request.method == "POST" and request.came_as is not None:
        sessions.end(request.came_as.session_id)
    if request.method == "POST":
        messages.success(request, "Vous êtes déconnecté. Fermez cette fenêtre si l’ordinateur est partagé.")
    response = HttpResponseRedirect(reverse("agent-sign-in"))
    if request.method == "POST":
        cookies.drop_agent(response)
    return response


@door(writes=True)
def keep_alive(request: AgentRequest) -> HttpResponse:
    """« Rester connecté » : push the end of the session back."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("agent-home"))
    agent = request.came_as
    if agent is None or not agent.is_proved:
        return HttpResponseForbidden()
    sessions.keep_alive(agent.session_id, created_at=agent.created_at, at=request.now)
    return HttpResponse(status=204)
