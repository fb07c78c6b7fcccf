"""Of whoever is written to, counted or reminded, the lines are found by the one index of the entries: never in the whole table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.declarations.models import RentCampaign
from parvis.declarations.services import counts
from parvis.declarations.services.reminders import by_post, due, waves
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import landlord, owner
from tests.factories.tenancies import july_rent, many_tenancies, tenancy

pytestmark = pytest.mark.django_db


def _written_to() -> None:
    campaign = RentCampaign.objects.get()
    by_post.addressed(campaign, waves.Wave(waves.OPENING, NOW.date(), NOW.date()), at=NOW)


def _never_came() -> None:
    by_post.never_signed_in(RentCampaign.objects.get(), "", on=NOW.date(), at=NOW)


def _counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE moved ON COMMIT DROP AS SELECT landlord_id FROM declarations_campaigncount"
            " WHERE drafted > 0"
        )
        cursor.execute("ANALYZE moved")
    counts.recount("moved", YEAR)


def _reminded() -> None:
    assert due.unsent_for(YEAR, 3, at=NOW + timedelta(days=4))


@pytest.mark.parametrize("work", [_written_to, _never_came, _counted, _reminded])
def test_nobody_is_looked_for_in_the_whole_table(work: Callable[[], None]) -> None:
    me = owner()
    rented = tenancy(me.landlord)
    july_rent(rented, YEAR - 1, 52_400)
    for _ in range(40):
        many_tenancies(landlord(), 150)
    made.campaign()
    typed(me, rented, "525")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE declarations_campaignentry, tenancies_tenancy")
        with CaptureQueriesContext(connection) as queries:
            work()
        (asked,) = [query["sql"] for query in queries if "declarations_campaignentry" in query["sql"]]
        cursor.execute("EXPLAIN " + asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "campaign_entry_by_state_group" in plan, plan
    assert "Seq Scan on declarations_campaignentry" not in plan, plan
