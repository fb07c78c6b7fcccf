"""Forms that speak: French sentences, bounded lengths, no invisible characters, refusals beside their field."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator

from parvis.kit.refusals import Refusal

LONGEST_LINE = 200
LONGEST_TEXT = 5_000
_TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_SENTENCES = {
    "invalid": "Cette réponse ne peut pas être lue. Vérifiez-la.",
    "max_length": "{limit} caractères au maximum.",
    "min_length": "{limit} caractères au minimum.",
    "max_value": "{limit} au maximum.",
    "min_value": "{limit} au minimum.",
    "invalid_choice": "Choisissez une des réponses proposées.",
    "invalid_list": "Choisissez parmi les réponses proposées.",
    "null_characters_not_allowed": "Ce texte contient des caractères invisibles. Tapez-le à nouveau.",
    "missing": "Choisissez un fichier.",
    "empty": "Ce fichier est vide.",
}


def refuse_control_characters(text: str) -> None:
    """Refuse what nobody types: control codes, unassigned signs, marks that turn the writing around.

    The framework already refuses the null character.
    """
    for sign in text:
        if sign in _TURNS_TEXT_AROUND or (
            unicodedata.category(sign) in {"Cc", "Cn", "Co", "Cs"} and sign not in "\n\r\t\x00"
        ):
            raise ValidationError(_SENTENCES["null_characters_not_allowed"], code="null_characters_not_allowed")


class Form(forms.Form):
    """The form of every page; the browser checks nothing (``novalidate``), the server says all at once."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _teach(type(self))
        super().__init__(*args, **kwargs)

    @property
    def error_list(self) -> list[tuple[str | None, str]]:
        """The faults in the order of the page: (id of the field, sentence); the id is None for the whole form."""
        order = [*self.fields, NON_FIELD_ERRORS]
        found = sorted(self.errors.items(), key=lambda pair: order.index(pair[0]))
        return [
            (self[name].auto_id if name in self.fields else None, str(sentence))
            for name, sentences in found
            for sentence in sentences
        ]

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside the field it names, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


@cache
def _teach(form: type[forms.Form]) -> None:
    """Make the fields of a form speak and be bounded, once for all that are made of it. Those it shares with another one
    have been taught already, which changes nothing."""
    for name, field in form.base_fields.items():
        _speak_french(field, str(field.label or name.replace("_", " ").capitalize()))
        _bound(field)


def _speak_french(field: forms.Field, label: str) -> None:
    """Replace the messages of the framework; those written with the field stay."""
    framework: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        framework.update(getattr(kind, "default_error_messages", {}))
    ours = {code: words.replace("{limit}", "%(limit_value)s") for code, words in _SENTENCES.items()}
    ours["required"] = _required_sentence(field, label)
    for code, words in ours.items():
        if field.error_messages.get(code) == framework.get(code):
            field.error_messages[code] = words


def _required_sentence(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "Pour continuer, cochez cette case."
    if isinstance(field, forms.FileField):
        return "Choisissez un fichier."
    verb = "Choisissez" if isinstance(field, forms.ChoiceField) else "Remplissez"
    return f"{verb} «\u00a0{label}\u00a0»."


def _bound(field: forms.Field) -> None:
    if not isinstance(field, forms.CharField) or refuse_control_characters in field.validators:
        return
    if field.max_length is None:
        field.max_length = LONGEST_TEXT if isinstance(field.widget, forms.Textarea) else LONGEST_LINE
        field.validators.append(MaxLengthValidator(field.max_length))
    field.validators.append(refuse_control_characters)
