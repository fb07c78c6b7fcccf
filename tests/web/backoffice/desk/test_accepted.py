"""The rules and the terms people accept: another version, looked at, then published."""

from __future__ import annotations

import pytest

from parvis.identity.models import TextVersion
from tests.factories.agents import colleague
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db


def test_new_rules_are_asked_of_everybody() -> None:
    browser, address = colleague().browser(), "/agents/textes/acceptes/usage_rules/"
    form = {
        "summary": "Une règle de plus.",
        "reason": "Loi nouvelle",
        "body": "## Règle un\n\nSoyez exact.\n\nToujours.\n\n## Règle deux\n\nSigné.",
    }
    before = TextVersion.objects.filter(kind="usage_rules").count()
    assert "Rien n’est encore en ligne." in browser.post(address, {**form, "apercu": "1"}).content.decode()
    assert TextVersion.objects.filter(kind="usage_rules").count() == before
    someone = owner()
    assert someone.browser().get(f"/c/{someone.account.reference}/").status_code == 200
    browser.post(address, {**form, "publier": "1"})
    newest = TextVersion.objects.filter(kind="usage_rules").latest("version")
    assert newest.body[0] == {"title": "Règle un", "paragraphs": ["Soyez exact.", "Toujours."]}
    assert someone.browser().get(f"/c/{someone.account.reference}/").status_code == 302


def test_published_twice_they_are_one_version() -> None:
    browser, address = colleague().browser(), "/agents/textes/acceptes/usage_rules/"
    form = {
        "summary": "Une règle de plus.",
        "reason": "Loi nouvelle",
        "body": "## Règle un\n\nSoyez exact.",
        "publier": "1",
    }
    before = TextVersion.objects.filter(kind="usage_rules").count()
    for _ in range(2):
        browser.post(address, form)
    assert TextVersion.objects.filter(kind="usage_rules").count() == before + 1


def test_rules_say_who_published_them_and_why_and_a_former_version_is_taken_up() -> None:
    boss, address = colleague(), "/agents/textes/acceptes/usage_rules/"
    browser = boss.browser()
    form = {"summary": "Une règle de plus.", "body": "## Règle neuve\n\nSoyez exact."}
    first = TextVersion.objects.filter(kind="usage_rules").latest("version")
    assert "Dites en quelques mots pourquoi" in browser.post(address, {**form, "publier": "1"}).content.decode()
    look = browser.post(address, {**form, "apercu": "1"}).content.decode()
    assert '<ins><span class="vh">Ajouté' in look
    assert '<del><span class="vh">Retiré' in look
    browser.post(address, {**form, "reason": "Loi nouvelle", "publier": "1"})
    newest = TextVersion.objects.filter(kind="usage_rules").latest("version")
    assert (newest.published_by, newest.reason) == (boss.agent.login, "Loi nouvelle")
    page = browser.get(address).content.decode()
    assert "Loi nouvelle" in page
    assert f"?reprendre={first.version}" in page
    again = browser.get(f"{address}?reprendre={first.version}").content.decode()
    assert first.body[0]["title"] in again
    assert f"Version {first.version} reprise" in again
    for nothing in ("0", "x", str(newest.version), "99999999"):
        assert "Soyez exact." in browser.get(f"{address}?reprendre={nothing}").content.decode()
    assert TextVersion.objects.filter(kind="usage_rules").latest("version") == newest


@pytest.mark.parametrize(
    "typed",
    [
        {"summary": "", "body": "## A\n\nb"},
        {"summary": "a\nb\nc\nd", "body": "## A\n\nb"},
        {"summary": "a", "body": "sans titre"},
        {"summary": "a", "body": "## Titre seul"},
    ],
)
def test_rules_that_say_nothing_are_not_published(typed: dict[str, str]) -> None:
    before = TextVersion.objects.count()
    page = colleague().browser().post("/agents/textes/acceptes/usage_rules/", {**typed, "publier": "1"})
    assert "Erreur" in page.content.decode()
    assert TextVersion.objects.count() == before
