"""What the pages of payments are asked: the address of a list, a transfer to find, a bank statement."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from parvis.design.forms import Form
from parvis.kit.money import NotAnAmount, TwoReadings, read_amount
from parvis.sheets import bank

LONGEST_SEARCH = 40
_LINE = re.compile(r"[0-9A-Za-z_./-]{1,40}", re.ASCII)


def year_in(query: QueryDict) -> int | None:
    """The year of ``?annee=``; what is no year is as if not said."""
    asked = query.get("annee", "")
    return int(asked) if re.fullmatch(r"20\d\d", asked, re.ASCII) else None


def line_in(query: QueryDict, name: str) -> str:
    """The reference of a line of payment; what is not written as one is as if not said."""
    asked = query.get(name, "")
    return asked if _LINE.fullmatch(asked) else ""


def place_in(query: QueryDict) -> int:
    """The place a list begins at, by ``?a-partir=``; what is no place is the first."""
    asked = query.get("a-partir", "")
    return int(asked) if re.fullmatch(r"[1-9]\d{0,8}", asked, re.ASCII) else 1


class FindForm(Form):
    """A transfer, by its amount or its day."""

    q = forms.CharField(label="Montant ou date", max_length=LONGEST_SEARCH)
    cents: int | None = None
    day: date | None = None

    def clean_q(self) -> str:
        """Read it as a day, else as an amount."""
        written: str = self.cleaned_data["q"]
        self.day = bank.day_in(written) if re.search(r"[/-]|\d\.\d+\.", written) else None
        if self.day is None:
            try:
                self.cents = read_amount(written).cents
            except TwoReadings as refusal:
                raise forms.ValidationError(refusal.sentence) from refusal
            except NotAnAmount as refusal:
                raise forms.ValidationError(
                    "Écrivez un montant, comme 6102,00, ou une date, comme 06/07/2026."
                ) from refusal
        return written


class BankFileForm(Form):
    """The statement a bank gives out."""

    file = forms.FileField(label="Le relevé de votre banque (CSV, OFX ou CAMT.053)")
    accounts = forms.ChoiceField(
        label="Ce compte bancaire reçoit l’aide de",
        choices=(("", "Ce bailleur seulement"), ("tous", "Tous les bailleurs que je gère")),
        required=False,
    )

    def clean_file(self) -> Any:
        """Not heavier than a statement can be."""
        sent = self.cleaned_data["file"]
        if (sent.size or 0) > bank.LARGEST:
            raise forms.ValidationError(bank.SENTENCES["too_heavy"])
        return sent
