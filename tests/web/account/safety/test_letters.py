"""Paper or no paper: chosen account by account."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.identity.models import Account
from tests.factories.landlords import Owner, owner
from tests.web.account.visits import ANYTHING, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]


def chosen(me: Owner) -> str:
    return Account.objects.get(pk=me.account.pk).letters


def chooses(me: Owner, value: str) -> str:
    address = reverse("profile-letters", args=[me.account.reference])
    return said(me.browser().post(address, {"letters": value}, follow=True))


def test_letters_come_without_paper_until_somebody_wishes_it() -> None:
    me = owner()
    assert chosen(me) == "mail"
    assert "et sur papier" in chooses(me, "paper")
    chooses(me, "paper")
    assert chosen(me) == "paper"
    assert "sans papier" in chooses(me, "mail")
    assert chosen(me) == "mail"
    assert Entry.objects.filter(event="identity.letters_chosen").count() == 2


@pytest.mark.parametrize("sent", ANYTHING)
def test_what_is_no_choice_changes_nothing(sent: str) -> None:
    me = owner()
    assert "Choisissez comment recevoir vos courriers" in chooses(me, sent)
    assert chosen(me) == "mail"


def test_the_wish_is_one_s_own() -> None:
    me, other = owner(), owner()
    address = reverse("profile-letters", args=[me.account.reference])
    assert other.browser().post(address, {"letters": "paper"}).status_code == 404
    assert chosen(me) == "mail"


def test_documents_say_where_to_choose() -> None:
    me = owner()
    page = said(me.browser().get(reverse("documents", args=[me.account.reference])))
    assert reverse("profile", args=[me.account.reference]) + "#preferences" in page
