"""What is typed about a campaign."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from parvis.correspondence.models import Channel
from parvis.declarations.rules import Dates
from parvis.declarations.services.campaigns.dates import LONGEST_REASON
from parvis.design.forms import Form

_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"]


def _day(label: str, hint: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        input_formats=_FORMATS,
        widget=forms.DateInput(format="%d/%m/%Y"),
        error_messages={"invalid": "Écrivez la date ainsi\u00a0: 30/09/2026.", "required": "Écrivez cette date."},
    )


class DatesForm(Form):
    """Three days and why; ``seen`` are the dates the page was made with, so that two agents do not undo each other."""

    opens_on = _day("Ouverture", "Les bailleurs déclarent à partir de ce jour.")
    deadline_on = _day("Date limite", "Dernier jour pour être à l’heure.")
    suspension_on = _day("Suspension", "Sans loyer déclaré, l’aide peut être suspendue ce jour.")
    reason = forms.CharField(
        label="Motif",
        max_length=LONGEST_REASON,
        help_text="Le journal le garde, avec les dates d’avant et d’après.",
        error_messages={"required": "Dites pourquoi les dates changent."},
    )
    seen_dates = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @staticmethod
    def seen_of(own: Dates | None) -> dict[str, Any]:
        """What the hidden field holds of the dates shown."""
        return {"seen_dates": " ".join(day.isoformat() for day in own) if own else ""}

    def clean_seen_dates(self) -> Dates | None:
        """The dates the page was made with, or None where there were none; what cannot be read is none of them."""
        try:
            days = [date.fromisoformat(word) for word in self.cleaned_data["seen_dates"].split()]
        except ValueError:
            days = []
        return Dates(*days) if len(days) == len(Dates._fields) else None

    @property
    def dates(self) -> Dates:
        """What was typed."""
        return Dates(*(self.cleaned_data[name] for name in Dates._fields))

    @property
    def seen(self) -> Dates | None:
        """What the page was made with."""
        seen: Dates | None = self.cleaned_data["seen_dates"]
        return seen


class WaveForm(Form):
    """Which wave, and whether it is held back or taken up."""

    act = forms.ChoiceField(choices=[("pause", ""), ("resume", "")])
    office = forms.CharField(required=False, max_length=3)
    wave = forms.CharField(max_length=24)
    way = forms.ChoiceField(choices=Channel.choices)

    @property
    def channel(self) -> Channel:
        """By mail or by post."""
        return Channel(self.cleaned_data["way"])
