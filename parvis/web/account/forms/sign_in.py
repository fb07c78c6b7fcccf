"""Signing in: identifier and password."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
from parvis.identity import rules
from parvis.web.account.forms.captcha import WithCaptcha


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
