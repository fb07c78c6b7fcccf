"""Papers joined to July rents: they go with the draft they were joined to, whatever takes it away."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.changes.models import Attachment
from parvis.declarations.models import Declaration, Kind
from parvis.declarations.services import campaigns, papers
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.landlords import Owner, owner
from tests.factories.papers import paper
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db


def joined() -> tuple[Owner, Tenancy]:
    """Two rents typed, and a receipt joined to the former."""
    who = owner()
    of = tenancy(who.landlord)
    made.campaign()
    made.typed(who, of, "410", previous="400,50")
    papers.join(who.actor, of.reference, Kind.JULY_RENT, paper(), at=NOW)
    assert Attachment.objects.count() == 1
    return who, of


def test_a_former_rent_that_is_emptied_takes_its_receipt_with_it() -> None:
    who, of = joined()
    made.typed(who, of, "411", previous="400,50")
    assert Attachment.objects.count() == 1
    made.typed(who, of, "410", previous="")
    assert not Attachment.objects.exists()


def test_a_tenancy_that_ended_takes_the_receipt_of_its_draft_with_it() -> None:
    _, of = joined()
    Tenancy.objects.filter(pk=of.pk).update(end_on=date(2026, 6, 1))
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    assert set(Declaration.objects.values_list("state", flat=True)) == {"abandoned"}
    assert not Attachment.objects.exists()
