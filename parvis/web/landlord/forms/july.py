"""What the July grid is asked and what it is told: its address, and the amounts posted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode

from parvis.declarations.selectors.entries import FILTERS
from parvis.declarations.services.july import NOT_SHOWN, Writing
from parvis.design.forms import Form
from parvis.web.landlord.forms.tenants import chosen

LONGEST_SEARCH = 120
MOST_LINES = 100
_YEAR = re.compile(r"20\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class GridAddress:
    """The question of one page of the grid. What cannot be read is left out: a list never fails for its address."""

    search: str = ""
    state: str = ""
    everywhere: bool = False
    after: UUID | None = None
    before: UUID | None = None
    chosen: tuple[UUID, ...] = ()
    year: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> GridAddress:
        """Read ``?q=…&ou=partout&etat=a-saisir&apres=…&avant=…``, or the rows chosen in the list of tenants (``choix``);
        ``annee`` names a former campaign."""
        return cls(
            search=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH],
            state=query.get("etat", "") if query.get("etat", "") in FILTERS else "",
            everywhere=query.get("ou") == "partout",
            after=reference(query.get("apres", "")),
            before=reference(query.get("avant", "")),
            chosen=tuple(chosen(query)),
            year=query.get("annee", "") if _YEAR.fullmatch(query.get("annee", "")) else "",
        )

    def query(self, **changes: Any) -> str:
        """The address with ``changes``, from the first page on unless a place is given."""
        asked = replace(self, **{"after": None, "before": None, "chosen": (), **changes})
        pairs = {
            "annee": asked.year,
            "q": asked.search,
            "ou": "partout" if asked.everywhere and asked.search else "",
            "etat": asked.state,
            "apres": str(asked.after or ""),
            "avant": str(asked.before or ""),
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Act:
    """The button of one line that was pressed: ``confirm`` with a code, cents and those of the July before that was shown, or
    ``replace`` with cents."""

    verb: str
    tenancy: UUID
    code: str = ""
    cents: int = 0
    before: int | None = NOT_SHOWN


class CorrectionForm(Form):
    """Another amount for a rent that was sent; ``shown_cents`` is what the check page showed, and sends no other amount;
    ``sure`` answers its warning, when there was one; ``reason`` says why, of an unusual rent or of one the office took in; ``seen``
    is the receipt of the rent that the page showed."""

    rent = forms.CharField(label="Loyer hors charges", max_length=60, help_text="Exemple\u00a0: 525,00")
    sure = forms.BooleanField(label="Je confirme ce montant", required=False)
    reason = forms.CharField(label="Motif", max_length=200, required=False)
    shown_cents = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=99_999_999)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def clean_key(self) -> UUID:
        """The form's own key: sent twice, it gives one correction."""
        return read_key(self.cleaned_data["key"])


class PreviousForm(Form):
    """The July rent of the year before, given again with the receipt that proves it."""

    rent = forms.CharField(label="Loyer hors charges", max_length=60, help_text="Exemple\u00a0: 525,00")
    papers = forms.FileField(label="Quittance", required=False)
    reason = forms.CharField(label="Pourquoi corriger\u00a0?", max_length=200, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def clean_key(self) -> UUID:
        """The form's own key: sent twice, it gives one declaration."""
        return read_key(self.cleaned_data["key"])


def read_key(text: str) -> UUID:
    """The key of a form; refuses the page that lost it."""
    key = reference(text)
    if key is None:
        raise forms.ValidationError("Cette page est incomplète. Rechargez-la, puis recommencez.")
    return key


def written(posted: QueryDict) -> list[Writing]:
    """The amounts that differ from what the page showed: a colleague's work on the others is not undone."""
    rents, befores = _touched(posted, "rent-"), _touched(posted, "previous-")
    return [Writing(tenancy, rents.get(tenancy), befores.get(tenancy)) for tenancy in {**rents, **befores}]


def _touched(posted: QueryDict, prefix: str) -> dict[UUID, str]:
    """The texts of one column that are not what the page showed."""
    found: dict[UUID, str] = {}
    for name in [name for name in posted if name.startswith(prefix)][:MOST_LINES]:
        tenancy, text = reference(name.removeprefix(prefix)), clean(posted.get(name, ""))
        if tenancy is not None and posted.get(f"was-{name}") != text:
            found[tenancy] = text
    return found


def act_of(posted: QueryDict) -> Act | None:
    """Read ``confirmer:<tenancy>:<code>:<cents>:<July before>`` or ``remplacer:<tenancy>:<cents>``."""
    verb, _, rest = posted.get("geste", "").partition(":")
    text, _, value = rest.partition(":")
    tenancy = reference(text)
    if tenancy is None:
        return None
    code, amount, *before = value.split(":", 2) if verb == "confirmer" else ("", value)
    if verb not in ("confirmer", "remplacer") or not _is_cents(amount):
        return None
    compared = july_before(before[0]) if before else NOT_SHOWN
    return Act("confirm" if code else "replace", tenancy, code=code[:40], cents=int(amount), before=compared)


def july_before(text: str | None) -> int | None:
    """The July before that a page says it showed: nothing for none, ``NOT_SHOWN`` where it does not say."""
    if text == "":
        return None
    return int(text) if text is not None and _is_cents(text) else NOT_SHOWN


def _is_cents(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def clean(text: str) -> str:
    """What was typed, without what nobody types: control codes, marks that turn the writing around."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cn", "Co", "Cs")).strip()


def reference(text: str) -> UUID | None:
    """An opaque reference, or None."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
