"""What is typed of an agent: who, and at which post."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.agents.posts import Role
from parvis.agents.services.enrolment import Person
from parvis.design.forms import Form

EVERYWHERE = ("", "Toutes les caisses")


class PostForm(Form):
    """One role, at one office or at all of them."""

    role = forms.ChoiceField(
        label="Rôle",
        choices=[(role.value, role.label) for role in Role],
        error_messages={"required": "Choisissez le rôle de cet agent."},
    )
    office = forms.ChoiceField(label="Caisse", required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [EVERYWHERE, *offices]
        self.meanings = {role.value: role.meaning for role in Role}

    @property
    def post(self) -> tuple[Role, str]:
        """The post chosen; an empty office is every one. The national role is held everywhere, whatever was chosen."""
        role = Role(self.cleaned_data["role"])
        return role, "" if role is Role.NATIONAL_ADMINISTRATOR else str(self.cleaned_data["office"])


class InviteForm(PostForm):
    """Somebody who is to become an agent, with a first post."""

    first_name = forms.CharField(
        label="Prénom", max_length=60, error_messages={"required": "Indiquez le prénom de l’agent."}
    )
    last_name = forms.CharField(label="Nom", max_length=60, error_messages={"required": "Indiquez le nom de l’agent."})
    email = forms.CharField(
        label="Adresse mail professionnelle",
        max_length=254,
        error_messages={"required": "Indiquez l’adresse où envoyer l’invitation."},
    )
    login = forms.CharField(
        label="Identifiant",
        max_length=40,
        help_text="Par exemple camille.roux. C’est ce nom que le journal écrit.",
        error_messages={"required": "Choisissez un identifiant pour cet agent."},
    )

    field_order = ("first_name", "last_name", "email", "login", "role", "office")

    @property
    def person(self) -> Person:
        """Who was typed."""
        typed = self.cleaned_data
        return Person(typed["login"], typed["email"], typed["first_name"], typed["last_name"])


class HomeForm(Form):
    """Where an agent lives; empty, it is forgotten."""

    street = forms.CharField(label="Numéro et rue", max_length=60, required=False)
    postcode = forms.CharField(label="Code postal", max_length=10, required=False)
