"""What is typed to act on somebody's account."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
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
