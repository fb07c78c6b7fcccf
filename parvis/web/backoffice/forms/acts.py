"""What is typed to act on somebody's account."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.changes.rules.files import LARGEST_FILE
from parvis.design.forms import Form
from parvis.landlords.models import AfterReplacement
from parvis.landlords.services.by_agent import LONGEST_REASON


class ActForm(Form):
    """Why."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=LONGEST_REASON,
        help_text="Qui vous l’a demandé, et comment vous avez vérifié que c’est bien cette personne.",
        error_messages={"required": "Dites pourquoi, en quelques mots. Le journal le garde."},
    )


class SendForm(ActForm):
    """Why, and whether in spite of letters that travel."""

    in_spite = forms.BooleanField(
        label="Renvoyer quand même, et annuler ce qui n’est pas encore parti",
        required=False,
        help_text="Les mots de passe envoyés avant ne serviront plus dès que le nouveau sera fait.",
    )

    def offer(self, ways: list[tuple[str, str]]) -> None:
        """Let the agent choose among ways, the one that comes first unless they say so; a single way is no question."""
        if len(ways) > 1:
            self.fields["way"] = forms.ChoiceField(
                label="Comment", choices=ways, initial=ways[0][0], widget=forms.RadioSelect,
                error_messages={"required": "Choisissez comment.", "invalid_choice": "Choisissez comment."},
            )  # fmt: skip
            self.order_fields(["way", "reason", "in_spite"])


class ChoiceForm(ActForm):
    """One thing among some, and why; ``offer`` says which."""

    choice = forms.ChoiceField(
        label="Lequel",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez.", "invalid_choice": "Choisissez dans la liste."},
    )
    field_order = ("choice", "reason")

    def offer(self, label: str, choices: list[tuple[str, str]]) -> None:
        """Name what is chosen, and among what."""
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.choices = label, choices
        if len(choices) == 1:
            field.initial = choices[0][0]


class EmailForm(ActForm):
    """Another address, and why."""

    email = forms.CharField(
        label="Nouvelle adresse mail",
        max_length=254,
        error_messages={"required": "Écrivez l’adresse donnée par la personne."},
    )

    field_order = ("email", "reason")


NEWCOMER = "nouvelle"
"""The choice of a person who is not a user yet."""
_EVERYBODY = ("", "Tous ceux qui administrent")


class OpenReplacementForm(ActForm):
    """Who is replaced, by whom, on which paper."""

    former = forms.ChoiceField(label="Ancien administrateur", required=False, widget=forms.RadioSelect)
    becomes = forms.ChoiceField(
        label="L’ancien administrateur",
        choices=AfterReplacement.choices,
        initial=AfterReplacement.USER,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qu’il devient."},
    )
    successor = forms.ChoiceField(
        label="Nouvel administrateur",
        error_messages={"required": "Choisissez qui administrera.", "invalid_choice": "Choisissez dans la liste."},
    )
    first_name = forms.CharField(label="Prénom", max_length=60, required=False)
    last_name = forms.CharField(label="Nom", max_length=60, required=False)
    email = forms.CharField(label="Adresse mail de la personne", max_length=254, required=False)
    attachment = forms.FileField(
        label="Justificatif",
        max_length=200,
        error_messages={
            "required": "Joignez le justificatif (K-bis, pouvoir).",
            "empty": "Ce fichier est vide.",
            "missing": "Joignez le justificatif (K-bis, pouvoir).",
        },
    )

    field_order = ("former", "becomes", "successor", "first_name", "last_name", "email", "attachment", "reason")

    def __init__(self, *args: Any, former: list[tuple[str, str]], users: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = [_EVERYBODY] if len(former) > 1 else []
        self._offer("former", [*former, *several])
        self._offer("successor", [*users, (NEWCOMER, "Une personne qui n’est pas encore utilisateur")])
        self.fields["former"].initial = former[0][0] if former else ""
        self.fields["successor"].initial = users[0][0] if users else NEWCOMER
        self.fields[
            "reason"
        ].help_text = "Qui l’a demandé, et comment vous avez vérifié le justificatif et la personne."

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_attachment(self) -> Any:
        """Not heavier than what is kept."""
        sent = self.cleaned_data["attachment"]
        if (sent.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("Ce fichier pèse plus de 5\u00a0Mo. Choisissez-en un plus léger.")
        return sent

    def clean(self) -> dict[str, Any]:
        """A newcomer has a name and an address."""
        typed = super().clean() or {}
        if typed.get("successor") == NEWCOMER:
            asked = {
                "first_name": "Écrivez le prénom de la personne.",
                "last_name": "Écrivez le nom de la personne.",
                "email": "Écrivez l’adresse mail de la personne.",
            }
            for name, sentence in asked.items():
                if name not in self.errors and not typed.get(name, "").strip():
                    self.add_error(name, sentence)
        return typed
