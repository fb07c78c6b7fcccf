"""What is typed of an agent: who, and at which posts."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.agents.posts import Role
from parvis.agents.services.enrolment import Person
from parvis.design.forms import Form

EVERYWHERE = "*"


class PostsForm(Form):
    """Roles at offices: one box for each pair ``role:office``; ``*`` is every office."""

    posts = forms.MultipleChoiceField(
        label="Rôles", error_messages={"required": "Donnez au moins un rôle à cet agent."}
    )

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["posts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(pair, words) for _, pairs in self.groups_of(offices) for pair, words in pairs]
        self.groups = self.groups_of(offices)

    @staticmethod
    def groups_of(offices: list[tuple[str, str]]) -> list[tuple[Role, list[tuple[str, str]]]]:
        """Each role with where it can be held; the national one is held everywhere."""
        everywhere = (EVERYWHERE, "Toutes les caisses")
        return [
            (role, [(f"{role}:{code}", words) for code, words in _places(role, offices, everywhere)]) for role in Role
        ]

    @property
    def chosen(self) -> list[tuple[Role, str]]:
        """The posts ticked; an empty office is every one."""
        pairs = (str(pair).split(":", 1) for pair in self.cleaned_data["posts"])
        return [(Role(role), "" if office == EVERYWHERE else office) for role, office in pairs]


def _places(role: Role, offices: list[tuple[str, str]], everywhere: tuple[str, str]) -> list[tuple[str, str]]:
    return [everywhere] if role is Role.NATIONAL_ADMINISTRATOR else [everywhere, *offices]


class InviteForm(PostsForm):
    """Somebody who is to become an agent."""

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

    field_order = ("first_name", "last_name", "email", "login", "posts")

    @property
    def person(self) -> Person:
        """Who was typed."""
        typed = self.cleaned_data
        return Person(typed["login"], typed["email"], typed["first_name"], typed["last_name"])
