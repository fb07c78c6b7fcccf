"""What is typed from a landlord's paper."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from parvis.declarations.services.campaigns.on_paper import LONGEST_WORDS, Paper
from parvis.declarations.services.july import LONGEST_TYPED
from parvis.design.forms import Form
from parvis.web.backoffice.forms.settings import DAYS

NUMBER_LENGTH = 7
_BLANKS = re.compile(r"[\s.\-]+")


_STALE = "Cette page n’est plus à jour. Rechargez-la, puis recommencez."


class NumberForm(Form):
    """Whose paper it is."""

    number = forms.CharField(
        label="N°\u00a0allocataire du locataire",
        max_length=20,
        help_text="7 chiffres, à côté du nom du locataire sur le papier.",
        error_messages={"required": "Tapez le n°\u00a0allocataire écrit sur le papier."},
    )

    def clean_number(self) -> str:
        """The seven digits; a shorter number begins with zeros."""
        digits = _BLANKS.sub("", self.cleaned_data["number"])
        if not (digits.isascii() and digits.isdecimal() and 4 <= len(digits) <= NUMBER_LENGTH):
            raise forms.ValidationError("Un n°\u00a0allocataire a 7\u00a0chiffres.")
        return digits.zfill(NUMBER_LENGTH)


class PaperForm(Form):
    """The amounts, the day the paper came, and what was looked at twice."""

    received_on = forms.DateField(
        label="Papier reçu le",
        input_formats=DAYS,
        help_text="Le tampon d’arrivée\u00a0: c’est ce jour qui compte pour un retard. Exemple\u00a0: 14/09/2026",
        error_messages={
            "invalid": "Écrivez une date, par exemple 14/09/2026.",
            "required": "Écrivez le jour d’arrivée.",
        },
    )
    previous = forms.CharField(required=False, max_length=LONGEST_TYPED)
    rent = forms.CharField(
        max_length=LONGEST_TYPED, error_messages={"required": "Écrivez le loyer que le papier indique."}
    )
    confirmed = forms.MultipleChoiceField(label="À regarder à nouveau sur le papier", required=False)
    words = forms.CharField(
        label="Ce que le papier explique",
        required=False,
        max_length=LONGEST_WORDS,
        help_text="Travaux, nouveau bail… seulement si le bailleur l’a écrit.",
    )
    key = forms.CharField(widget=forms.HiddenInput, error_messages={"required": _STALE})
    seen = forms.CharField(required=False, max_length=200, strip=False, widget=forms.HiddenInput)
    asked = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rent"].label = f"Loyer hors charges de juillet {year}"
        self.fields["previous"].label = f"Loyer hors charges de juillet {year - 1}"
        self.fields["previous"].help_text = "La caisse ne le connaît pas. Laissez vide si le papier ne le dit pas."

    def offer(self, warnings: list[tuple[str, str]]) -> None:
        """The warnings that may be ticked: (code, words)."""
        field = self.fields["confirmed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = warnings

    def ask_about(self, amounts: str) -> None:
        """The boxes are beside these amounts; those ticked beside others are empty again."""
        assert isinstance(self.data, QueryDict)
        given = self.data.copy()
        if given.get("asked", "") != amounts:
            given.setlist("confirmed", [])
        given["asked"] = amounts
        self.data = given

    def clean_key(self) -> UUID:
        """The key of this form: one receipt, however often it is sent."""
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            raise forms.ValidationError(_STALE) from None

    @property
    def paper(self) -> Paper:
        """What was typed, as the service takes it."""
        typed = self.cleaned_data
        return Paper(
            typed["rent"].strip(),
            typed["received_on"],
            typed["previous"].strip(),
            tuple(typed["confirmed"]),
            typed["words"],
            typed["seen"],
            typed["asked"],
        )
