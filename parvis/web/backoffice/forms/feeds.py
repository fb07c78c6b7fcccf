"""Why a held delivery may pass."""

from __future__ import annotations

from django import forms

from parvis.design.forms import Form
from parvis.exchange.services.releasing import LONGEST_REASON

_SENTENCE = f"Dites pourquoi cette livraison peut passer, en {LONGEST_REASON}\u00a0caractères au plus."


class ReleaseForm(Form):
    """The reason, which the second agent reads."""

    reason = forms.CharField(
        label="Pourquoi elle peut passer",
        max_length=LONGEST_REASON,
        error_messages={"required": _SENTENCE, "max_length": _SENTENCE},
    )
