from __future__ import annotations

import pytest
from django import forms

from parvis.design.forms import Form
from parvis.kit.refusals import Refusal


class Asking(Form):
    name = forms.CharField(label="Nom")
    secret = forms.CharField(
        label="Mot de passe", strip=False, error_messages={"required": "Entrez votre mot de passe."}
    )
    short = forms.CharField(label="Code", required=False, max_length=6)
    many = forms.IntegerField(label="Nombre", required=False, max_value=9)
    text = forms.CharField(label="Message", required=False, widget=forms.Textarea)


def faults(**data: str) -> list[tuple[str | None, str]]:
    return Asking({"name": "Inès", "secret": "x", **data}).error_list


def test_what_is_right_passes() -> None:
    assert faults(text="deux\nlignes\tet l’accent d’Inès œuvre 😀") == []


def test_missing_answers_are_named_in_french_in_the_order_of_the_page() -> None:
    assert Asking({}).error_list == [
        ("id_name", "Remplissez «\u00a0Nom\u00a0»."),
        ("id_secret", "Entrez votre mot de passe."),
    ]


def test_lengths_and_bounds_speak_french() -> None:
    assert faults(short="1234567") == [("id_short", "6 caractères au maximum.")]
    assert faults(many="12") == [("id_many", "9 au maximum.")]
    assert faults(many="x") == [("id_many", "Cette réponse ne peut pas être lue. Vérifiez-la.")]


def test_no_field_is_endless() -> None:
    assert faults(name="a" * 201) == [("id_name", "200 caractères au maximum.")]
    assert faults(text="a" * 5_001) == [("id_text", "5000 caractères au maximum.")]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\u202e", "\u2066", "\x85"])
def test_invisible_signs_are_refused(sign: str) -> None:
    assert faults(name=f"Paul{sign}Girard") == [
        ("id_name", "Ce texte contient des caractères invisibles. Tapez-le à nouveau.")
    ]


def test_spaces_around_are_dropped_except_in_a_password() -> None:
    form = Asking({"name": "  Inès ", "secret": " x "})
    assert form.is_valid()
    assert (form.cleaned_data["name"], form.cleaned_data["secret"]) == ("Inès", " x ")


def test_a_refusal_stands_beside_its_field_or_above_the_form() -> None:
    form = Asking({"name": "Inès", "secret": "x"})
    form.refuse(Refusal("Ce nom est déjà pris.", field="name"))
    form.refuse(Refusal("Trop tard."))
    form.refuse(Refusal("Champ inconnu.", field="elsewhere"))
    assert form.error_list == [("id_name", "Ce nom est déjà pris."), (None, "Trop tard."), (None, "Champ inconnu.")]
    assert not form.is_valid()
