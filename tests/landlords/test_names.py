"""What the first sign-in need not ask again."""

import pytest

from parvis.identity.models import Partner
from parvis.landlords.models import Landlord
from parvis.landlords.selectors import names_known
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db


def test_an_individual_is_known_by_name_and_an_organisation_is_not() -> None:
    who = owner()
    assert names_known(who.actor) == {}
    Partner.objects.filter(pk=who.landlord.pk).update(nature="individual")
    Landlord.objects.filter(pk=who.landlord.pk).update(first_name="Jean-Luc", last_name="Moreau", company_name="")
    assert names_known(who.actor) == {"first_name": "Jean-Luc", "last_name": "Moreau"}
