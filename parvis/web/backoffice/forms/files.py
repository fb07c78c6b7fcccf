"""What is typed to find a landlord and to open a file."""

from __future__ import annotations

from django import forms

from parvis.agents.reasons import LONGEST_NOTE, Reason
from parvis.design.forms import Form
from parvis.landlords.selectors.for_agents.asked import LONGEST, holds_nir


class SearchForm(Form):
    """One field for every number, name and address."""

    asked = forms.CharField(
        label="Nom, SIRET, NIR, n°\u00a0tiers, n°\u00a0d’utilisateur, identifiant, mail ou n°\u00a0allocataire",
        max_length=LONGEST,
        help_text="Un n° d’accusé, de déclaration, de demande ou de lettre convient aussi.",
        error_messages={
            "required": "Tapez un nom ou un numéro.",
            "max_length": "C’est trop long pour un nom ou un numéro.",
        },
    )

    def forget_nir(self) -> None:
        """Empty the field where a NIR was typed: no page shows a whole one, not even to who typed it (security.md §2.11)."""
        if holds_nir(self.data.get("asked", "")):
            self.data = {**self.data, "asked": ""}


class OpeningForm(Form):
    """Why a file is opened."""

    reason = forms.ChoiceField(
        label="Motif",
        choices=[(reason.value, reason.label) for reason in Reason],
        error_messages={
            "required": "Choisissez le motif de la consultation.",
            "invalid_choice": "Choisissez le motif de la consultation.",
        },
    )
    note = forms.CharField(
        label="En quelques mots",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="Par exemple\u00a0: n’a pas reçu sa lettre. Ni donnée de santé, ni appréciation.",
        error_messages={"max_length": f"{LONGEST_NOTE} caractères au plus."},
    )


class TenantForm(Form):
    """The search of a landlord's tenants."""

    asked = forms.CharField(
        label="Nom ou n°\u00a0allocataire du locataire",
        max_length=LONGEST,
        error_messages={
            "required": "Tapez un nom ou un n°\u00a0allocataire.",
            "max_length": "C’est trop long pour un nom.",
        },
    )
