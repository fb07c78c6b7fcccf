"""The administrator's role: who holds it, who would take over, handing it over, replacing who is gone."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import Purpose
from parvis.identity.rules import masked
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import freezing, pending
from parvis.identity.services.codes import Verdict
from parvis.kit.actors import Right
from parvis.kit.periods import hour
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.models import AfterHandOver
from parvis.landlords.selectors.role import role_of
from parvis.landlords.services.role import deputy as deputies
from parvis.landlords.services.role import handing_over, replacing
from parvis.parameters.catalogue import ADMINISTRATOR_REPLACED_AFTER
from parvis.parameters.selectors import value
from parvis.web.frame.codes import CodeForm, StopCodeForm, sentence_of
from parvis.web.frame.page import account_pages, needing, page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of
from parvis.web.organisation.forms.role import DeputyForm, HandOverForm, ReplacementForm
from parvis.web.organisation.gate import organisation_only

UNKNOWN = "Ce code n’est pas reconnu, ou la demande est terminée. Vérifiez-le sur la lettre."
ALREADY = "C’était déjà fait. Rien n’a été changé."
ANSWERED = "Cette proposition a déjà reçu une réponse, ou n’est plus valable. Rien n’a été changé."
STOPPED = "Aucun remplacement n’attend plus de réponse."
TOO_MANY = "Trop de codes essayés. Réessayez dans une heure, ou appelez votre caisse."


def _to(request: PageRequest, name: str = "role") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[request.standing.account_reference]))


@page(account_pages)
@organisation_only
def role(request: PageRequest) -> HttpResponse:
    """Who administers, who would take over, what waits for an answer; each may do here what is theirs."""
    context = {
        "role": role_of(request.actor, at=request.now),
        "administers": request.actor.may(Right.ADMINISTER),
        "becomes": dict(AfterHandOver.choices),
    }
    return render(request, "organisation/role/role.html", context)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def deputy(request: PageRequest) -> HttpResponse:
    """Name a deputy, or no longer."""
    known = role_of(request.actor, at=request.now)
    form = DeputyForm(request.POST or None, colleagues=known.colleagues)
    if request.method == "POST" and form.is_valid():
        chosen, named = form.cleaned_data["deputy"], form.cleaned_data["named"]
        _said(request, lambda: deputies.set_deputy(chosen, named, by=request.actor, at=request.now))
        return _to(request)
    return render(request, "organisation/role/deputy.html", {"form": form, "role": known})


def _said(request: PageRequest, act: Callable[[], bool], otherwise: str = ALREADY) -> None:
    """Do an act and say what became of it; ``otherwise`` if there was nothing to do."""
    try:
        done = act()
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.add_message(request, messages.SUCCESS if done else messages.INFO, "C’est fait." if done else otherwise)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def hand_over(request: PageRequest) -> HttpResponse:
    """« Transmettre le rôle » : to whom, and what one becomes; then a code."""
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        colleagues=role_of(request.actor, at=request.now).colleagues,
        initial={"becomes": AfterHandOver.DEPUTY},
    )
    if form.is_valid():
        session, becomes = session_of(request.standing.session_id), AfterHandOver(form.cleaned_data["becomes"])
        try:
            handing_over.ask(session, form.cleaned_data["taker"], becomes, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to(request, "hand-over-code")
    return render(request, "organisation/role/hand_over.html", {"form": form})


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def hand_over_code(request: PageRequest) -> HttpResponse:
    """The code that confirms the offer."""
    session = session_of(request.standing.session_id)
    change = pending.live(session.pk, by=request.actor, at=request.now)
    if change is None or change.purpose != Purpose.ADMINISTER:
        return _to(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        digits = form.cleaned_data["code"]
        try:
            outcome = handing_over.offer(change, session, digits, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
            return _to(request)
        if outcome.verdict in (Verdict.RIGHT, Verdict.USED):
            messages.success(request, "C’est fait. La proposition est envoyée. Vous restez administrateur jusque-là.")
            return _to(request)
        form.add_error("code", sentence_of(outcome))
    waiting = waiting_for(session.pk, Purpose.ADMINISTER, at=request.now)
    context = {"form": form, "waiting": waiting, "masked": masked(request.standing.email or "")}
    return render(request, "organisation/role/hand_over_code.html", context)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def hand_over_again(request: PageRequest) -> HttpResponse:
    """« Renvoyer le code »."""
    session = session_of(request.standing.session_id)
    change = pending.live(session.pk, by=request.actor, at=request.now)
    if request.method == "POST" and change is not None and change.purpose == Purpose.ADMINISTER:
        try:
            pending.ask_code(change, session, request.standing.email or "", by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, f"Nouveau code envoyé à {hour(request.now)}. Le précédent ne marche plus.")
    return _to(request, "hand-over-code")


@page(account_pages, writes=True)
@organisation_only
def hand_over_accept(request: PageRequest) -> HttpResponse:
    """The colleague accepts the role."""
    if request.method == "POST":
        _said(request, lambda: handing_over.accept(by=request.actor, at=request.now), ANSWERED)
    return _to(request)


@page(account_pages, writes=True)
@organisation_only
def hand_over_decline(request: PageRequest) -> HttpResponse:
    """The colleague declines it, or the administrator takes the offer back."""
    if request.method == "POST":
        _said(request, lambda: handing_over.decline(by=request.actor, at=request.now), ANSWERED)
    return _to(request)


@page(account_pages, writes=True)
@organisation_only
def replacement(request: PageRequest) -> HttpResponse:
    """« Demander le remplacement de l’administrateur »."""
    administers = request.actor.may(Right.ADMINISTER)
    form = ReplacementForm(request.POST if request.method == "POST" else None)
    if not administers and form.is_valid():
        try:
            replacing.ask(form.cleaned_data["reason"], by=request.actor, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. L’administrateur et l’adresse postale de l’organisme sont prévenus.")
            return _to(request)
    context = {"form": form, "role": role_of(request.actor, at=request.now), "administers": administers}
    context["waits"] = value(ADMINISTRATOR_REPLACED_AFTER)
    return render(request, "organisation/role/replacement.html", context)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def still_here(request: PageRequest) -> HttpResponse:
    """« Je suis toujours là »."""
    if request.method == "POST":
        _said(request, lambda: replacing.still_here(by=request.actor, at=request.now), STOPPED)
    return _to(request)


@page(public, writes=True)
def stop_replacement(request: PageRequest) -> HttpResponse:
    """The code of the letter that stops a replacement."""
    form = StopCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not freezing.may_type_stop_code(address_of(request), at=request.now):
            form.add_error("code", TOO_MANY)
        elif replacing.stop(freezing.read_stop_code(form.cleaned_data["code"]), at=request.now):
            messages.success(request, "C’est fait. La demande est arrêtée\u00a0: rien n’a changé.")
            return HttpResponseRedirect(reverse("home"))
        else:
            form.add_error("code", UNKNOWN)
    return render(request, "organisation/role/stop.html", {"form": form})
