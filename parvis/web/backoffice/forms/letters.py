"""What is typed about letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parvis.correspondence.batches.selectors import WaitingLetters
from parvis.correspondence.returns.models import ReturnReason, SettledAs
from parvis.design.forms import Form
from parvis.landlords.services.returned import PileTooHigh, check_pile, read_numbers
from parvis.web.backoffice.words import text_names

ALL = ""


class BatchForm(Form):
    """Which letters go into a batch: of one text, of one office, or all."""

    template = forms.ChoiceField(label="Lettres", required=False)
    office = forms.ChoiceField(label="Caisse", required=False)

    def __init__(self, *args: Any, waiting: Sequence[WaitingLetters], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = {line.template: text_names(line.template) for line in waiting}
        offices = {line.office: line.office for line in waiting if line.office}
        self._choices("template", [(ALL, "Toutes les lettres"), *sorted(texts.items(), key=lambda pair: pair[1])])
        self._choices("office", [(ALL, "Toutes les caisses"), *sorted(offices.items())])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def chosen(self) -> tuple[str, str]:
        """Text and office; empty is all."""
        return self.cleaned_data["template"], self.cleaned_data["office"]


class PostedForm(Form):
    """The day the printing house posted a batch."""

    posted_on = forms.DateField(
        label="Posté le",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        help_text="Le jour du dépôt à La Poste, par exemple 14/09/2026.",
        error_messages={"invalid": "Écrivez la date ainsi\u00a0: 14/09/2026.", "required": "Écrivez le jour du dépôt."},
    )


class ReturnForm(Form):
    """Numbers of letters that came back, and why."""

    numbers_typed = forms.CharField(
        label="Numéros des lettres",
        max_length=10_000,
        widget=forms.Textarea,
        help_text="En bas de chaque lettre\u00a0: L-2026-000123. Plusieurs à la fois, l’un sous l’autre ou à la douchette.",
        error_messages={"required": "Écrivez au moins un numéro de lettre."},
    )
    reason = forms.ChoiceField(
        label="Motif écrit sur l’enveloppe",
        choices=ReturnReason.choices,
        error_messages={"required": "Choisissez le motif du retour."},
    )

    def clean_numbers_typed(self) -> str:
        """At least one number must be readable in what was typed."""
        typed: str = self.cleaned_data["numbers_typed"]
        self.numbers = read_numbers(typed)
        if not self.numbers:
            raise forms.ValidationError("Aucun numéro de lettre n’est lisible ici. Exemple\u00a0: L-2026-000123.")
        try:
            check_pile(self.numbers)
        except PileTooHigh as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        return typed


class SettleForm(Form):
    """What the address of a returned letter turned out to be."""

    number = forms.CharField(max_length=16)
    outcome = forms.ChoiceField(choices=SettledAs.choices)
