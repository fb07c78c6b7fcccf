"""The security check on its pages and in a form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from parvis.design.forms import Form
from parvis.identity.captcha import tokens
from parvis.identity.models import CaptchaUse
from parvis.web.account.forms.captcha import WithCaptcha
from tests.factories.captcha import answered, read_from
from tests.factories.identity import NOW
from tests.web.account.visits import ANYTHING, now

pytestmark = pytest.mark.django_db


class _Lost(WithCaptcha, Form):
    number = forms.CharField()


def _form(**fields: str) -> _Lost:
    data = QueryDict(mutable=True)
    data.update({"number": "44100000000012", **fields})
    return _Lost(data, at=NOW)


def _box(form: Any) -> str:
    return render_to_string("account/captcha/another.html", {"asked": form.asked})


def test_the_picture_and_the_sound_are_never_kept() -> None:
    token = tokens.new(at=now())
    for name, kind in (("captcha-image", "image/png"), ("captcha-sound", "audio/wav")):
        answer = Client().get(reverse(name, args=[token]))
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, kind, "no-store")


@pytest.mark.parametrize("name", ["captcha-image", "captcha-sound"])
def test_what_is_old_or_not_ours_has_no_picture(name: str) -> None:
    for token in (tokens.new(at=now() - timedelta(minutes=11)), "A" * 44, "x"):
        assert Client().get(reverse(name, args=[token])).status_code == 404


@pytest.mark.parametrize(("way", "says"), [("image", "<img"), ("question", "Combien font"), ("x", "<img")])
def test_another_one_comes_without_leaving_the_page(way: str, says: str) -> None:
    first, second = (
        Client().get(reverse("captcha"), {"captcha_again": way}, headers={"HX-Request": "true"}).content.decode()
        for _ in range(2)
    )
    assert says in first
    assert read_from(first) != read_from(second)


def test_a_right_answer_passes_once() -> None:
    fields = answered(NOW)
    assert _form(**fields).is_valid()
    again = _form(**fields)
    assert not again.is_valid()
    assert again.errors["captcha"] == ["Cette vérification n’est plus valable. En voici une autre."]


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("image", "Ce ne sont pas les bons caractères. En voici d’autres."),
        ("question", "Ce n’est pas le bon résultat. Voici une autre question."),
    ],
)
def test_a_wrong_answer_says_so_and_asks_another_one_the_same_way(way: str, says: str) -> None:
    token = tokens.new(at=NOW)
    form = _form(captcha_token=token, captcha="?", captcha_way=way)
    assert not form.is_valid()
    assert form.errors["captcha"] == [says]
    assert form.asked.token != token
    assert (form.asked.way, form.asked.typed) == (way, "")


def test_other_faults_are_mended_before_it_is_used_up() -> None:
    fields = answered(NOW)
    form = _form(number="", **fields)
    assert not form.is_valid()
    assert "captcha" not in form.errors
    assert not CaptchaUse.objects.exists()
    assert (form.asked.token, form.asked.typed) == (fields["captcha_token"], fields["captcha"])
    assert _form(**read_from(_box(form))).is_valid()


@pytest.mark.parametrize("way", ["image", "question"])
def test_another_one_keeps_what_was_typed_and_shows_no_fault(way: str) -> None:
    fields = answered(NOW)
    form = _form(captcha_again=way, **fields)
    assert form.wants_another
    assert not form.errors
    assert form["number"].value() == "44100000000012"
    assert form.asked.token != fields["captcha_token"]
    assert (form.asked.way, form.asked.focused) == (way, True)
    assert not CaptchaUse.objects.exists()


@pytest.mark.parametrize("anything", ANYTHING)
def test_whatever_is_typed_is_not_the_right_answer(anything: str) -> None:
    for field in ("captcha", "captcha_token", "captcha_way"):
        form = _form(**{**answered(NOW), "captcha": "x", field: anything})
        assert not form.is_valid()
        assert _box(form)


def test_a_form_may_do_without() -> None:
    form = _Lost(QueryDict("number=1"), at=NOW, captcha_due=False)
    assert form.is_valid()


def test_a_piece_asked_for_as_a_page_leads_to_the_way_in() -> None:
    assert Client().get(reverse("captcha"))["Location"] == reverse("sign-in")
