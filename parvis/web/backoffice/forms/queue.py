"""What is typed to decide about what waits in a queue."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.changes.reasons import PAPERS
from parvis.declarations.reasons import known_reasons
from parvis.declarations.services.exchange.deciding import INTEGRATED, LONGEST_NOTE, PAPER_AWAITED, REJECTED
from parvis.design.forms import Form
from parvis.web.backoffice.forms.settings import DAYS

DECISIONS = [
    (INTEGRATED, "Prendre en compte"),
    (REJECTED, "Rejeter, avec une raison que le bailleur lira"),
    (PAPER_AWAITED, "Demander une pièce au bailleur"),
]
_NOTE = {"required": "Dites pourquoi. Le journal le garde, le bailleur ne le lit pas."}


class DecisionForm(Form):
    """Taken in, refused with a reason, or a paper asked for by a day."""

    status = forms.ChoiceField(
        label="Décision", choices=DECISIONS, error_messages={"required": "Choisissez une décision."}
    )
    reason_code = forms.ChoiceField(label="Raison du rejet", required=False)
    paper = forms.ChoiceField(label="Pièce attendue", required=False)
    answer_by = forms.DateField(
        label="À fournir avant le",
        required=False,
        input_formats=DAYS,
        error_messages={"invalid": "Écrivez une date, par exemple 31/12/2026."},
    )
    note = forms.CharField(label="Note pour le journal", max_length=LONGEST_NOTE, error_messages=_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("reason_code", known_reasons()), ("paper", PAPERS)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Choisir"), *choices.items()]

    @property
    def code(self) -> str:
        """The reason, or the paper, that goes with the decision."""
        typed = self.cleaned_data
        return str(typed["paper"] if typed["status"] == PAPER_AWAITED else typed["reason_code"])


class CheckForm(Form):
    """A flagged account: approved or refused, and why."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=[
            ("approve", "Le compte est vérifié\u00a0: il partira à la fin de l’attente"),
            ("refuse", "Refuser ce compte"),
        ],
        error_messages={"required": "Choisissez une décision."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=LONGEST_NOTE,
        help_text="Comment vous l’avez vérifié. En cas de refus, le bailleur lit ce motif.",
        error_messages={"required": "Dites comment vous l’avez vérifié."},
    )
