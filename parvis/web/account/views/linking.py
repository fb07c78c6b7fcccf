"""The page of the 138 accounts: one mailbox, one password (ux.md B3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.identity import rules
from parvis.identity.selectors.groups import group_size
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import linking as services
from parvis.identity.steps import Step
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors import accounts_of
from parvis.web.account.forms.linking import CommonPasswordForm, DoubtForm, PresentPasswordForm
from parvis.web.account.words import own_words, policy
from parvis.web.frame import way
from parvis.web.frame.codes import hand_over
from parvis.web.frame.page import page, steps
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

PER_PAGE = 5
LONGEST_SEARCH = 100


@page(steps, writes=True)
def link(request: PageRequest) -> HttpResponse:
    """The accounts of the proved mailbox, and the password they will share: a new one, or the one already known."""
    elsewhere = way.elsewhere(request, Step.LINK)
    if elsewhere is not None:
        return elsewhere
    keeping = request.POST.get("way") == "keep"
    posted = request.POST if request.method == "POST" else None
    new = CommonPasswordForm(None if keeping else posted)
    present = PresentPasswordForm(posted if keeping else None)
    form = present if keeping else new
    if form.is_valid():
        try:
            token = _link(request, form.cleaned_data, keeping=keeping)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _linked(request, token)
    return _show(request, new, present, form)


def _link(request: PageRequest, typed: dict[str, Any], *, keeping: bool) -> str:
    session = session_of(request.standing.session_id)
    if keeping:
        return services.keep_password(session, typed["present"], by=request.actor, at=request.now)
    return services.choose_password(session, typed["password"], own_words(request), by=request.actor, at=request.now)


def _linked(request: PageRequest, token: str) -> HttpResponse:
    count = group_size(session_of(request.standing.session_id).holder_id)
    messages.success(request, f"C’est fait. Vos {count} comptes ont le même mot de passe.")
    response = way.onward(request)
    hand_over(request, response, token)
    return response


def _show(request: PageRequest, new: CommonPasswordForm, present: PresentPasswordForm, form: Any) -> HttpResponse:
    asked = services.asked(session_of(request.standing.session_id))
    if asked is None:
        return _give_up(request)
    words, after, before = (
        request.GET.get(name, "")[:LONGEST_SEARCH].replace("\0", "") for name in ("q", "apres", "avant")
    )
    found = accounts_of(asked.credential_id, words=words, after=after, before=before, size=PER_PAGE)
    context = {
        "form": form,
        "new": new,
        "present": present,
        "doubt": DoubtForm(),
        "email": asked.email,
        "held": group_size(asked.credential_id),
        "joining": len(asked.account_ids),
        "lines": found.lines,
        "words": words,
        "previous": _address(request, words, avant=found.before) if found.before else None,
        "following": _address(request, words, apres=found.after) if found.after else None,
        "login_id": request.standing.login_id,
        "policy": policy(),
    }
    return render(request, "account/linking/link.html", context)


def _address(request: PageRequest, words: str, **edge: str) -> str:
    return f"{request.path}?{urlencode({'q': words, **edge} if words else edge)}#comptes-concernes"


@page(steps, writes=True)
def leave_link(request: PageRequest) -> HttpResponse:
    """« Indiquer une autre adresse » : nothing is linked."""
    elsewhere = way.elsewhere(request, Step.LINK)
    if elsewhere is not None or request.method != "POST":
        return elsewhere or HttpResponseRedirect(reverse("link", args=[request.standing.account_reference]))
    messages.info(request, "Rien n’a été rapproché. Votre compte garde son adresse et son mot de passe.")
    return _give_up(request)


def _give_up(request: PageRequest) -> HttpResponse:
    services.give_up(session_of(request.standing.session_id))
    return way.onward(request)


@page(steps, writes=True)
def doubt(request: PageRequest) -> HttpResponse:
    """« Je ne reconnais pas un de ces comptes » : nothing is linked, and the office looks into it."""
    elsewhere = way.elsewhere(request, Step.LINK)
    if elsewhere is not None:
        return elsewhere
    form = DoubtForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        login_id = rules.read_login(form.cleaned_data["login_id"]).value
        session, why = session_of(request.standing.session_id), form.cleaned_data["why"]
        try:
            services.doubt(session, login_id, why, by=request.actor, at=request.now)
        except Refusal:
            form.add_error("login_id", "Cet identifiant n’est pas dans la liste. Recopiez-le depuis la liste.")
        else:
            messages.success(request, "C’est noté. Votre caisse va vérifier. En attendant, rien n’est rapproché.")
            return way.onward(request)
    return render(request, "account/linking/doubt.html", {"form": form})
