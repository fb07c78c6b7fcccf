"""The table of users, sent back."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.design.forms import Form

LARGEST = 2_000_000


class RightsFileForm(Form):
    """A file of at most 2 MB."""

    file = forms.FileField(label="Le tableau modifié (XLSX, ODS ou CSV)")

    def clean_file(self) -> Any:
        """Not heavier than such a table can be."""
        sent = self.cleaned_data["file"]
        if (sent.size or 0) > LARGEST:
            raise forms.ValidationError(
                "Ce fichier pèse plus de 2\u00a0Mo. Découpez-le, ou enregistrez-le au format CSV."
            )
        return sent


class ApplyForm(Form):
    """The rows that were shown, as we signed them."""

    rows = forms.CharField(max_length=2_000_000, widget=forms.HiddenInput)
