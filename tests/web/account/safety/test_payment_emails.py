"""The mails about payments: chosen account by account, by who may see payments."""

from __future__ import annotations

import pytest
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.identity.models import Account
from parvis.kit.actors import Right
from tests.factories.landlords import Owner, owner
from tests.web.account.visits import ANYTHING, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]


def chosen(me: Owner) -> str:
    return Account.objects.get(pk=me.account.pk).payment_emails


def chooses(me: Owner, value: str) -> str:
    address = reverse("profile-payment-emails", args=[me.account.reference])
    return said(me.browser().post(address, {"payment_emails": value}, follow=True))


@pytest.mark.parametrize(("value", "words"), [("each", "chaque versement"), ("none", "Aucun mail")])
def test_one_chooses_which_mails_one_receives(value: str, words: str) -> None:
    me = owner()
    assert chosen(me) == "changes"
    assert words in chooses(me, value)
    assert chosen(me) == value
    chooses(me, value)
    assert Entry.objects.filter(event="identity.payment_emails_chosen").count() == 1


@pytest.mark.parametrize("sent", ANYTHING)
def test_what_is_no_choice_changes_nothing(sent: str) -> None:
    me = owner()
    assert "Choisissez quels mails vous voulez" in chooses(me, sent)
    assert chosen(me) == "changes"


def test_it_is_not_proposed_to_who_does_not_see_payments() -> None:
    me = owner(rights=frozenset({Right.CONSULT}))
    assert "versement" not in said(me.browser().get(reverse("profile", args=[me.account.reference]))).split("<main")[1]
    address = reverse("profile-payment-emails", args=[me.account.reference])
    assert me.browser().post(address, {"payment_emails": "each"}).status_code == 403
    assert owner().browser().post(address, {"payment_emails": "each"}).status_code == 404
    assert chosen(me) == "changes"
