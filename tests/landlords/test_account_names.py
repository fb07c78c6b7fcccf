"""The name by which an account is listed is that of its landlord, whoever writes what, and in which order."""

from __future__ import annotations

import pytest

from parvis.identity.models import Account
from parvis.kit.references import opaque
from parvis.landlords.models import Landlord
from tests.factories.identity import NOW
from tests.factories.landlords import landlord, owner

pytestmark = pytest.mark.django_db


def key_of(account: Account) -> str:
    return Account.objects.values_list("sort_name", flat=True).get(pk=account.pk)


def test_an_account_is_named_as_it_is_born_and_renamed_with_its_landlord() -> None:
    mine, other = owner(landlord(company_name="L’Écluse Énergie")), owner(landlord(company_name="Zénith"))
    assert key_of(mine.account) == "l ecluse energie"
    Landlord.objects.filter(pk=mine.landlord.pk).update(company_name="Résidences du Lac")
    assert key_of(mine.account) == "residences du lac"
    assert key_of(other.account) == "zenith"
    Landlord.objects.update(company_name="Même nom")
    assert key_of(mine.account) == key_of(other.account) == "meme nom"


def test_nobody_writes_another_name_on_an_account_not_even_by_saving_an_old_copy() -> None:
    mine = owner(landlord(company_name="Avant"))
    stale = Account.objects.get(pk=mine.account.pk)
    Landlord.objects.filter(pk=mine.landlord.pk).update(company_name="Après")
    stale.first_name = "Inès"
    stale.save()
    assert key_of(mine.account) == "apres"
    Account.objects.filter(pk=mine.account.pk).update(sort_name="autre")
    assert key_of(mine.account) == "apres"


def test_an_account_older_than_its_landlord_is_named_when_the_landlord_comes() -> None:
    mine = owner(landlord(company_name="Avant"))
    partner = type(mine.account.partner).objects.create(nature="corporate")
    early = Account.objects.create(
        reference=opaque(), login_id="LOGAVANT1X", user_number="44199999990000", partner=partner,
        credential=mine.account.credential, created_at=NOW,
    )  # fmt: skip
    assert key_of(early) == ""
    Landlord.objects.create(partner=partner, reference_key="T:4419999999", company_name="Venue après")
    assert key_of(early) == "venue apres"
