"""What « Consulter dossier » asks, and what its history is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode

from parvis.design.forms import Form
from parvis.kit.refusals import Refusal
from parvis.tenancies.looks import LONGEST_NOTE, REASON_LABELS, LookReason, read_claimant_number

LONGEST_NUMBER = 40


class LookForm(Form):
    """Which office, which claimant, why."""

    office = forms.ChoiceField(label="Caisse")
    number = forms.CharField(
        label="N° allocataire",
        max_length=LONGEST_NUMBER,
        help_text="7 chiffres, sur les courriers de la caisse à l’allocataire.",
    )
    reason = forms.ChoiceField(
        label="Pourquoi consultez-vous ce dossier\u00a0?",
        choices=[(reason.value, label) for reason, label in REASON_LABELS.items()],
        error_messages={"required": "Choisissez pourquoi vous consultez ce dossier."},
    )
    note = forms.CharField(
        label="Précision",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="200 caractères au plus. Obligatoire si vous choisissez «\u00a0Autre\u00a0».",
    )

    def __init__(self, offices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offices if len(offices) == 1 else [("", "Choisissez"), *offices]
        self.letters_read = False

    def clean_number(self) -> str:
        """The seven digits."""
        try:
            read = read_claimant_number(self.cleaned_data["number"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        self.letters_read = read.letters_read
        return read.digits

    def clean_reason(self) -> LookReason:
        """One of those proposed."""
        return LookReason(self.cleaned_data["reason"])


@dataclass(frozen=True, slots=True)
class HistoryAddress:
    """The question of one page of the history. What cannot be read is left out: a list never fails for its address."""

    written: str = ""
    number: str = ""
    after: UUID | None = None
    before: UUID | None = None

    @classmethod
    def read(cls, query: QueryDict) -> HistoryAddress:
        """Read ``?q=…&apres=…&avant=…``; ``number`` is ``q`` as claimant numbers are written."""
        written = " ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_NUMBER]
        number = "".join(sign for sign in written if not sign.isspace() and sign not in ".-").upper().replace("O", "0")
        after, before = _reference(query.get("apres", "")), _reference(query.get("avant", ""))
        return cls(written, number, after, before)

    def query(self, **place: UUID | None) -> str:
        """The address of another page of the same search."""
        pairs = {"q": self.written, **{name: str(value or "") for name, value in place.items()}}
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


def _reference(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return None
