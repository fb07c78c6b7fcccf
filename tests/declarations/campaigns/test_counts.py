"""Whatever people and the office do, in whatever order, the counts are what counting would give."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.declarations.models import Declaration
from parvis.declarations.services import campaigns, exchange, july
from parvis.kit.refusals import Refusal
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), st.integers(0, 3), st.sampled_from(["525", "900", "abc", "", "52,4", "0"])),
        st.tuples(st.just("confirm"), st.integers(0, 3), st.just("")),
        st.tuples(st.just("prefill"), st.just(0), st.just("")),
        st.tuples(st.just("send"), st.just(0), st.just("")),
        st.tuples(st.just("decide"), st.integers(0, 3), st.sampled_from(["integrated", "manual", "rejected"])),
        st.tuples(st.just("end"), st.integers(0, 3), st.just("")),
        st.tuples(st.just("come back"), st.integers(0, 3), st.just("")),
    ),
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_counts_are_always_true(acts: list[tuple[str, int, str]]) -> None:
    who = owner()
    tenancies = [tenancy(who.landlord, last_name=f"Nom{number}") for number in range(4)]
    for of in tenancies[:3]:
        july_rent(of, 2025, 52_400)
    made.campaign()
    for step, (act, number, word) in enumerate(acts):
        with contextlib.suppress(Refusal):
            do(who, tenancies[number], act, word, step)
        assert made.counts_are_true(), (act, number, word)
        live = Declaration.objects.filter(landlord_id=who.landlord.pk).exclude(
            state__in=["rejected", "corrected", "abandoned"]
        )
        keys = list(live.values_list("tenancy_id", "kind", "year"))
        assert len(keys) == len(set(keys))


def do(who: Owner, of: Tenancy, act: str, word: str, step: int) -> None:
    at = NOW + timedelta(minutes=step)
    if act == "type":
        typed(who, of, word, at=at)
    elif act == "confirm":
        for code in ("increase_above_index", "previous_july_unknown", "ten_times_less", "zero"):
            cents = next((draft.cents or 0 for draft in made.drafts_of(tenancy=of)), 0)
            july.confirm(who.actor, of.reference, year=YEAR, code=code, cents=cents, at=at)
    elif act == "prefill":
        july.prefill(who.actor, YEAR, at=at)
    elif act == "send":
        made.sent(who, at=at)
    elif act == "decide":
        waiting = Declaration.objects.filter(landlord_id=who.landlord.pk, state="submitted")
        exchange.mark_sent(list(waiting.values_list("pk", flat=True)), by=CLOCK, at=at)
        references = Declaration.objects.filter(tenancy=of, state__in=["sent", "manual"]).values_list(
            "reference", flat=True
        )
        lines = [(reference or "", word, "", at) for reference in references]
        exchange.record_outcomes(made.stage_outcomes(*lines), by=CLOCK, at=at)
    else:
        Tenancy.objects.filter(pk=of.pk).update(end_on=date(2026, 6, 1) if act == "end" else None)
        campaigns.refresh_entries(by=CLOCK, at=at)
