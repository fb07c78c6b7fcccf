"""What is typed at the agents' entrance, and to change one's own proofs."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form

_PASSWORD = {"required": "Entrez votre mot de passe."}


class AgentSignInForm(Form):
    """A login or an e-mail, and a password."""

    login = forms.CharField(
        label="Identifiant ou adresse mail professionnelle",
        max_length=254,
        error_messages={"required": "Entrez votre identifiant."},
    )
    password = forms.CharField(label="Mot de passe", max_length=200, error_messages=_PASSWORD)


class ProofForm(Form):
    """A time-based code, or a recovery code."""

    code = forms.CharField(
        label="Code à 6 chiffres, ou code de secours",
        max_length=40,
        error_messages={"required": "Entrez le code affiché par votre application."},
    )


class NewPasswordForm(Form):
    """A password chosen, twice."""

    password = forms.CharField(label="Nouveau mot de passe", max_length=200, error_messages=_PASSWORD)
    again = forms.CharField(
        label="Le même, une seconde fois", max_length=200, error_messages={"required": "Entrez-le une seconde fois."}
    )

    def clean_again(self) -> str:
        """Both must be one."""
        again = str(self.cleaned_data["again"])
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError("Les deux mots de passe ne sont pas les mêmes.")
        return again


class PresentPasswordForm(Form):
    """The present password, asked before what only its owner may do."""

    present = forms.CharField(label="Mot de passe actuel", max_length=200, error_messages=_PASSWORD)


class ChangePasswordForm(NewPasswordForm, PresentPasswordForm):
    """The present password, then another one twice."""

    field_order = ("present", "password", "again")
