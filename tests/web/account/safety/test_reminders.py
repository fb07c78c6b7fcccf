"""The reminders of the July campaign: wanted until one says otherwise, account by account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.identity.models import Account
from tests.factories.landlords import Owner, landlord, owner
from tests.web.account.visits import ANYTHING, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]


def wants(me: Owner) -> bool:
    return Account.objects.get(pk=me.account.pk).campaign_reminders


def chooses(me: Owner, client: Client, chosen: str) -> str:
    """Press « Enregistrer les rappels »; the page one comes back to."""
    address = reverse("profile-reminders", args=[me.account.reference])
    return said(client.post(address, {"reminders": chosen}, follow=True))


def test_reminders_are_wanted_until_one_says_otherwise() -> None:
    me = owner()
    client = me.browser()
    assert wants(me)
    html = said(client.get(reverse("profile", args=[me.account.reference])))
    assert "Les messages prévus par la loi sont toujours envoyés" in html
    assert "Vous ne recevrez plus de rappel de campagne." in chooses(me, client, "none")
    assert not wants(me)
    assert "Les rappels de campagne arrivent par mail." in chooses(me, client, "mail")
    assert wants(me)


def test_said_twice_it_is_written_once_and_for_this_account_alone() -> None:
    me = owner()
    other = owner(landlord(company_name="SCI Tilleul"), credential=me.account.credential)
    client = me.browser()
    for _ in range(2):
        chooses(me, client, "none")
    assert Entry.objects.filter(event="identity.reminders_chosen").count() == 1
    assert (wants(me), wants(other)) == (False, True)


@pytest.mark.parametrize("sent", ANYTHING)
def test_what_is_no_choice_changes_nothing(sent: str) -> None:
    me = owner()
    assert "Choisissez si vous voulez des rappels" in chooses(me, me.browser(), sent)
    assert wants(me)


def test_a_stranger_changes_nothing() -> None:
    me, stranger = owner(), owner()
    address = reverse("profile-reminders", args=[me.account.reference])
    assert stranger.browser().post(address, {"reminders": "none"}).status_code == 404
    assert wants(me)
