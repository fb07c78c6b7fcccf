"""« À faire » and « Suivi de mes demandes »: every kind, with its state and the way to it; nothing to those who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parvis.changes.models import ChangeRequest
from parvis.declarations.models import Declaration
from parvis.kit import clock
from parvis.kit.actors import Right
from tests.factories import declarations as made
from tests.factories.changes import one_of_each_change
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import address, five, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))


def followed(page: str) -> str:
    return page.split('id="suivi"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("states", "label"),
    [
        (("submitted", "submitted"), "Transmis"),
        (("integrated", "submitted"), "Transmis"),
        (("integrated", "manual"), "En traitement"),
        (("integrated", "integrated"), "Pris en compte"),
        (("integrated", "rejected"), "Refusé en partie"),
        (("rejected", "rejected"), "Refusé"),
    ],
)
def test_a_sending_is_followed_until_the_office_has_decided(states: tuple[str, str], label: str) -> None:
    me, (first, second, *_) = five()
    for of in (first, second):
        typed(me, of, "525")
    (receipt,) = made.sent(me)
    for of, state in ((first, states[0]), (second, states[1])):
        Declaration.objects.filter(tenancy=of, kind="july_rent").update(state=state)
    said = followed(text(me.browser(), address(me, "landlord-home")))
    assert "Loyers de juillet, 2 locataires" in said
    assert reverse("receipt", args=[me.account.reference, receipt.number]) in said
    assert f"{label}</span>" in said


def test_changes_asked_stand_among_the_sendings_newest_first() -> None:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(me, of, "525")
    made.sent(me)
    one_of_each_change(me)
    newest = ChangeRequest.objects.latest("asked_at")
    assert newest.asked_at > NOW
    said = followed(text(me.browser(), address(me, "landlord-home")))
    assert said.index(str(newest.get_kind_display())) < said.index(f"Loyers de juillet, {of.name}")


def test_a_colleague_without_rights_follows_and_is_asked_nothing() -> None:
    me, (first, *_) = five()
    typed(me, first, "525")
    made.sent(me)
    one_of_each_change(me)
    accountant = owner(me.landlord, rights=frozenset({Right.PAYMENTS}))
    page = text(accountant.browser(), address(accountant, "landlord-home"))
    assert "Loyers de juillet, " not in followed(page)
    assert "Rien à faire pour l’instant." in page


def test_what_is_to_do_leads_to_its_place_and_the_rest_is_one_click_away() -> None:
    me, tenancies = five()
    for of, amount in zip(tenancies, ("525", "900", "abc", "", ""), strict=True):
        typed(me, of, amount)
    page = text(me.browser(), address(me, "landlord-home"))
    for words, place in (
        ("Transmettre 1 loyer saisi", "july-rents-check"), ("Saisir 2 loyers à déclarer", "july-rents"),
        ("Corriger 1 loyer à corriger", "july-rents"), ("Vérifier 1 loyer inhabituel", "july-rents"),
    ):  # fmt: skip
        assert words in page, words
        assert f'href="{address(me, place)}' in page
