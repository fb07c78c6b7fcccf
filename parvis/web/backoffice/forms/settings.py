"""What is typed to change what counts for everybody: values, texts, banners, and to search the journal."""

from __future__ import annotations

from typing import Any

from django import forms

from parvis.design.forms import LONGEST_TEXT, Form
from parvis.landlords.services.offices.measures import Measure
from parvis.parameters.banners import Wording
from parvis.parameters.models import BannerKind
from parvis.parameters.texts import Family

_WHY = {"required": "Dites en quelques mots pourquoi. Le journal le garde."}
_DAY = {"invalid": "Écrivez une date, par exemple 31/12/2026.", "required": "Indiquez ce jour."}
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


def _seen() -> forms.IntegerField:
    """Which version the page was made with, so that two agents do not undo each other."""
    return forms.IntegerField(required=False, widget=forms.HiddenInput)


def seen_in(form: Form, newest: int, *, is_behind: bool) -> int:
    """The version a page is made with: one shown again, a preview or a refusal, keeps that of the first look; one that came too
    late shows the newest."""
    typed = form.cleaned_data.get("seen") if form.is_bound else None
    return newest if typed is None or is_behind else int(typed)


class ReasonForm(Form):
    """Why something changes."""

    reason = forms.CharField(label="Motif", max_length=200, error_messages=_WHY)


class ValueForm(ReasonForm):
    """Another value for a parameter."""

    value = forms.IntegerField(
        label="Valeur", error_messages={"required": "Indiquez la valeur.", "invalid": "Écrivez un nombre entier."}
    )
    decision = forms.CharField(label="Référence de la décision", max_length=80, required=False)
    seen = _seen()

    field_order = ("value", "decision", "reason", "seen")


def _weeks(label: str) -> forms.IntegerField:
    wrong = {"required": "Indiquez un nombre de semaines.", "invalid": "Écrivez un nombre entier de semaines."}
    return forms.IntegerField(label=label, error_messages=wrong, localize=False)


class TimeForm(ReasonForm):
    """Another measure of a processing time; ``seen`` is the one shown beside the form."""

    min_weeks = _weeks("Délai le plus court, en semaines")
    max_weeks = _weeks("Délai le plus long, en semaines")
    measured_on = forms.DateField(label="Mesuré le", input_formats=DAYS, error_messages=_DAY)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = ("min_weeks", "max_weeks", "measured_on", "reason", "seen")

    @property
    def measure(self) -> Measure:
        """What was typed."""
        typed = self.cleaned_data
        return Measure(typed["min_weeks"], typed["max_weeks"], typed["measured_on"])


class TextForm(Form):
    """The fields of a text; what is typed is judged by its family. A preview needs no reason yet."""

    def __init__(self, *args: Any, family: Family, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields["key"] = forms.CharField(label=family.new_key, max_length=80, required=False)
        for field in family.fields:
            self.fields[field.name] = forms.CharField(
                label=field.label,
                help_text=field.hint,
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea if field.rows > 1 else forms.TextInput,
            )
        self.fields["reason"] = forms.CharField(label="Motif", max_length=200, required=False)
        self.fields["seen"] = _seen()
        self.rows = {field.name: field.rows for field in family.fields}


class BannerForm(Form):
    """« À savoir » : words, for whom, for how long."""

    kind = forms.ChoiceField(label="Ton", choices=BannerKind.choices, initial=BannerKind.INFO)
    title = forms.CharField(label="Titre", max_length=80, error_messages={"required": "Écrivez un titre."})
    body = forms.CharField(
        label="Texte",
        max_length=300,
        help_text="Deux phrases au plus. Dites ce que le bailleur peut faire.",
        error_messages={"required": "Écrivez le texte du bandeau."},
        widget=forms.Textarea,
    )
    office = forms.ChoiceField(label="Pour qui", required=False)
    starts_on = forms.DateField(label="Du", input_formats=DAYS, error_messages=_DAY)
    ends_on = forms.DateField(label="Au", input_formats=DAYS, error_messages=_DAY)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Tout le monde"), *offices]

    @property
    def wording(self) -> Wording:
        """The banner as typed."""
        typed = self.cleaned_data
        return Wording(
            BannerKind(typed["kind"]),
            typed["title"],
            typed["body"],
            typed["office"],
            typed["starts_on"],
            typed["ends_on"],
        )


class PublishForm(Form):
    """Another version of a text that people accept."""

    summary = forms.CharField(
        label="Ce qui change",
        help_text="Une phrase par ligne, trois au plus. C’est ce que la page dit d’abord.",
        max_length=600,
        widget=forms.Textarea,
        error_messages={"required": "Dites ce qui change."},
    )
    body = forms.CharField(
        label="Texte",
        help_text="Un titre commence par «\u00a0##\u00a0». Une ligne vide sépare deux paragraphes.",
        max_length=20_000,
        widget=forms.Textarea,
        error_messages={"required": "Écrivez le texte."},
    )
    reason = forms.CharField(label="Motif", max_length=200, required=False)
    seen = _seen()


class JournalForm(Form):
    """A search in the journal; every field may be left out."""

    since = forms.DateField(label="Du", required=False, input_formats=DAYS, error_messages=_DAY)
    until = forms.DateField(label="Au", required=False, input_formats=DAYS, error_messages=_DAY)
    event = forms.ChoiceField(label="Action", required=False)
    label = forms.CharField(
        label="Qui", max_length=60, required=False, help_text="Identifiant d’un compte ou d’un agent."
    )
    subject = forms.CharField(
        label="Dossier", max_length=80, required=False, help_text="Identifiant, accusé, demande, réglage…"
    )

    def __init__(self, *args: Any, events: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Toutes"), *events]
