"""What an agent types about a message: an answer, or where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms

from parvis.contact.rules import LONGEST
from parvis.contact.services.answering import LONGEST_NOTE
from parvis.design.forms import Form

STALE = "Rouvrez cette page, puis recommencez."


class AnswerForm(Form):
    """The answer; ``seen`` is how many messages both sides had written when the page was made."""

    text = forms.CharField(
        label="Votre réponse",
        widget=forms.Textarea,
        max_length=LONGEST,
        error_messages={"required": "Écrivez votre réponse."},
    )
    key = forms.CharField(
        widget=forms.HiddenInput, max_length=40, error_messages={"required": STALE, "max_length": STALE}
    )
    seen = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=100_000, error_messages={"required": STALE, "invalid": STALE}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"key": uuid4(), **(kwargs.get("initial") or {})}})

    def clean_key(self) -> UUID:
        """The key we made."""
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError as error:
            raise forms.ValidationError(STALE) from error


class HandOverForm(Form):
    """To which desk of which office, and why."""

    place = forms.ChoiceField(label="Passer à", error_messages={"required": "Choisissez à qui passer ce message."})
    note = forms.CharField(
        label="Note pour ce service",
        max_length=LONGEST_NOTE,
        help_text="Le bailleur ne la lit pas.",
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choisir"), *places]
