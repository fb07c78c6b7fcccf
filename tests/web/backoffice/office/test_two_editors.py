"""Two agents change the same thing: the second is told what the first wrote, and keeps what they typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from parvis.identity.kinds import TextKind
from parvis.identity.models import TextVersion
from parvis.parameters import kept
from parvis.parameters.models import EditedText, ParameterValue
from tests.factories.agents import colleague

pytestmark = pytest.mark.django_db
VALUE, TEXT = "/agents/reglages/code_delay/", "/agents/textes/declaration-reasons/duplicate/"


@pytest.fixture(autouse=True)
def _as_delivered() -> Iterator[None]:
    yield
    kept.forget()


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def opened(browser: Client, where: str) -> str:
    return seen_in(browser.get(where).content.decode())


def test_a_value_changed_meanwhile_is_not_overwritten() -> None:
    first, second = colleague(), colleague()
    mine, theirs = first.browser(), second.browser()
    seen = opened(theirs, VALUE)
    assert seen == "0"
    mine.post(VALUE, {"value": "60", "reason": "Essai", "seen": seen})
    page = theirs.post(VALUE, {"value": "90", "reason": "Autre essai", "seen": seen}).content.decode()
    assert f"{first.actor.label} a mis 60 entre-temps" in page
    assert "vous mettiez 90" in page
    assert 'value="90"' in page, "what was typed is kept"
    assert ParameterValue.objects.get().value == 60
    theirs.post(VALUE, {"value": "90", "reason": "Autre essai", "seen": seen_in(page)})
    assert list(ParameterValue.objects.order_by("pk").values_list("value", flat=True)) == [60, 90]


def test_a_value_sent_back_for_its_reason_hides_nobody_s_change() -> None:
    mine, theirs = colleague().browser(), colleague().browser()
    seen = opened(theirs, VALUE)
    mine.post(VALUE, {"value": "60", "reason": "Essai", "seen": seen})
    page = theirs.post(VALUE, {"value": "90", "seen": seen}).content.decode()
    assert seen_in(page) == seen
    late = theirs.post(VALUE, {"value": "90", "reason": "Voilà", "seen": seen_in(page)}).content.decode()
    assert "a mis 60 entre-temps" in late
    assert ParameterValue.objects.get().value == 60


def test_a_text_changed_meanwhile_shows_both_and_a_former_version_is_taken_again() -> None:
    mine, theirs = colleague().browser(), colleague().browser()
    where, name, seen = TEXT, "sentence", opened(theirs, TEXT)
    base = {"reason": "Plus clair", "seen": seen}
    mine.post(where, {**base, name: "Premier texte.", "publier": "1"})
    preview = theirs.post(where, {**base, name: "Second texte.", "apercu": "1"}).content.decode()
    assert seen_in(preview) == seen, "a look does not hide that somebody came between"
    refused = theirs.post(where, {**base, name: "Second texte.", "publier": "1"}).content.decode()
    assert "a changé ce texte entre-temps" in refused
    assert "En ligne maintenant" in refused
    assert "Premier texte." in refused
    assert "Second texte." in refused
    assert EditedText.objects.count() == 1
    theirs.post(where, {**base, name: "Second texte.", "seen": seen_in(refused), "publier": "1"})
    former = EditedText.objects.order_by("pk").first()
    assert former is not None
    now = opened(mine, where)
    done = mine.post(where, {"reprendre": former.pk, "seen": now}, follow=True).content.decode()
    assert "Cette version est de nouveau en ligne." in done
    latest = EditedText.objects.order_by("-pk").first()
    assert latest is not None
    assert latest.fields == former.fields
    assert latest.reason.startswith("Version du")
    late = mine.post(where, {"retablir": "1", "seen": now}, follow=True).content.decode()
    assert "a changé ce texte entre-temps" in late
    assert mine.post(where, {"reprendre": "999999", "seen": now}).status_code == 404
    assert mine.post(where, {"reprendre": "x", "seen": now}).status_code == 404
    assert EditedText.objects.count() == 3


def test_rules_published_meanwhile_are_not_replaced_unseen() -> None:
    kind = TextKind.USAGE_RULES
    where = f"/agents/textes/acceptes/{kind.value}/"
    browser = colleague().browser()
    before, seen = TextVersion.objects.filter(kind=kind).count(), opened(browser, where)
    body = "## Titre\n\nUn paragraphe {}."
    typed = {"summary": "Ce qui change.", "seen": seen, "reason": "Mise à jour", "publier": "1"}
    browser.post(where, {**typed, "body": body.format("premier")})
    page = colleague().browser().post(where, {**typed, "body": body.format("second")}).content.decode()
    assert "a été publiée entre-temps" in page
    assert "Un paragraphe premier." in page
    assert "Un paragraphe second." in page
    assert TextVersion.objects.filter(kind=kind).count() == before + 1
