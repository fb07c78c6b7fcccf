"""Signing in: identifier and password, then a code."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
from parvis.identity import rules
from parvis.web.account.forms.captcha import WithCaptcha

SIX = 6


class SignInForm(Form):
    """An identifier or an e-mail, and a password."""

    captcha_due = False

    identifier = forms.CharField(
        label="Identifiant ou adresse mail",
        max_length=254,
        error_messages={"required": "Entrez votre identifiant ou votre adresse mail."},
    )
    password = forms.CharField(
        label="Mot de passe", max_length=200, error_messages={"required": "Entrez votre mot de passe."}
    )

    @property
    def wants_another(self) -> bool:
        """Whether another captcha was asked for: there is none here."""
        return False

    @property
    def reading(self) -> rules.LoginReading:
        """The identifier as it is understood."""
        return rules.read_login(str(self.data.get("identifier", "")))


class GuardedSignInForm(WithCaptcha, SignInForm):
    """The same after some failures: with a captcha."""

    field_order: tuple[str, ...] = ("identifier", "password")


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
