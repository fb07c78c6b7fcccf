"""Being someone of the demonstration in one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.demo import cast
from parvis.identity.models import Account, AccountState, Credential, Session, TrustedBrowser
from parvis.kit import clock
from parvis.web.frame import cookies
from tests.factories import identity
from tests.factories.landlords import landlord, owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", True)


def cast_is(monkeypatch: pytest.MonkeyPatch, *accounts: Account) -> None:
    people = [
        cast.Person("Claire Martin, gérante", "Un organisme.", who.login_id, "Celui choisi.", "/", who.reference)
        for who in accounts
    ]
    monkeypatch.setattr(cast, "people", lambda: people)


def newcomer(*, valid: timedelta = timedelta(days=14)) -> Account:
    credential = Credential.objects.create(password=identity.kept("x"), provisional_until=clock.now() + valid)
    return identity.account(landlord().partner, credential)


def enter(client: Client, who: Account | str) -> str:
    """Click, follow, and read where one lands."""
    reference = who if isinstance(who, str) else who.reference
    answer = client.post(reverse("demonstration-enter", args=[reference]), follow=True)
    assert answer.status_code == 200, answer
    return answer.content.decode().replace("\u00a0", " ")


def test_somebody_who_signed_in_before_is_all_the_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    me, browser = owner(), Client()
    cast_is(monkeypatch, me.account)
    answer = browser.post(reverse("demonstration-enter", args=[me.account.reference]))
    assert answer["Location"] == reverse("welcome", args=[me.account.reference])
    assert browser.get(answer["Location"]).status_code == 200
    session = Session.objects.get()
    assert session.code_satisfied_at is not None
    assert Account.objects.get(pk=me.account.pk).last_signed_in_at is not None
    assert [entry.event for entry in Entry.objects.all()] == ["identity.entered_demonstration"]
    assert not TrustedBrowser.objects.exists()


def test_somebody_new_lands_in_the_first_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    who, browser = newcomer(), Client()
    cast_is(monkeypatch, who)
    answer = browser.post(reverse("demonstration-enter", args=[who.reference]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("first-information", args=[who.reference])
    assert answer.status_code == 200
    assert Session.objects.get().code_satisfied_at is None
    assert Account.objects.get(pk=who.pk).opened_at is None


def test_the_choice_of_account_comes_first_for_whoever_has_several(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    owner(credential=me.account.credential)
    cast_is(monkeypatch, me.account)
    answer = Client().post(reverse("demonstration-enter", args=[me.account.reference]))
    assert answer["Location"] == reverse("accounts")


def test_before_the_password_has_left_one_is_sent_to_the_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    who = identity.account(landlord().partner)
    cast_is(monkeypatch, who)
    shown = enter(Client(), who)
    assert "Son mot de passe provisoire n’est pas encore parti." in shown
    assert f"{reverse('mailbox')}?q={who.login_id}" in shown
    assert not Session.objects.exists()


def test_a_provisional_password_too_old_says_until_when_it_was_good(monkeypatch: pytest.MonkeyPatch) -> None:
    who = newcomer(valid=-timedelta(days=1))
    cast_is(monkeypatch, who)
    assert "Son mot de passe provisoire n’est plus valable depuis le" in enter(Client(), who)
    assert not Session.objects.exists()


@pytest.mark.usefixtures("some_without_administrator")
def test_a_closed_access_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    Account.objects.filter(pk=me.account.pk).update(state=AccountState.DISABLED)
    cast_is(monkeypatch, me.account)
    assert "Cet accès est fermé : personne ne peut s’y connecter." in enter(Client(), me.account)
    assert not Session.objects.exists()


def test_a_frozen_access_stays_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    Credential.objects.filter(pk=me.account.credential_id).update(frozen_at=clock.now())
    cast_is(monkeypatch, me.account)
    assert "Cet accès est fermé" in enter(Client(), me.account)
    assert not Session.objects.exists()


def test_one_person_after_the_other_leaves_one_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, browser = owner(), owner(), Client()
    cast_is(monkeypatch, first.account, second.account)
    enter(browser, first.account)
    fixed = browser.cookies[cookies.SESSION].value
    enter(browser, second.account)
    enter(browser, second.account)
    assert Session.objects.get().credential_id == second.account.credential_id
    assert browser.cookies[cookies.SESSION].value != fixed
    assert browser.get(reverse("welcome", args=[first.account.reference])).status_code == 404


@pytest.mark.parametrize("reference", ["ABCDEFGH", "%00", "é", "x" * 2_000, "' OR 1=1 --"])
def test_nobody_but_the_cast_can_be_entered(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    me, stranger = owner(), owner()
    cast_is(monkeypatch, me.account)
    for asked in (reference, stranger.account.reference):
        assert Client().post(f"/demonstration/entrer/{asked}/").status_code == 404
    assert not Session.objects.exists()


def test_reading_the_address_signs_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    cast_is(monkeypatch, me.account)
    answer = Client().get(reverse("demonstration-enter", args=[me.account.reference]))
    assert answer["Location"] == reverse("demonstration")
    assert not Session.objects.exists()


def test_each_of_the_cast_has_a_button_beside_the_ordinary_way(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [owner().account, newcomer()]
    cast_is(monkeypatch, *people)
    html = Client().get(reverse("demonstration")).content.decode()
    for who in people:
        assert f'action="{reverse("demonstration-enter", args=[who.reference])}"' in html
        assert who.login_id in html
    assert html.count("Entrer comme Claire Martin") == 2


def test_an_ordinary_instance_lets_nobody_in_this_way(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    cast_is(monkeypatch, me.account)
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", False)
    assert Client().post(reverse("demonstration-enter", args=[me.account.reference])).status_code == 404
    assert not Session.objects.exists()
