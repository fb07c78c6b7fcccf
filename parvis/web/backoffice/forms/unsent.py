"""What is typed about a message that did not leave."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
from parvis.upkeep.unsent import LONGEST_REASON


class UnsentForm(Form):
    """What to do with it; giving it up says why."""

    act = forms.ChoiceField(choices=[("retry", ""), ("give_up", "")])
    reason = forms.CharField(
        label="Pourquoi l’abandonner",
        required=False,
        max_length=LONGEST_REASON,
        help_text="Le journal le garde, et le dossier du bailleur le dit aux agents.",
    )
