"""« Problème de connexion » : three questions at most, then one thing to do (ux.md B8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from parvis.identity import rules
from parvis.kit.money import euros, read_amount
from parvis.kit.refusals import NotFound, Refusal
from parvis.parameters.catalogue import VALID_BY_AGENT, VALID_BY_EMAIL, VALID_BY_LETTER
from parvis.parameters.selectors import value
from parvis.web.account.views.recovery.questions import QUESTIONS
from parvis.web.account.views.recovery.troubles import SOLUTIONS, Solution
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

LONGEST_TRY = 60
GOOD_SHAPE = 10


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed in a tester, and what we make of it."""

    typed: str = ""
    kind: str = ""
    sentence: str = ""


@page(public)
def start(request: PageRequest) -> HttpResponse:
    """The first question."""
    return render(request, "account/recovery/assistant/question.html", {"question": QUESTIONS[""], "trouble": ""})


@page(public)
def trouble(request: PageRequest, trouble: str) -> HttpResponse:
    """The next question, or the solution. Nothing here asks who one is."""
    if trouble in QUESTIONS and trouble:
        question = QUESTIONS[trouble]
        return render(request, "account/recovery/assistant/question.html", {"question": question, "trouble": trouble})
    solution = SOLUTIONS.get(trouble)
    if solution is None:
        raise NotFound
    typed = request.GET.get("essai", "")[:LONGEST_TRY].replace("\0", "")
    context = {
        "solution": solution,
        "sentences": _sentences(solution),
        "trouble": trouble,
        "tried": _tried(solution.tester, typed),
        "solved": request.GET.get("regle", ""),
    }
    return render(request, "account/recovery/assistant/solution.html", context)


def _sentences(solution: Solution) -> list[str]:
    if not any("{" in sentence for sentence in solution.sentences):
        return list(solution.sentences)
    lives = {"by_email": value(VALID_BY_EMAIL), "by_letter": value(VALID_BY_LETTER), "by_agent": value(VALID_BY_AGENT)}
    return [sentence.format(**lives) for sentence in solution.sentences]


def _tried(tester: str, typed: str) -> Tried:
    if not tester or not typed.strip():
        return Tried(typed)
    return _tried_identifier(typed) if tester == "identifier" else _tried_amount(typed)


def _tried_identifier(typed: str) -> Tried:
    reading = rules.read_login(typed)
    if reading.is_email:
        return Tried(typed, "info", "C’est une adresse mail. Elle ouvre votre compte si vous vous êtes déjà connecté.")
    if rules.is_login_shape(reading.value):
        note = f" {reading.note}" if reading.note else ""
        return Tried(typed, "ok", f"Bonne forme\u00a0: {reading.value}.{note}")
    missing = GOOD_SHAPE - len(reading.value)
    if missing > 0:
        signs = "1 caractère" if missing == 1 else f"{missing} caractères"
        return Tried(typed, "bad", f"Il manque {signs}\u00a0: un identifiant en a 10.")
    if missing < 0:
        return Tried(
            typed, "bad", f"Il y a {-missing} caractère{'s' if missing < -1 else ''} de trop\u00a0: il en faut 10."
        )
    return Tried(typed, "bad", "Ce n’est pas la bonne forme\u00a0: LOG, puis 6 chiffres, puis 1 lettre.")


def _tried_amount(typed: str) -> Tried:
    try:
        amount = read_amount(typed)
    except Refusal as refusal:
        return Tried(typed, "bad", refusal.sentence)
    return Tried(typed, "ok", f"Nous lisons {euros(amount.cents)}.")
