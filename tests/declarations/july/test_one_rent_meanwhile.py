"""An amount saved by one statement, when a colleague has just spoken of the July before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.declarations.selectors.grid import rows_named
from parvis.declarations.services import july
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import owner
from tests.factories.tenancies import tenancy


@pytest.mark.django_db
def test_a_july_before_given_meanwhile_is_judged_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    rented = tenancy(me.landlord)
    made.campaign()
    stale, read = rows_named(me.actor, YEAR, [rented.reference])[0], rows_named
    july.save_rent(me.actor, rented.reference, year=YEAR, typed="", previous_typed="500", at=NOW)
    answers = iter([[stale]])
    monkeypatch.setattr(july, "rows_named", lambda *asked: next(answers, None) or read(*asked))
    july.save_rent(me.actor, rented.reference, year=YEAR, typed="525", at=NOW + timedelta(minutes=1))
    monkeypatch.undo()
    now = rows_named(me.actor, YEAR, [rented.reference])[0]
    assert now.state == now.assessment.state == "drafted"
