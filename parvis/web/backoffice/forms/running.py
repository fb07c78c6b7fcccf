"""Why a held delivery may pass; what becomes of a message that did not leave."""

from __future__ import annotations

from django import forms

from parvis.agents.services import exports
from parvis.design.forms import Form
from parvis.exchange.services import releasing
from parvis.upkeep import unsent

_SENTENCE = f"Dites pourquoi cette livraison peut passer, en {releasing.LONGEST_REASON}\u00a0caractères au plus."


class ReleaseForm(Form):
    """The reason, which the second agent reads."""

    reason = forms.CharField(
        label="Pourquoi elle peut passer",
        max_length=releasing.LONGEST_REASON,
        error_messages={"required": _SENTENCE, "max_length": _SENTENCE},
    )


_WHY = f"Dites pourquoi vous avez besoin de ce fichier, en {exports.LONGEST_REASON}\u00a0caractères au plus."


class ExportForm(Form):
    """Why a long file is needed, which the second agent reads."""

    reason = forms.CharField(
        label="Pourquoi vous en avez besoin",
        max_length=exports.LONGEST_REASON,
        error_messages={"required": _WHY, "max_length": _WHY},
    )


class UnsentForm(Form):
    """What to do with a message; giving it up says why."""

    act = forms.ChoiceField(choices=[("retry", ""), ("give_up", "")])
    reason = forms.CharField(
        label="Pourquoi l’abandonner",
        required=False,
        max_length=unsent.LONGEST_REASON,
        help_text="Le journal le garde, et le dossier du bailleur le dit aux agents.",
    )
