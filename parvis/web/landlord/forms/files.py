"""The file of July rents: what is sent, which columns it has, what is asked on its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.bulk import columns
from parvis.declarations.bulk.confirming import KEEP, SEND
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.services.july import NOT_SHOWN
from parvis.design.forms import Form
from parvis.sheets import limits
from parvis.sheets.refusals import SENTENCES
from parvis.web.landlord.forms.july import clean, july_before, reference

MOST_LINES = 200
STATES = {
    "": "",
    "prets": "ready",
    "a-confirmer": "to_confirm",
    "a-corriger": "to_correct",
    "a-choisir": "conflict",
    "sans-montant": "no_amount",
    "inconnus": "unknown",
    "deja-transmis": "sent",
    "ignorees": "ignored",
}
"""States of lines by their word in the address."""


class RentFileForm(Form):
    """One table; ``key`` is the form's own: sent twice, it is one file.

    ``other_account`` is the account of the same person that the file was made in, once that is known; ``is_of_other_year``
    says that it was made for another campaign, ``is_of_several`` that it has lines of several accounts.
    """

    other_account = ""
    is_of_several = False
    is_of_other_year = False
    other_year = 0
    file = forms.FileField(label="Votre fichier (XLSX, ODS ou CSV)")
    key = forms.CharField(widget=forms.HiddenInput, max_length=36, required=False)

    def clean_file(self) -> Any:
        """Not heavier than such a table can be."""
        sent = self.cleaned_data["file"]
        if (sent.size or 0) > limits.LARGEST_FILE:
            raise forms.ValidationError(SENTENCES["too_heavy"])
        return sent

    def clean_key(self) -> UUID | None:
        """The key, or none if it is no key."""
        return reference(self.cleaned_data["key"])


class ColumnsForm(Form):
    """« Choisir la colonne »: the place of the rents, that of what names the tenants."""

    rent = forms.TypedChoiceField(label="Colonne du loyer de juillet", coerce=int)
    tenant = forms.TypedChoiceField(label="Colonne qui désigne le locataire (clé ou n° allocataire)", coerce=int)

    def __init__(self, *args: Any, file: RentFile | RentUpload, **kwargs: Any) -> None:
        choices = [(str(place), words or f"Colonne {place + 1}") for place, words in enumerate(file.header)]
        super().__init__(*args, **kwargs)
        for name in ("rent", "tenant"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", "Choisissez"), *choices]

    def clean(self) -> dict[str, Any]:
        """Two different columns."""
        found = super().clean() or self.cleaned_data
        if "rent" in found and found["rent"] == found.get("tenant"):
            self.add_error("tenant", "Choisissez deux colonnes différentes.")
        return found

    @property
    def places(self) -> dict[str, int]:
        """The columns by name: what names the tenants may be their number or our key."""
        tenant = self.cleaned_data["tenant"]
        return {columns.RENT: self.cleaned_data["rent"], columns.NUMBER: tenant, columns.KEY: tenant}


class ConfirmForm(Form):
    """Send or keep, and whether the lines to look at again go to the grid."""

    wish = forms.ChoiceField(label="Que faire des loyers prêts\u00a0?", choices=[(SEND, SEND), (KEEP, KEEP)])
    unsure = forms.BooleanField(label="Mettre aussi les lignes à revoir dans la grille", required=False)


@dataclass(frozen=True, slots=True)
class ReportAddress:
    """The question of one page of the report; what cannot be read is left out."""

    state: str = ""
    after: int | None = None
    before: int | None = None

    @classmethod
    def read(cls, query: QueryDict) -> ReportAddress:
        """Read ``?etat=prets&apres=…&avant=…``."""
        state = query.get("etat", "")
        return cls(state if state in STATES else "", _line(query.get("apres", "")), _line(query.get("avant", "")))

    def query(self, *, after: int | None = None, before: int | None = None) -> str:
        """The address of another page of the same state."""
        pairs = {"etat": self.state, "apres": after, "avant": before}
        return "?" + urlencode({name: value for name, value in pairs.items() if value not in ("", None)})


def _line(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None


@dataclass(frozen=True, slots=True)
class LineChange:
    """What was typed on one line of the report; None is « not touched »."""

    line: int
    typed: str | None
    previous_typed: str | None


def changes_of(posted: QueryDict) -> list[LineChange]:
    """The amounts that differ from what the page showed."""
    rents, befores = _touched(posted, "rent-"), _touched(posted, "previous-")
    return [LineChange(line, rents.get(line), befores.get(line)) for line in sorted({*rents, *befores})]


def _touched(posted: QueryDict, prefix: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for name in [name for name in posted if name.startswith(prefix)][:MOST_LINES]:
        line, text = _line(name.removeprefix(prefix)), clean(posted.get(name, ""))
        if line is not None and posted.get(f"was-{name}") != text:
            found[line] = text
    return found


@dataclass(frozen=True, slots=True)
class LineAct:
    """The button of one line that was pressed: ``confirm``, ``replace``, ``screen`` or ``file``."""

    verb: str
    line: int
    code: str = ""
    cents: int = 0
    before: int | None = NOT_SHOWN


_VERBS = {"confirmer": "confirm", "remplacer": "replace", "ecran": "screen", "fichier": "file"}


def act_of(posted: QueryDict) -> LineAct | None:
    """Read ``confirmer:<line>:<code>:<cents>:<July before>``, ``remplacer:<line>::<cents>``, ``ecran:<line>`` or ``fichier:<line>``."""
    verb, *rest = posted.get("geste", "").split(":")
    line = _line(rest[0]) if rest else None
    if verb not in _VERBS or line is None:
        return None
    code, amount = (rest[1], rest[2]) if len(rest) in (3, 4) else ("", "0")
    before = july_before(rest[3]) if len(rest) == 4 else NOT_SHOWN
    if not (amount.isascii() and amount.isdigit() and len(amount) <= 9):
        return None
    return LineAct(_VERBS[verb], line, code[:40], int(amount), before)
