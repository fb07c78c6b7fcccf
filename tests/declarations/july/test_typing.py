from datetime import date
from uuid import uuid4

import pytest

from parvis.declarations.models import CampaignCount, CampaignEntry, Declaration
from parvis.declarations.refusals import AlreadySubmitted, NotInCampaign
from parvis.declarations.selectors import grid_rows
from parvis.declarations.selectors.grid import rows_named
from parvis.declarations.services import july
from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, payment, tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def lina() -> tuple[Owner, Tenancy]:
    """A landlord with one tenancy, whose last July is known."""
    who = owner()
    of = tenancy(who.landlord, charges_cents=4_000)
    july_rent(of, 2025, 52_400)
    payment(of, date(2026, 6, 1), 11_100)
    made.campaign()
    return who, of


def test_a_rent_typed_is_kept_as_a_draft(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    outcome = typed(who, of, "525")
    draft = made.draft_of()
    assert (draft.typed, draft.cents, draft.channel) == ("525", 52_500, "page")
    assert (draft.account_id, draft.saved_at) == (who.account.pk, NOW)
    assert not Declaration.objects.exists(), "it states nothing yet"
    assert outcome.row.state == "drafted"
    made.sent(who)
    assert Declaration.objects.get().details == {
        "year": 2026, "rent_cents": 52_500, "charges_cents": None, "furnished": False, "lease_holders": 1, "amount_is": "whole",
    }  # fmt: skip
    assert not made.drafts_of(), "it is a draft no more"
    assert made.counts_are_true()


def test_typing_again_replaces_and_typing_the_same_twice_changes_nothing(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    for text in ("525", "525", "524,10"):
        typed(who, of, text)
    assert made.draft_of().cents == 52_410
    assert CampaignCount.objects.get(landlord=who.landlord).drafted == 1


def test_what_cannot_be_read_is_kept_as_typed_and_is_no_amount(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "525")
    outcome = typed(who, of, "cinq cents")
    assert (outcome.row.state, outcome.row.typed, outcome.row.rent_cents) == ("to_correct", "cinq cents", None)
    assert "n’est pas un montant" in outcome.row.assessment.fault
    assert made.counts_are_true()


def test_an_empty_text_removes_the_draft(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "525")
    typed(who, of, "  ")
    assert not made.drafts_of()
    assert made.state_of(of) == "to_declare"
    assert made.counts_are_true()


def test_an_unusual_rent_waits_for_a_word_which_is_kept(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    assert typed(who, of, "679").row.state == "to_confirm"
    outcome = july.confirm(
        who.actor, of.reference, year=YEAR, code="increase_above_index", cents=67_900, reason="Travaux", at=NOW
    )
    draft = made.draft_of()
    assert outcome.row.state == "drafted"
    assert (draft.warnings, draft.confirmed, draft.reason) == (
        ["increase_above_index"],
        ["increase_above_index"],
        "Travaux",
    )
    assert made.counts_are_true()


def test_another_amount_must_be_confirmed_anew(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "679")
    july.confirm(
        who.actor, of.reference, year=YEAR, code="increase_above_index", cents=67_900, reason="Travaux", at=NOW
    )
    assert typed(who, of, "679,00").row.state == "drafted"
    assert typed(who, of, "700").row.state == "to_confirm"
    assert made.draft_of().reason == ""


def test_only_the_amount_that_was_shown_is_confirmed(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "679")
    typed(who, of, "690")
    stale = july.confirm(who.actor, of.reference, year=YEAR, code="increase_above_index", cents=67_900, at=NOW)
    assert stale.row.state == "to_confirm"
    assert made.draft_of().confirmed == []


def test_what_was_not_asked_cannot_be_confirmed(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "679")
    assert july.confirm(who.actor, of.reference, year=YEAR, code="zero", cents=0, at=NOW).row.state == "to_confirm"


def test_a_remedy_writes_the_amount_it_offers(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    found = typed(who, of, "52,40").row.assessment
    remedy = found.pending[0].remedy
    assert remedy is not None
    outcome = july.apply_remedy(who.actor, of.reference, year=YEAR, cents=remedy.cents, at=NOW)
    assert (outcome.row.rent_cents, outcome.row.state) == (52_400, "drafted")


def test_the_aid_is_compared_with_only_when_the_landlord_receives_it(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    assert typed(who, of, "414").row.state == "to_confirm"
    Tenancy.objects.filter(pk=of.pk).update(direct_payment=False)
    (row,) = grid_rows(who.actor, YEAR).rows
    assert row.aid_cents is None


def test_both_julys_are_typed_on_one_line() -> None:
    who = owner()
    of = tenancy(who.landlord, rent_cents=None)
    made.campaign()
    assert typed(who, of, "404").row.state == "to_confirm"
    row = typed(who, of, "404", previous="400,50").row
    assert (row.state, row.previous_cents) == ("drafted", 40_050)
    before = Declaration.objects.get(kind="previous_july_rent")
    assert (before.year, before.details) == (2025, {"year": 2025, "rent_cents": 40_050})
    typed(who, of, "404", previous="")
    assert not Declaration.objects.filter(kind="previous_july_rent").exists()
    assert made.state_of(of) == "to_confirm"
    assert made.counts_are_true()


def test_known_rents_are_taken_over_on_empty_lines_only() -> None:
    who = owner()
    kept, filled = (
        tenancy(who.landlord, last_name="Abadie"),
        tenancy(who.landlord, last_name="Benali", rent_cents=60_000),
    )
    unknown = tenancy(who.landlord, last_name="Celik", rent_cents=None)
    raised = tenancy(who.landlord, last_name="Dupont", rent_cents=70_000)
    for of, cents in ((kept, 51_000), (filled, 59_900), (raised, 50_000)):
        july_rent(of, 2025, cents)
    made.campaign()
    typed(who, kept, "524")
    assert july.prefill(who.actor, YEAR, at=NOW) == 2
    rows = {row.tenancy_id: row for row in grid_rows(who.actor, YEAR).rows}
    assert (rows[kept.pk].rent_cents, rows[kept.pk].is_taken_over) == (52_400, False)
    assert (rows[filled.pk].rent_cents, rows[filled.pk].is_taken_over, rows[filled.pk].state) == (
        60_000,
        True,
        "drafted",
    )
    assert rows[unknown.pk].state == "to_declare"
    assert rows[raised.pk].state == "to_confirm"
    assert july.prefill(who.actor, YEAR, at=NOW) == 0
    assert made.counts_are_true()
    assert not typed(who, filled, "600,00").row.is_taken_over


def test_a_stranger_finds_nothing(lina: tuple[Owner, Tenancy]) -> None:
    _, of = lina
    stranger = owner()
    tenancy(stranger.landlord)
    made.campaign()
    with pytest.raises(NotFound):
        typed(stranger, of, "525")
    with pytest.raises(NotFound):
        july.confirm(stranger.actor, of.reference, year=YEAR, code="zero", cents=0, at=NOW)
    with pytest.raises(NotFound):
        july.save_rent(stranger.actor, uuid4(), year=YEAR, typed="525", at=NOW)
    assert not made.drafts_of()


def test_without_the_right_nothing_is_kept(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    reader = owner(who.landlord, rights=frozenset({Right.CONSULT}))
    with pytest.raises(NotAllowed):
        typed(reader, of, "525")
    with pytest.raises(NotAllowed):
        july.prefill(reader.actor, YEAR, at=NOW)
    assert not made.drafts_of()


def test_outside_any_campaign_nothing_is_kept() -> None:
    who = owner()
    with pytest.raises(NotInCampaign):
        typed(who, tenancy(who.landlord), "525")


def test_what_is_sent_is_read_only(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    typed(who, of, "525")
    made.sent(who)
    outcome = typed(who, of, "526")
    assert "déjà transmis" in outcome.sentence
    assert outcome.row.rent_cents == 52_500
    with pytest.raises(AlreadySubmitted):
        july.confirm(who.actor, of.reference, year=YEAR, code="zero", cents=0, at=NOW)
    assert made.counts_are_true()


def test_a_tenancy_out_of_the_campaign_is_not_in_the_grid(lina: tuple[Owner, Tenancy]) -> None:
    who, of = lina
    CampaignEntry.objects.filter(tenancy=of).update(state="out")
    assert grid_rows(who.actor, YEAR, state="tous").rows == []


def test_a_line_is_answered_as_it_would_be_read_again(lina: tuple[Owner, Tenancy]) -> None:
    """A saved line is told from its writing alone: whatever was typed, confirmed or removed, the reading says the same."""
    who, of = lina
    new = tenancy(who.landlord, start_on=date(2025, 9, 1))
    made.campaign()
    for tenant in (of, new):
        for text, before in (
            ("525", None), ("525", None), ("5 250", "500"), ("cinq cents", "x"), ("", None), ("900", ""), ("530,50", "520"), ("", ""),
        ):  # fmt: skip
            outcome = july.save_rent(who.actor, tenant.reference, year=YEAR, typed=text, previous_typed=before, at=NOW)
            assert [outcome.row] == rows_named(who.actor, YEAR, [tenant.reference]), (text, before)
            for warning in outcome.row.assessment.pending[:1]:
                july.confirm(
                    who.actor, tenant.reference, year=YEAR, code=warning.code, cents=outcome.row.rent_cents or 0,
                    reason="Travaux", at=NOW,
                )  # fmt: skip
                again = july.save_rent(
                    who.actor, tenant.reference, year=YEAR, typed=text, previous_typed=before, at=NOW
                )
                assert [again.row] == rows_named(who.actor, YEAR, [tenant.reference])
    assert made.counts_are_true()
