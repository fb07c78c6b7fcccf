"""Whom direct payment is asked for, with which commitments; and the answer to an offer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from parvis.changes.rules import commitment_words
from parvis.web.landlord.forms.changes.information import KeyedForm


class CommitmentsForm(KeyedForm):
    """Every commitment, one box each."""

    commitments = forms.MultipleChoiceField(
        label="Mes engagements",
        choices=(),
        required=False,
        error_messages={"required": "Cochez chacun des engagements pour continuer."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["commitments"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(commitment_words(on=today).items())


class AskForm(CommitmentsForm):
    """The tenants, among those of the page, and the commitments."""

    kept = ("tenancies", "commitments")

    tenancies = forms.MultipleChoiceField(
        label="Pour quels locataires\u00a0?", choices=(), error_messages={"required": "Cochez au moins un locataire."}
    )
    field_order = ("tenancies", "commitments")

    def __init__(self, *args: Any, tenancies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tenancies"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = tenancies

    def references(self) -> list[UUID]:
        """The tenancies ticked."""
        return [UUID(value) for value in self.cleaned_data["tenancies"]]


class AnswerForm(CommitmentsForm):
    """Yes with its commitments, or no."""

    kept = ("answer", "commitments")

    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=(("yes", "J’accepte le versement direct"), ("no", "Je refuse")),
        error_messages={"required": "Choisissez une réponse."},
    )
    field_order = ("answer", "commitments")


class StopForm(KeyedForm):
    """Nothing but the key."""
