"""One amount typed is kept by one statement, which writes nothing where the line is no longer as it was read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from parvis.declarations.models import CampaignCount, CampaignEntry, Declaration
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.declarations.services import drafts, july
from parvis.declarations.services.one_rent import keep_one
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, payment, tenancy

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def lina() -> tuple[Owner, Tenancy]:
    """A landlord with one tenancy, whose last July is known."""
    who = owner()
    of = tenancy(who.landlord)
    july_rent(of, YEAR - 1, 52_400)
    payment(of, date(YEAR, 6, 1), 11_100)
    made.campaign()
    return who, of


def row_of(who: Owner, of: Tenancy) -> GridRow:
    return rows_named(who.actor, YEAR, [of.reference])[0]


def change_of(row: GridRow, text: str) -> drafts.Change:
    return july._change(row, july.Writing(row.reference, typed=text))


def test_an_amount_costs_two_statements_the_first_time_and_the_next(
    lina: tuple[Owner, Tenancy], django_assert_num_queries: Any
) -> None:
    who, of = lina
    for text, state in (
        ("525", "drafted"),
        ("526", "drafted"),
        ("900", "to_confirm"),
        ("mille", "to_correct"),
        ("525", "drafted"),
    ):
        norms_of(YEAR)  # a process keeps what the office has set for two seconds
        with django_assert_num_queries(2):
            outcome = typed(who, of, text)
        assert outcome.row == row_of(who, of)
        assert (outcome.row.state, outcome.row.typed) == (state, text)
        kept = CampaignCount.objects.get(landlord=who.landlord)
        assert outcome.counts is not None
        assert all(getattr(kept, name) == number for name, number in outcome.counts.items())
        assert made.counts_are_true()
    assert len(made.drafts_of()) == 1
    assert not Declaration.objects.exists()


def test_a_line_that_changed_since_it_was_read_is_not_written(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    untouched = row_of(who, of)
    typed(who, of, "525")
    drafted = row_of(who, of)
    assert keep_one(who.actor, change_of(untouched, "600"), at=LATER) is None
    july.save_rent(who.actor, of.reference, year=YEAR, typed="526", at=LATER)
    assert keep_one(who.actor, change_of(drafted, "700"), at=LATER) is None
    now = row_of(who, of)
    made.sent(who)
    assert keep_one(who.actor, change_of(now, "800"), at=LATER) is None
    assert Declaration.objects.get().typed == "526"
    assert Declaration.objects.get().state == "submitted"
    assert made.counts_are_true()


def test_a_line_of_somebody_else_by_now_is_not_overwritten(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "525")
    row, other = row_of(who, of), owner()
    CampaignEntry.objects.update(landlord=other.landlord)
    assert keep_one(who.actor, change_of(row, "600"), at=LATER) is None
    assert made.draft_of().typed == "525"


def test_a_colleague_who_types_between_the_reading_and_the_writing_is_met_the_long_way(
    lina: tuple[Owner, Tenancy], monkeypatch: pytest.MonkeyPatch
) -> None:
    who, of = lina
    stale, read = row_of(who, of), rows_named
    typed(who, of, "525")
    answers = iter([[stale]])
    monkeypatch.setattr(july, "rows_named", lambda *asked: next(answers, None) or read(*asked))
    outcome = july.save_rent(who.actor, of.reference, year=YEAR, typed="526", at=LATER)
    assert (outcome.row.typed, outcome.counts) == ("526", None)
    assert made.draft_of().typed == "526"
    assert made.counts_are_true()
