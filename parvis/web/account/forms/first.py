"""The first sign-in: who one is, the mailbox, the password, the texts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from parvis.design.forms import Form
from parvis.identity import rules
from parvis.kit.refusals import Refusal
from parvis.landlords.refusals import NotTheInvitedAddress


class EmailForm(Form):
    """A mailbox, typed twice. Empty keeps the one the office knows, when there is one."""

    email = forms.CharField(label="Adresse mail", max_length=254, required=False)
    email_again = forms.CharField(label="Confirmation de l’adresse mail", max_length=254, required=False)

    def __init__(self, *args: Any, known: str = "", proved: bool = False, invited: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invited = invited
        self.may_be_empty = bool(known) or proved
        self.fields["email"].required = self.fields["email_again"].required = not self.may_be_empty
        self.fields["email"].error_messages["required"] = "Entrez une adresse mail."
        self.fields["email_again"].error_messages["required"] = "Entrez l’adresse une seconde fois."

    def clean_email(self) -> str:
        """The address as it will be kept; for somebody invited, the one their invitation went to."""
        typed = self.cleaned_data["email"]
        try:
            email = rules.read_email(typed) if typed else ""
            if self.invited and email not in ("", self.invited):
                raise NotTheInvitedAddress(rules.masked(self.invited))
            return email
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = super().clean() or self.cleaned_data
        again = "".join(str(cleaned.get("email_again", "")).split()).lower()
        if "email" in cleaned and "email_again" in cleaned and cleaned["email"] != again:
            self.add_error("email_again", "Les deux adresses sont différentes.")
        return cleaned


class InformationForm(EmailForm):
    """Who one is, and the mailbox."""

    first_name = forms.CharField(label="Prénom", max_length=60, error_messages={"required": "Entrez votre prénom."})
    last_name = forms.CharField(label="Nom", max_length=60, error_messages={"required": "Entrez votre nom."})
    job_title = forms.CharField(label="Fonction", max_length=80, required=False)
    phone = forms.CharField(label="Téléphone", max_length=30, required=False)

    field_order = ("first_name", "last_name", "job_title", "phone", "email", "email_again")

    def clean_phone(self) -> str:
        """Digits and a leading +, whatever stands between them."""
        return read_phone(self.cleaned_data["phone"])


def read_phone(typed: str) -> str:
    """A telephone number as it is kept; empty stays empty. Refuses what cannot be one."""
    number = re.sub(r"[\s.\-‐‑–—()/]", "", unicodedata.normalize("NFKC", typed))
    if number and not re.fullmatch(r"\+?[0-9]{6,15}", number):
        raise ValidationError("Écrivez un numéro de téléphone, par exemple 02\u00a040\u00a000\u00a000\u00a000.")
    return number


class PasswordForm(Form):
    """A password of one's own, typed twice."""

    password = forms.CharField(
        label="Nouveau mot de passe", max_length=200, error_messages={"required": "Entrez un nouveau mot de passe."}
    )
    password_again = forms.CharField(
        label="Confirmation du nouveau mot de passe",
        max_length=200,
        error_messages={"required": "Entrez le mot de passe une seconde fois."},
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned and "password_again" in cleaned and cleaned["password"] != cleaned["password_again"]:
            self.add_error("password_again", "Les deux mots de passe sont différents.")
        return cleaned


class AcceptanceForm(Form):
    """The box under a text, and the version that was read."""

    version = forms.IntegerField(min_value=1, max_value=32_000, widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        error_messages={"required": "Pour continuer, cochez la case après avoir lu le texte."}
    )
