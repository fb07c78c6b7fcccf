"""What is typed to get back in."""

from __future__ import annotations

import re
import unicodedata

from django import forms

from parvis.identity import rules
from parvis.web.account.forms.captcha import WithCaptcha

USER_NUMBER_SIGNS = 14
SIRET_DIGITS = 14


class LostForm(WithCaptcha):
    """An identifier or an e-mail; the answer is the same whatever it stands for."""

    identifier = forms.CharField(
        label="Identifiant ou adresse mail",
        max_length=254,
        error_messages={"required": "Entrez votre identifiant ou votre adresse mail."},
    )
    field_order: tuple[str, ...] = ("identifier",)

    @property
    def reading(self) -> rules.LoginReading:
        """The identifier as it is understood."""
        return rules.read_login(str(self.data.get("identifier", "")))


class LetterForm(LostForm):
    """The password of a letter, with the identifier or the address the letter does not tell."""

    identifier = forms.CharField(
        label="Identifiant ou ancienne adresse mail",
        max_length=254,
        error_messages={"required": "Entrez votre identifiant ou votre ancienne adresse mail."},
    )
    password = forms.CharField(
        label="Mot de passe de la lettre",
        max_length=200,
        error_messages={"required": "Entrez le mot de passe de la lettre."},
    )
    field_order: tuple[str, ...] = ("identifier", "password")


def postcode_field() -> forms.CharField:
    """The postcode of the address letters go to: what keeps a stranger from making us write."""
    return forms.CharField(
        label="Code postal de votre adresse",
        max_length=10,
        error_messages={"required": "Entrez le code postal de l’adresse où votre caisse vous écrit."},
    )


class ByPostForm(LostForm):
    """A provisional password by letter."""

    postcode = postcode_field()
    field_order: tuple[str, ...] = ("identifier", "postcode")


class UserNumberForm(WithCaptcha):
    """A user number, read kindly, and the postcode that goes with it."""

    user_number = forms.CharField(
        label="Numéro d’utilisateur",
        max_length=60,
        error_messages={"required": "Entrez votre numéro d’utilisateur."},
    )
    postcode = postcode_field()
    field_order: tuple[str, ...] = ("user_number", "postcode")

    def clean_user_number(self) -> str:
        """Fourteen signs, whatever the blanks between them."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["user_number"]).upper()
        number = re.sub(r"[\s.\-‐‑–—_]", "", typed)
        if not re.fullmatch(r"[0-9A-Z]+", number):
            raise forms.ValidationError("Un n° d’utilisateur ne contient que des chiffres et des lettres.")
        if len(number) < USER_NUMBER_SIGNS:
            missing = USER_NUMBER_SIGNS - len(number)
            raise forms.ValidationError(
                f"Il manque {missing} caractère{'s' if missing > 1 else ''}\u00a0: un n° d’utilisateur en a 14."
            )
        if len(number) > USER_NUMBER_SIGNS:
            over = len(number) - USER_NUMBER_SIGNS
            raise forms.ValidationError(
                f"Il y a {over} caractère{'s' if over > 1 else ''} de trop\u00a0: un n° d’utilisateur en a 14."
            )
        if "O" in number:
            raise forms.ValidationError("Ce numéro contient la lettre O\u00a0: c’est peut-être un zéro.")
        return number


class SiretForm(WithCaptcha):
    """The SIRET of an organisation whose user number cannot be found."""

    siret = forms.CharField(
        label="SIRET de votre organisme", max_length=40, error_messages={"required": "Entrez le SIRET."}
    )
    field_order: tuple[str, ...] = ("siret",)

    def clean_siret(self) -> str:
        """Fourteen digits, whatever the blanks between them."""
        digits = re.sub(r"[\s.\-‐‑–—_]", "", unicodedata.normalize("NFKC", self.cleaned_data["siret"]))
        if not re.fullmatch(r"[0-9]{14}", digits):
            raise forms.ValidationError("Un SIRET a 14 chiffres.")
        return digits
