"""What the code before the password and the forgotten password share: who is meant, a code, and nothing told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import Purpose
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.visits import session_of
from parvis.identity.services import sessions
from parvis.identity.services.codes import CodeOutcome, Verdict
from parvis.kit.periods import hour
from parvis.kit.refusals import Refusal
from parvis.web.account.forms.recovery import LostForm
from parvis.web.account.steady import steady
from parvis.web.frame import visitor
from parvis.web.frame.codes import CodeForm, hand_over, sentence_of
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of


@dataclass(frozen=True, slots=True)
class Path:
    """One way back: its purpose, its pages, and the service that asks the code."""

    purpose: Purpose
    ask: Callable[..., None]
    start: str
    code: str
    template: str
    note: str


def started(request: PageRequest, path: Path) -> HttpResponse:
    """The first page: what is typed is read, the captcha passed, a code asked; then the page of the code, for all."""
    form = LostForm(request.POST if request.method == "POST" else None, at=request.now, initial=_typed_before(request))
    if request.method != "POST" or form.wants_another or not form.is_valid():
        note = form.reading.note if form.is_bound else ""
        return render(request, f"{path.template}/start.html", {"form": form, "note": note})
    session_id, token = _anonymous(request)
    _ask(request, path, session_id, form.cleaned_data["identifier"])
    response = HttpResponseRedirect(reverse(path.code))
    hand_over(request, response, token)
    return response


def _typed_before(request: PageRequest) -> dict[str, str]:
    return {"identifier": " ".join(request.GET.get("identifiant", "")[:254].replace("\0", "").split())}


def _anonymous(request: PageRequest) -> tuple[int, str]:
    """A session that proves nobody yet: the one of this browser, or a new one with its token."""
    if request.visit is not None and request.visit.credential_id is None:
        return request.visit.session.pk, ""
    begun = sessions.begin(browser=visitor.browser_of(request), at=request.now)
    return begun.session.pk, begun.token


def _ask(request: PageRequest, path: Path, session_id: int, typed: str) -> None:
    session = session_of(session_id)
    session.notes = {**session.notes, path.note: typed}
    session.save(update_fields=["notes"])
    with steady():
        try:
            path.ask(session, typed, address=address_of(request), at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)


def again(request: PageRequest, path: Path) -> HttpResponse:
    """« Renvoyer le code », for what was typed before in this browser."""
    typed = _asked_for(request, path)
    if not typed or request.visit is None:
        return HttpResponseRedirect(reverse(path.start))
    if request.method == "POST":
        _ask(request, path, request.visit.session.pk, typed)
        messages.info(request, f"Si un compte correspond, un nouveau code est parti à {hour(request.now)}.")
    return HttpResponseRedirect(reverse(path.code))


def _asked_for(request: PageRequest, path: Path) -> str:
    visit = request.visit
    return str(visit.session.notes.get(path.note, "")) if visit is not None and visit.credential_id is None else ""


Enter = Callable[[CodeForm], tuple[CodeOutcome, HttpResponse | None]]


def code_page(request: PageRequest, path: Path, enter: Enter) -> HttpResponse:
    """The page of the code: the same whether one was sent or not."""
    if not _asked_for(request, path) or request.visit is None:
        return HttpResponseRedirect(reverse(path.start))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with steady():
            outcome, response = enter(form)
        if response is not None:
            return response
        if outcome.verdict is Verdict.USED:
            return HttpResponseRedirect(reverse(path.start))
        form.add_error("code", sentence_of(outcome))
    waiting = waiting_for(request.visit.session.pk, path.purpose, at=request.now)
    return render(request, f"{path.template}/code.html", {"form": form, "waiting": waiting})
