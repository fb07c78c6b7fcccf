"""What was typed before it was asked whose rent it is waits to be confirmed: it does not leave without an answer."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse

from parvis.declarations.models import Declaration
from parvis.declarations.rules import DRAFT
from parvis.declarations.selectors import grid_rows, ready_to_submit
from parvis.declarations.services import july
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import live_at

MOVING = import_module("parvis.declarations.migrations.0030_move_drafts")
pytestmark = pytest.mark.django_db


def typed_before(me: Owner, of: Tenancy, text: str) -> None:
    """As the release before kept it: a declaration in draft, ready, without a word on whose rent it is."""
    row = made.typed(me, of, text).row
    for warning in row.assessment.pending:
        july.confirm(me.actor, of.reference, year=YEAR, code=warning.code, cents=row.rent_cents or 0, at=NOW)
    as_before()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE declarations_declaration SET details = details - 'amount_is', warnings = '[]', confirmed = '[]'"
            " WHERE tenancy_id = %s AND state = 'draft'",
            [of.pk],
        )
    assert made.state_of(of) == "drafted"


def as_before() -> None:
    """Drafts where the release before had them: the other way of the migration that moves them, by the uniqueness of today."""
    then = "WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))"
    assert MOVING.BACK.count(then) == 1
    with connection.cursor() as cursor:
        cursor.execute(MOVING.BACK.replace(then, f"{then} AND NOT revises"))
        cursor.execute(MOVING.EMPTY)


def release() -> None:
    """What the new release does to what was typed before it."""
    with connection.cursor() as cursor:
        cursor.execute(import_module("parvis.declarations.migrations.0025_whose_rent_is_asked").ASK)
        cursor.execute(MOVING.MOVE)


def rented(me: Owner, name: str, *, holders: int, known: int | None = 52_400) -> Tenancy:
    of = tenancy(me.landlord, last_name=name, lease_holders=holders)
    if known is not None:
        july_rent(of, YEAR - 1, known)
    return of


def test_it_is_asked_before_it_leaves_and_only_where_it_would_be_asked_today(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)
    me = owner()
    shared, alone, of_all = (
        rented(me, name, holders=holders, known=known)
        for name, holders, known in (("Abadie", 2, 52_400), ("Benali", 1, 52_400), ("Celik", 2, 105_000))
    )
    made.campaign()
    for of in (shared, alone, of_all):
        typed_before(me, of, "525")
    assert not made.drafts_of()
    for _ in range(2):
        release()
        assert [made.state_of(of) for of in (shared, alone, of_all)] == ["to_confirm", "drafted", "drafted"]
        assert made.counts_are_true()
        assert [draft.warnings for draft in made.drafts_of()] == [["share_or_whole"], [], []]
        assert not Declaration.objects.exists(), "a draft is in one place"
        as_before()
    release()
    assert ready_to_submit(me.actor, YEAR).count == 2
    page = me.browser().get(reverse("july-rents", args=[me.account.reference]), {"etat": "saisis"}).content.decode()
    assert "est-ce bien la part de ce locataire" in page
    (row,) = [row for row in grid_rows(me.actor, YEAR).rows if row.reference == shared.reference]
    july.confirm(me.actor, shared.reference, year=YEAR, code="share_or_whole", cents=row.rent_cents or 0, at=NOW)
    assert made.state_of(shared) == "drafted"
    made.sent(me)
    assert Declaration.objects.get(tenancy=shared).details["amount_is"] == "share"
    assert made.counts_are_true()


def test_what_was_sent_already_is_left_alone() -> None:
    me = owner()
    shared = rented(me, "Abadie", holders=2)
    made.campaign()
    typed_before(me, shared, "525")
    with connection.cursor() as cursor:
        cursor.execute(MOVING.MOVE)
    made.sent(me)
    release()
    assert made.state_of(shared) == "submitted"
    assert made.counts_are_true()


@pytest.mark.parametrize(("late", "kept"), [(timedelta(hours=1), "530"), (-timedelta(hours=1), "525")])
def test_what_a_former_process_wrote_after_the_move_is_taken_by_moving_again(late: timedelta, kept: str) -> None:
    me = owner()
    both, left, other = (rented(me, name, holders=1) for name in ("Abadie", "Benali", "Celik"))
    made.campaign()
    for of in (both, left, other):
        made.typed(me, of, "525")
    left.campaign_entries.update(**dict.fromkeys(DRAFT))
    for of, text in ((both, "530"), (left, "531")):
        Declaration.objects.create(
            kind="july_rent", tenancy=of, landlord=me.landlord, account=me.account, year=YEAR, typed=text, state="draft",
            details={"year": YEAR, "rent_cents": int(text) * 100, "furnished": False, "lease_holders": 1}, saved_at=NOW + late,
        )  # fmt: skip
    as_before()
    release()
    assert [(draft.typed, draft.cents) for draft in made.drafts_of()] == [
        (kept, int(kept) * 100), ("531", 53_100), ("525", 52_500),
    ]  # fmt: skip
    made.sent(me)
    assert Declaration.objects.filter(state="submitted").count() == 3
    assert made.counts_are_true()
