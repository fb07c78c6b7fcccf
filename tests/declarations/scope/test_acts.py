"""Rights limited to some offices: only their July rents are typed, sent, corrected."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.declarations.models import CampaignEntry, CampaignOfficeCount, Declaration, Receipt
from parvis.declarations.refusals import JustSent, KeyUsedOtherwise, NothingToSend, RentsChanged
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.services import campaigns, correction, exchange, july, submission
from parvis.kit.actors import Actor
from parvis.kit.refusals import NotFound, Refusal
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.two_offices import HERE, THERE, send, shares_are_true, two_offices, type_everything

pytestmark = pytest.mark.django_db


def test_nothing_of_another_office_can_be_typed_or_confirmed() -> None:
    world = two_offices()
    of = world.there[0].reference
    with pytest.raises(NotFound):
        july.save_rent(world.actor, of, year=YEAR, typed="525", at=NOW)
    with pytest.raises(NotFound):
        july.apply_remedy(world.actor, of, year=YEAR, cents=52_500, at=NOW)
    made.typed(world.chief, world.there[0], "900")
    with pytest.raises(NotFound):
        july.confirm(world.actor, of, year=YEAR, code="increase_above_index", cents=90_000, at=NOW)
    writings = [july.Writing(tenancy.reference, "525") for tenancy in (world.here[0], world.there[1])]
    outcomes = july.save_rents(world.actor, YEAR, writings, at=NOW)
    assert [outcome.row.tenancy_id for outcome in outcomes] == [world.here[0].pk]
    assert not made.drafts_of(tenancy=world.there[1])
    assert shares_are_true()


def test_taking_the_known_rents_over_stays_within_the_offices() -> None:
    world = two_offices()
    assert july.prefill(world.actor, YEAR, at=NOW) == 2
    assert {draft.tenancy.pk for draft in made.drafts_of()} == {of.pk for of in world.here[:2]}
    assert july.prefill(world.chief.actor, YEAR, at=NOW) == 2
    assert shares_are_true()


def test_sending_sends_only_what_is_seen() -> None:
    world = two_offices()
    type_everything(world)
    shown = ready_to_submit(world.actor, YEAR)
    assert (shown.count, shown.total_cents) == (2, 105_000)
    assert [share.caf_code for share in shown.offices] == [HERE]
    assert {row.caf_code for row in shown.page.rows} == {HERE}
    (receipt,) = send(world.actor)
    assert (receipt.office_id, receipt.count) == (HERE, 2)
    assert {made.state_of(of) for of in world.here[:2]} == {"submitted"}
    assert {made.state_of(of) for of in world.there[:2]} == {"drafted"}
    assert shares_are_true()
    assert made.counts_are_true()
    with pytest.raises(NothingToSend):
        send(world.actor)
    (other,) = send(world.chief.actor)
    assert (other.office_id, other.count) == (THERE, 2)


def test_what_everybody_would_send_is_not_what_a_limited_user_sends() -> None:
    world = two_offices()
    type_everything(world)
    everything = ready_to_submit(world.chief.actor, YEAR).fingerprint
    with pytest.raises(RentsChanged):
        submission.submit_ready(world.actor, YEAR, submission_key=uuid4(), expected=everything, at=NOW)
    assert not Receipt.objects.exists()


def test_the_receipt_of_a_colleague_s_sending_is_told_only_within_the_offices() -> None:
    world = two_offices()
    made.typed(world.chief, world.there[0], "525")
    key, shown = uuid4(), ready_to_submit(world.chief.actor, YEAR).fingerprint
    submission.submit_ready(world.chief.actor, YEAR, submission_key=key, expected=shown, at=NOW)
    for again in (key, uuid4()):
        with pytest.raises(NothingToSend):
            submission.submit_ready(world.actor, YEAR, submission_key=again, expected=shown, at=NOW)
    made.typed(world.chief, world.here[0], "525")
    key, shown = uuid4(), ready_to_submit(world.chief.actor, YEAR).fingerprint
    (receipt,) = submission.submit_ready(world.chief.actor, YEAR, submission_key=key, expected=shown, at=NOW)
    with pytest.raises(JustSent) as told:
        submission.submit_ready(world.actor, YEAR, submission_key=uuid4(), expected=shown, at=NOW)
    assert told.value.number == receipt.number
    with pytest.raises(KeyUsedOtherwise):
        submission.submit_ready(world.actor, YEAR, submission_key=key, expected="0" * 32, at=NOW)


def test_a_rent_of_another_office_cannot_be_corrected() -> None:
    world = two_offices()
    type_everything(world)
    send(world.chief.actor)
    of = world.there[0].reference
    with pytest.raises(NotFound):
        correction.correctable(world.actor, of, year=YEAR, at=NOW)
    key = uuid4()
    with pytest.raises(NotFound):
        correction.correct(world.actor, of, year=YEAR, typed="526", submission_key=key, at=NOW)
    correction.correct(world.chief.actor, of, year=YEAR, typed="526", submission_key=key, at=NOW)
    with pytest.raises(NotFound):
        correction.correct(world.actor, of, year=YEAR, typed="526", submission_key=key, at=NOW)
    mine = correction.correct(
        world.actor, world.here[0].reference, year=YEAR, typed="526", submission_key=uuid4(), at=NOW
    )
    assert mine.office_id == HERE


def test_the_shares_are_put_right_by_the_rebuilding() -> None:
    world = two_offices()
    CampaignOfficeCount.objects.filter(caf_code=HERE).update(to_declare=99, submitted=4)
    CampaignOfficeCount.objects.create(landlord=world.chief.landlord, year=YEAR, caf_code="999", rejected=3)
    CampaignOfficeCount.objects.filter(caf_code=THERE).delete()
    campaigns.rebuild_counts(YEAR, by=CLOCK, at=NOW)
    assert shares_are_true()
    assert set(CampaignOfficeCount.objects.values_list("caf_code", flat=True)) == {HERE, THERE}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["limited", "chief"]),
        st.sampled_from(["type", "prefill", "send", "decide", "end"]),
        st.integers(0, 3),
        st.sampled_from(["525", "900", "", "abc"]),
    ),
    max_size=10,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_the_other_office_is_untouched_by_a_limited_user(
    acts: list[tuple[str, str, int, str]],
) -> None:
    world = two_offices()
    places = [*world.here[:2], *world.there[:2]]
    for step, (who, act, number, word) in enumerate(acts):
        actor = world.actor if who == "limited" else world.chief.actor
        before = of_there()
        with contextlib.suppress(Refusal):
            do(actor, act, places[number], word, step)
        if who == "limited" and act in ("type", "prefill", "send"):
            assert of_there() == before
        assert shares_are_true(), (who, act)
        assert made.counts_are_true(), (who, act)


def of_there() -> list[tuple[object, ...]]:
    """All that the campaign holds of the other office."""
    entries = (
        CampaignEntry.objects.filter(tenancy__caf_code=THERE)
        .order_by("pk")
        .values_list("pk", "state", "draft_saved_at")
    )
    written = Declaration.objects.filter(tenancy__caf_code=THERE).order_by("pk").values_list("pk", "state", "saved_at")
    return [*entries, *written]


def do(actor: Actor, act: str, of: Tenancy, word: str, step: int) -> None:
    at = NOW + timedelta(minutes=step)
    if act == "type":
        july.save_rent(actor, of.reference, year=YEAR, typed=word, at=at)
    elif act == "prefill":
        july.prefill(actor, YEAR, at=at)
    elif act == "send":
        send(actor, minutes=step)
    elif act == "decide":
        waiting = list(Declaration.objects.filter(state="submitted").values_list("pk", "reference"))
        exchange.mark_sent([key for key, _ in waiting], by=CLOCK, at=at)
        lines = [(reference or "", "integrated", "", at) for _, reference in waiting]
        exchange.record_outcomes(made.stage_outcomes(*lines), by=CLOCK, at=at)
    else:
        Tenancy.objects.filter(pk=of.pk).update(end_on=None if of.end_on else NOW.date().replace(month=6, day=1))
        campaigns.refresh_entries(by=CLOCK, at=at)
