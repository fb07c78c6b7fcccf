"""The July before that is given is what the rent is compared with, whoever gives it and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from parvis.declarations.kinds.july_rent import assess
from parvis.declarations.kinds.july_rent.facts import Facts
from parvis.declarations.refusals import JulyBeforeChanged
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
    july.save_rent(me.actor, rented.reference, year=YEAR, typed="505", at=NOW + timedelta(minutes=1))
    monkeypatch.undo()
    now = rows_named(me.actor, YEAR, [rented.reference])[0]
    assert now.state == now.assessment.state == "drafted"


@pytest.mark.parametrize(
    ("typed", "before", "code"),
    [
        ("410", "400", "increase_above_index"),
        ("279", "400", "decrease"),
        ("40,50", "400", "ten_times_less"),
        ("4050", "400", "ten_times_more"),
        ("0", "400", "zero"),
        ("280", "400", ""),
    ],
)
def test_the_july_before_that_is_typed_is_what_the_rent_is_compared_with(typed: str, before: str, code: str) -> None:
    unknown = Facts(made.norms(2026), date(2021, 10, 24))
    found = assess(unknown, typed=typed, previous_typed=before)
    assert [warning.code for warning in found.pending] == ([code] if code else [])
    assert assess(unknown, typed=typed, previous_typed=before, confirmed=(code,)).state == "drafted"


@pytest.mark.parametrize(
    ("typed", "before", "known", "code"),
    [
        ("5255", "5200", 52_550, "ten_times_more"),
        ("6306", "6300", 52_550, "twelve_times"),
        ("500", "50", 50_000, "increase_above_index"),
        ("500", "495", 50_000, ""),
    ],
)
def test_the_same_slip_in_both_julys_is_seen_and_that_of_the_one_before_is_not_mended_in_the_other(
    typed: str, before: str, known: int, code: str
) -> None:
    facts = Facts(made.norms(2026), date(2021, 10, 24), known_rent_cents=known)
    found = assess(facts, typed=typed, previous_typed=before)
    assert [warning.code for warning in found.pending] == ([code] if code else [])


@pytest.mark.django_db
def test_what_was_confirmed_is_asked_again_once_it_is_compared_with_another_july() -> None:
    me = owner()
    rented = tenancy(me.landlord)
    made.campaign()
    row = made.typed(me, rented, "525", previous="500").row
    assert (row.state, row.assessment.pending[0].code) == ("to_confirm", "increase_above_index")
    july.confirm(
        me.actor, rented.reference, year=YEAR, code="increase_above_index", cents=52_500, reason="Travaux", at=NOW
    )
    assert made.state_of(rented) == "drafted"
    assert made.typed(me, rented, "525", previous="400").row.state == "to_confirm"
    assert made.typed(me, rented, "525", previous="520").row.state == "drafted"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shown", "now"), [(50_000, "400"), (None, "400"), (40_000, "")], ids=["other", "given", "emptied"]
)
def test_only_what_stood_beside_the_july_that_was_shown_is_confirmed(shown: int | None, now: str) -> None:
    me = owner()
    rented = tenancy(me.landlord, rent_cents=40_000)
    made.campaign()
    row = made.typed(me, rented, "525", previous=now).row
    code = row.assessment.pending[0].code
    with pytest.raises(JulyBeforeChanged) as refused:
        july.confirm(me.actor, rented.reference, year=YEAR, code=code, cents=52_500, before=shown, at=NOW)
    assert ("400,00" in refused.value.sentence) is bool(now)
    assert made.draft_of().confirmed == []
    july.confirm(me.actor, rented.reference, year=YEAR, code=code, cents=52_500, before=row.before_cents, at=NOW)
    assert made.draft_of().confirmed == [code]
