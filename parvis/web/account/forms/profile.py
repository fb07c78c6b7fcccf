"""What is typed in « Mon profil »."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.design.forms import Form
from parvis.opinions.rules import CHOOSE_A_SCORE, LONGEST_REMARK
from parvis.web.account.forms.first import EmailForm, PasswordForm, read_phone

WHICH = (
    ("one", "Seulement ce compte"),
    ("some", "Ces comptes, à cocher dans la liste"),
    ("all", "Tous mes comptes rapprochés"),
)


class InformationForm(Form):
    """Who one is."""

    first_name = forms.CharField(label="Prénom", max_length=60, error_messages={"required": "Entrez votre prénom."})
    last_name = forms.CharField(label="Nom", max_length=60, error_messages={"required": "Entrez votre nom."})
    job_title = forms.CharField(label="Fonction", max_length=80, required=False)
    phone = forms.CharField(label="Téléphone", max_length=30, required=False)

    def clean_phone(self) -> str:
        """Digits and a leading +, whatever stands between them."""
        return read_phone(self.cleaned_data["phone"])


def present_password() -> forms.CharField:
    """The password one signs in with."""
    return forms.CharField(
        label="Mot de passe actuel",
        max_length=200,
        error_messages={"required": "Entrez votre mot de passe actuel."},
    )


class ChangePasswordForm(PasswordForm):
    """The present password, then the new one twice."""

    present = present_password()
    field_order: tuple[str, ...] = ("present", "password", "password_again")


class ChangeEmailForm(EmailForm):
    """A new mailbox, typed twice, for one account, some, or all; and the present password."""

    which = forms.ChoiceField(label="Quels comptes changent d’adresse\u00a0?", choices=WHICH, required=False)
    accounts = forms.MultipleChoiceField(label="Comptes", required=False)
    present = present_password()
    field_order: tuple[str, ...] = ("email", "email_again", "which", "accounts", "present")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = self.fields["accounts"]
        assert isinstance(accounts, forms.MultipleChoiceField)
        accounts.choices = choices
        self.fields["email"].label = "Nouvelle adresse mail"
        self.fields["email_again"].label = "Confirmation de la nouvelle adresse"

    def clean(self) -> dict[str, Any]:
        """Some accounts means at least one."""
        cleaned = super().clean()
        if cleaned.get("which") == "some" and not cleaned.get("accounts") and "accounts" not in self.errors:
            self.add_error("accounts", "Cochez au moins un compte.")
        return cleaned

    def chosen(self, own: str, everything: list[str]) -> list[str]:
        """The references of the accounts that change."""
        which = self.cleaned_data.get("which") or "one"
        if which == "all":
            return everything
        return list(self.cleaned_data["accounts"]) if which == "some" else [own]


class OpinionForm(Form):
    """« Était-ce simple ? » and what one would change."""

    score = forms.ChoiceField(
        label="Était-ce simple\u00a0?",
        choices=(("1", "1, pas du tout"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5, très simple")),
        error_messages={"required": CHOOSE_A_SCORE, "invalid_choice": CHOOSE_A_SCORE},
    )
    remark = forms.CharField(
        label="Que changer\u00a0?",
        help_text="N’écrivez ni nom ni numéro\u00a0: personne ne peut vous répondre ici.",
        max_length=LONGEST_REMARK,
        required=False,
        widget=forms.Textarea,
    )
