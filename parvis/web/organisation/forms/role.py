"""What is typed to hand the administrator's role over, or to ask for its replacement."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.design.forms import Form
from parvis.landlords.models import AfterHandOver


class HandOverForm(Form):
    """To whom, and what one becomes."""

    taker = forms.ChoiceField(
        label="À qui\u00a0?", error_messages={"required": "Choisissez la personne à qui transmettre le rôle."}
    )
    becomes = forms.ChoiceField(
        label="Et vous\u00a0?",
        choices=AfterHandOver.choices,
        error_messages={"required": "Dites ce que vous devenez."},
    )

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["taker"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choisissez une personne"), *colleagues]


class DeputyForm(Form):
    """Whom to name deputy, or no longer."""

    deputy = forms.ChoiceField(label="Suppléant", error_messages={"required": "Choisissez une personne."})
    named = forms.BooleanField(required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choisissez une personne"), *colleagues]


class ReplacementForm(Form):
    """Why the administrator must be replaced."""

    reason = forms.CharField(
        label="Pourquoi\u00a0?",
        max_length=400,
        widget=forms.Textarea,
        error_messages={"required": "Dites en quelques mots pourquoi."},
    )
