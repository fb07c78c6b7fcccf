"""What is typed to decide about what waits in a queue, or to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms

from parvis.changes.models import Flag
from parvis.changes.reasons import PAPERS, bank_reasons
from parvis.changes.selectors.flagged import FlaggedChoices, FlaggedFilters
from parvis.changes.services.bank import by_agent
from parvis.contact.rules import LONGEST
from parvis.contact.services import answering
from parvis.declarations.reasons import known_reasons
from parvis.declarations.services.exchange.deciding import INTEGRATED, LONGEST_NOTE, PAPER_AWAITED, REJECTED
from parvis.design.forms import Form
from parvis.web.backoffice.forms.settings import DAYS

DECISIONS = [
    (INTEGRATED, "Prendre en compte"),
    (REJECTED, "Rejeter, avec une raison que le bailleur lira"),
    (PAPER_AWAITED, "Demander une pièce au bailleur"),
]
STALE = "Rouvrez cette page, puis recommencez."
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


class BankStopForm(Form):
    """A bank change kept from leaving: the reason its landlord reads, and what the journal keeps."""

    reason_code = forms.ChoiceField(
        label="Raison", error_messages={"required": "Choisissez la raison que lira le bailleur."}
    )
    note = forms.CharField(label="Note pour le journal", max_length=by_agent.LONGEST_NOTE, error_messages=_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choisir"), *bank_reasons().items()]


class CheckForm(BankStopForm):
    """A flagged account: approved, or refused with a reason."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=[
            ("approve", "Le compte est vérifié\u00a0: il partira à la fin de l’attente"),
            ("refuse", "Refuser ce compte"),
        ],
        error_messages={"required": "Choisissez une décision."},
    )
    field_order = ("decision", "reason_code", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].required = False


AGES = {0: "Tous", 1: "Depuis un jour ou plus", 3: "Depuis 3\u00a0jours ou plus", 7: "Depuis 7\u00a0jours ou plus"}
"""Since when a flagged account waits: 3 days is the usual hold, over then."""


class FlaggedForm(Form):
    """What the queue of accounts is narrowed to, from the address; what cannot be read narrows nothing."""

    caisse = forms.ChoiceField(label="Caisse", required=False)
    signalement = forms.ChoiceField(label="Pourquoi le vérifier", required=False)
    depuis = forms.TypedChoiceField(
        label="Demandé", required=False, choices=list(AGES.items()), coerce=int, empty_value=None
    )
    pays = forms.ChoiceField(label="Pays de l’IBAN", required=False)

    def __init__(self, *args: Any, choices: FlaggedChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "caisse": [("", "Toutes"), *choices.offices.items()],
            "signalement": [("", "Tous"), *Flag.choices],
            "pays": [("", "Tous"), *((code, code) for code in choices.countries)],
        }
        for name, pairs in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = pairs

    def filters(self, at: datetime) -> FlaggedFilters:
        """What was asked and could be read."""
        read = self.query()
        before = at - timedelta(days=int(read["depuis"])) if "depuis" in read else None
        return FlaggedFilters(read.get("caisse", ""), read.get("signalement", ""), before, read.get("pays", ""))

    def query(self) -> dict[str, str]:
        """The same, as the address says it."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


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
        max_length=answering.LONGEST_NOTE,
        help_text="Le bailleur ne la lit pas.",
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choisir"), *places]
