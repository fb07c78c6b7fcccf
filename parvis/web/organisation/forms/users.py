"""What is typed to invite somebody or to change what they may do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from parvis.design.forms import Form
from parvis.identity.rules import read_email
from parvis.kit.actors import Right
from parvis.kit.periods import day
from parvis.kit.refusals import Refusal
from parvis.landlords import rules
from parvis.landlords.rules import Wish
from parvis.landlords.services.users.inviting import Guest


class SeenForm(Form):
    """A confirmation: it says what the page showed."""

    seen = forms.CharField(max_length=2_000, required=False, widget=forms.HiddenInput)


class AskForm(Form):
    """Which right one asks for."""

    right = forms.ChoiceField(label="Droit", error_messages={"required": "Choisissez un droit."})

    def __init__(self, *args: Any, lacking: list[Right], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["right"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(right.value, right.label) for right in lacking]


class RightsForm(SeenForm):
    """Rights, offices, last day."""

    rights = forms.MultipleChoiceField(label="Droits", required=False)
    offices = forms.MultipleChoiceField(label="Caisses", required=False)
    end_on = forms.DateField(
        label="Fin du droit",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Écrivez une date, par exemple 31/12/2026."},
    )

    def __init__(self, *args: Any, possible: list[Right], known_offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.possible = possible
        self._choices("rights", [(right.value, right.label) for right in possible])
        self._choices("offices", known_offices)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    @property
    def wish(self) -> Wish:
        """What was asked for. Whoever may do something may see what it is done to."""
        typed = self.cleaned_data
        chosen = rules.with_consulting({Right(right) for right in typed["rights"]})
        return Wish(chosen, frozenset(typed["offices"]), typed["end_on"])

    @property
    def repeated(self) -> list[tuple[str, str]]:
        """What was typed, to be sent again by the check page: pairs (name, value)."""
        pairs = [(name, value) for name in self.fields for value in self._values(name)]
        return [(name, value) for name, value in pairs if value]

    def _values(self, name: str) -> list[str]:
        value = self.cleaned_data.get(name)
        if isinstance(value, date):
            return [day(value)]
        return [str(part) for part in value] if isinstance(value, list) else [str(value or "")]


class InvitationForm(RightsForm):
    """Who is invited, with which profile."""

    first_name = forms.CharField(label="Prénom", max_length=60, error_messages={"required": "Entrez son prénom."})
    last_name = forms.CharField(label="Nom", max_length=60, error_messages={"required": "Entrez son nom."})
    email = forms.CharField(
        label="Adresse mail", max_length=254, error_messages={"required": "Entrez son adresse mail."}
    )
    profile = forms.ChoiceField(
        label="Profil",
        choices=[(code, name) for code, (name, _) in rules.PROFILES.items()],
        error_messages={"required": "Choisissez un profil."},
    )

    field_order = ("first_name", "last_name", "email", "profile", "rights", "offices", "end_on", "seen")

    def clean_email(self) -> str:
        """The address as it will be kept, of one person."""
        try:
            email = read_email(self.cleaned_data["email"])
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal
        if rules.is_generic(email):
            raise ValidationError("Cette adresse est générique. Une adresse par personne est obligatoire.")
        return email

    def clean(self) -> dict[str, Any]:
        """A profile says the rights; « Sur mesure » wants them ticked."""
        cleaned = super().clean() or self.cleaned_data
        profile = cleaned.get("profile")
        if profile == rules.CUSTOM and not cleaned.get("rights") and "rights" not in self.errors:
            self.add_error("rights", "Choisissez au moins un droit.")
        if profile and profile != rules.CUSTOM:
            cleaned["rights"] = [right.value for right in self.possible if right in rules.PROFILES[profile][1]]
        return cleaned

    @property
    def guest(self) -> Guest:
        """The person."""
        typed = self.cleaned_data
        return Guest(typed["first_name"], typed["last_name"], typed["email"])
