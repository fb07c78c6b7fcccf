"""The files of a paper that the office awaits."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
from parvis.kit.refusals import Refusal


class PapersForm(Form):
    """One or several files; each is looked into by the room."""

    papers = forms.FileField(label="Votre fichier", required=False)

    def refuse_papers(self, refusal: Refusal) -> None:
        """Say beside the field why a file is not taken."""
        refusal.field = "papers"
        self.refuse(refusal)
