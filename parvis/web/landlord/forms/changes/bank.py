"""Another account, and the file that explains it."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.changes.rules.files import LARGEST_FILE
from parvis.design.forms import Form


class BankForm(Form):
    """For which offices, whose account, which IBAN, and the file that shows it. The IBAN is not ``kept``: it lies in clear nowhere."""

    kept = ("user_numbers", "holder")

    user_numbers = forms.MultipleChoiceField(
        label="Pour quelles caisses\u00a0?", choices=(), error_messages={"required": "Cochez au moins une caisse."}
    )
    holder = forms.CharField(
        label="Nom du titulaire", max_length=160, error_messages={"required": "Écrivez le nom du titulaire du compte."}
    )
    iban = forms.CharField(label="IBAN", max_length=60, error_messages={"required": "Écrivez l’IBAN."})
    attachment = forms.FileField(label="RIB", required=False, max_length=200)

    def __init__(self, *args: Any, numbers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user_numbers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices, self.first = numbers, numbers[0][0]
        if len(numbers) == 1:
            field.required = False

    def clean_user_numbers(self) -> list[str]:
        """Those that were ticked; the only number, where there is one."""
        return list(self.cleaned_data["user_numbers"] or [self.first])

    def clean_attachment(self) -> Any:
        """Not heavier than what is kept."""
        sent = self.cleaned_data["attachment"]
        if sent and (sent.size or 0) > LARGEST_FILE:
            raise forms.ValidationError("Ce fichier pèse plus de 5\u00a0Mo. Choisissez-en un plus léger.")
        return sent
