"""Codes as they are typed, on whatever page: those of a mail, those of a letter, and what is said of a wrong one."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.middleware.csrf import rotate_token

from parvis.design.forms import Form
from parvis.identity import rules
from parvis.identity.services.codes import CodeOutcome, Verdict
from parvis.kit.periods import at_hour, hour
from parvis.web.frame import cookies
from parvis.web.frame.requests import PageRequest

SIX = 6
EXPIRED = "Ce code a expiré. Demandez-en un nouveau."


class CodeForm(Form):
    """Six digits, typed or pasted with whatever blanks; what cannot be a code costs no try."""

    code = forms.CharField(
        label="Code à 6 chiffres", max_length=40, error_messages={"required": "Entrez le code reçu par mail."}
    )

    def clean_code(self) -> str:
        """The digits alone."""
        digits = rules.read_code(self.cleaned_data["code"])
        if not digits:
            raise forms.ValidationError("Le code ne contient que des chiffres.")
        if len(digits) != SIX:
            there = "il y en a 1" if len(digits) == 1 else f"il y en a {len(digits)}"
            raise forms.ValidationError(f"Un code a 6\u00a0chiffres\u00a0: {there}.")
        return digits


class SignInCodeForm(CodeForm):
    """The code of the sign-in, and whether others use this computer."""

    shared = forms.BooleanField(label="Ordinateur partagé\u00a0: ne pas retenir ce navigateur", required=False)


class StopCodeForm(Form):
    """The code a letter brings to stop something."""

    code = forms.CharField(
        label="Code de la lettre", max_length=40, error_messages={"required": "Entrez le code écrit dans la lettre."}
    )


def sentence_of(outcome: CodeOutcome) -> str:
    """What the page says of a code that was not right."""
    if outcome.verdict is Verdict.WRONG:
        tries = "1\u00a0essai" if outcome.left == 1 else f"{outcome.left}\u00a0essais"
        return f"Ce n’est pas le bon code. Il vous reste {tries}."
    if outcome.verdict is Verdict.REPLACED and outcome.until:
        return f"Ce code a été remplacé par celui envoyé à {hour(outcome.until)}."
    if outcome.verdict is Verdict.BLOCKED and outcome.until:
        return (
            f"Trop d’essais. Un nouveau code pourra être demandé {at_hour(outcome.until, outcome.at or outcome.until)}."
        )
    return EXPIRED


def hand_over(request: PageRequest, response: HttpResponse, token: str, browser_token: str = "") -> None:
    """Give the browser the tokens a proof has earned; the old ones are worth nothing any more."""
    if token:
        rotate_token(request)
        cookies.set_session(response, token)
    if browser_token:
        cookies.set_browser(response, browser_token)
