"""Transfers, statements, changes, recoveries, years: what adds up, in which order, for whom."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from parvis.kit.refusals import NotFound
from parvis.tenancies.models import Tenancy, Transfer
from parvis.tenancies.selectors.payments import (
    changes,
    finding,
    recoveries,
    statement,
    tenant,
    transfers,
    yearly,
)
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy
from tests.tenancies.payments.conftest import JULY, JUNE, TODAY, seen

pytestmark = pytest.mark.django_db


def last(me: Owner) -> transfers.TransferLine:
    return transfers.transfers_page(seen(me), 2026).lines[0]


def shown(me: Owner, found: changes.Changes) -> tuple[changes.Change, ...]:
    return changes.change_page(seen(me), last(me), found).shown


def test_a_transfer_says_how_it_differs_from_the_month_before(me: Owner, two_months: dict[str, Tenancy]) -> None:
    found = transfers.transfers_page(seen(me), 2026).lines
    assert [(line.total_cents, line.gap_cents, line.tenancies) for line in found] == [
        (48_500, -11_500, 3),
        (60_000, None, 3),
    ]
    assert transfers.total_of(seen(me), 2026, today=TODAY) == 108_500
    assert transfers.years_of(seen(me), today=TODAY) == [2026]


def test_the_changes_add_up_to_the_difference(me: Owner, two_months: dict[str, Tenancy]) -> None:
    found = changes.changes_of(seen(me), last(me))
    assert found is not None
    assert [(item.kind, item.tenancies, item.cents) for item in found.counts] == [
        ("new", 1, 23_600), ("revised", 1, -5_000), ("stopped", 1, -20_000), ("back_payment", 1, 1_000), ("recovery", 1, -11_100),
    ]  # fmt: skip
    assert sum(item.cents for item in found.counts) == last(me).gap_cents
    assert [(item.kind, item.name, item.reasons) for item in shown(me, found)][:2] == [
        ("new", "Lina New", ()), ("revised", "Lina Moves", ("quarterly_review",)),
    ]  # fmt: skip


def test_a_first_transfer_has_nothing_to_be_compared_with(me: Owner) -> None:
    payment(tenancy(me.landlord), JUNE, 100)
    assert changes.changes_of(seen(me), last(me)) is None


def test_who_was_paid_before_is_back_not_new(me: Owner) -> None:
    back, other = tenancy(me.landlord), tenancy(me.landlord)
    payment(back, date(2026, 4, 1), 100)
    for month in (JUNE, JULY):
        payment(other, month, 100)
    payment(back, JULY, 100)
    found = changes.changes_of(seen(me), last(me))
    assert found is not None
    assert [item.kind for item in found.counts] == ["resumed"]


def test_an_aid_paid_late_is_not_an_increase(me: Owner) -> None:
    late = tenancy(me.landlord)
    other = tenancy(me.landlord)
    for month in (JUNE, JULY):
        payment(other, month, 100)
    payment(late, JUNE, 700, paid_on=date(2026, 8, 5))
    payment(late, JULY, 700)
    found = changes.changes_of(seen(me), last(me))
    assert found is not None
    assert [(item.kind, item.cents) for item in found.counts] == [("new", 700), ("late", 700)]


def test_a_stop_is_explained_by_what_the_landlord_may_know(me: Owner, two_months: dict[str, Tenancy]) -> None:
    def told() -> tuple[str, ...]:
        found = changes.changes_of(seen(me), last(me))
        assert found is not None
        return next(item.reasons for item in shown(me, found) if item.kind == "stopped")

    assert told() == ()
    Tenancy.objects.filter(pk=two_months["stopped"].pk).update(direct_payment=False)
    assert told() == ("direct_payment_ended",)
    Tenancy.objects.filter(pk=two_months["stopped"].pk).update(end_on=date(2026, 7, 1))
    assert told() == ("move_out",)
    Tenancy.objects.filter(pk=two_months["stopped"].pk).update(landlord=owner().landlord)
    assert told() == ()


def test_a_large_transfer_is_compared_as_a_whole(
    me: Owner, two_months: dict[str, Tenancy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ADDED_UP_TO", 2)
    found = changes.changes_of(seen(me), last(me))
    assert found is not None
    assert [(item.kind, item.tenancies, item.cents) for item in found.counts] == [
        ("revised", None, -1_400), ("back_payment", None, 1_000), ("recovery", None, -11_100),
    ]  # fmt: skip
    assert found.total is None


def test_the_two_pay_days_of_a_month_are_not_mixed_up(me: Owner) -> None:
    early, apl = tenancy(me.landlord), tenancy(me.landlord)
    for month, year_month in ((JUNE, 7), (JULY, 8)):
        payment(early, month, 100, paid_on=date(2026, year_month, 5))
        payment(apl, month, 900, paid_on=date(2026, year_month, 24))
    found = transfers.transfers_page(seen(me), 2026).lines
    assert [(line.is_late_in_the_month, line.gap_cents) for line in found] == [
        (True, 0), (False, 0), (True, None), (False, None),
    ]  # fmt: skip


def test_a_change_is_explained_by_its_own_lines(me: Owner, two_months: dict[str, Tenancy]) -> None:
    """A back-payment that ended is not explained by what is withheld from the same tenant."""
    payment(two_months["stays"], date(2026, 5, 1), 4_200, kind="back_payment", paid_on=date(2026, 7, 5))
    found = changes.changes_of(seen(me), last(me))
    assert found is not None
    theirs = {item.kind: item for item in shown(me, found) if "Stays" in item.name}
    assert (theirs["back_payment"].now_cents, theirs["back_payment"].reasons) == (0, ())
    assert theirs["recovery"].reasons == ("overpayment",)


def test_transfers_are_read_page_by_page_both_ways(me: Owner) -> None:
    flat = tenancy(me.landlord)
    for day in range(1, 8):
        payment(flat, JUNE, 100 + day, paid_on=date(2026, 7, day))
    first = transfers.transfers_page(seen(me), 2026, limit=3)
    second = transfers.transfers_page(seen(me), 2026, after=first.following, limit=3)
    third = transfers.transfers_page(seen(me), 2026, after=second.following, limit=3)
    days = [[line.paid_on.day for line in shown.lines] for shown in (first, second, third)]
    assert days == [[7, 6, 5], [4, 3, 2], [1]]
    assert (first.previous, third.following) == (None, None)
    back = transfers.transfers_page(seen(me), 2026, before=third.previous, limit=3)
    assert back == second
    assert transfers.transfers_page(seen(me), 2026, after=uuid4(), limit=3) == first


@pytest.mark.parametrize("by_name", [True, False])
def test_a_statement_is_read_tenant_by_tenant(me: Owner, by_name: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not by_name:
        monkeypatch.setattr(statement, "BY_NAME_UP_TO", 0)
    for number in range(7):
        flat = tenancy(me.landlord, last_name=f"Nom{number}")
        payment(flat, JUNE, 100 + number)
        payment(flat, date(2026, 5, 1), 5, kind="back_payment", paid_on=date(2026, 7, 5))
    found = last(me)
    first = statement.lines_page(seen(me), found, limit=3)
    second = statement.lines_page(seen(me), found, after=first.following, limit=3)
    third = statement.lines_page(seen(me), found, after=second.following, limit=3)
    names = [[line.name for line in shown.lines] for shown in (first, second, third)]
    assert names == [[f"Lina Nom{n}" for n in three for _ in "ab"] for three in ((0, 1, 2), (3, 4, 5), (6,))]
    assert (first.previous, third.following) == (None, None)
    assert statement.lines_page(seen(me), found, before=third.previous, limit=3) == second
    monkeypatch.setattr(statement, "EXPORTED_AT_ONCE", 2)
    assert [line.name for line in statement.all_lines(seen(me), found)] == [name for part in names for name in part]


def test_a_line_says_what_was_paid_for_which_month_and_why(me: Owner, two_months: dict[str, Tenancy]) -> None:
    found = statement.lines_page(seen(me), last(me)).lines
    assert [(line.name, line.month.month, line.total_cents, line.reasons) for line in found] == [
        ("Lina Moves", 7, 15_000, ("quarterly_review",)), ("Lina New", 6, 1_000, ()), ("Lina New", 7, 23_600, ()),
        ("Lina Stays", 3, -11_100, ("overpayment",)), ("Lina Stays", 7, 20_000, ()),
    ]  # fmt: skip
    assert sum(line.total_cents for line in found) == last(me).total_cents


def test_what_was_withheld_is_listed_newest_first(
    me: Owner, two_months: dict[str, Tenancy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recoveries, "PAGE", 2)
    for day in (6, 7):
        payment(two_months["stays"], JUNE, -day, kind="recovery", paid_on=date(2026, 8, day))
    first = recoveries.recoveries_page(seen(me))
    assert [line.cents for line in first.lines] == [-7, -6]
    assert first.lines[0].transfer == Transfer.objects.get(paid_on=date(2026, 8, 7)).reference
    second = recoveries.recoveries_page(seen(me), after=first.following)
    assert [line.cents for line in second.lines] == [-11_100]
    assert recoveries.recoveries_page(seen(me), before=second.previous) == first
    assert len(list(recoveries.recoveries_to_export(seen(me)))) == 3


def test_the_year_adds_up_in_every_direction(me: Owner, two_months: dict[str, Tenancy]) -> None:
    found = yearly.year_of(seen(me), 2026, today=date(2026, 12, 31))
    assert found.tenants is not None
    sums = {sum(item.total_cents for item in part) for part in (found.months, found.offices, found.tenants)}
    assert sums == {108_500, found.whole.total_cents}
    assert found.whole.transfers == 2
    with pytest.raises(NotFound):
        yearly.year_of(seen(me), 2024, today=date(2026, 12, 31))


def test_a_year_of_too_many_lines_is_not_added_up_by_tenant(
    me: Owner, two_months: dict[str, Tenancy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yearly, "LINES_ADDED_UP_TO", 3)
    assert yearly.year_of(seen(me), 2026, today=date(2026, 12, 31)).tenants is None


def test_a_tenant_s_history_says_its_gaps(me: Owner) -> None:
    flat = tenancy(me.landlord)
    for month in (4, 5, 7):
        payment(flat, date(2026, month, 1), 100)
    found = tenant.payments_of_tenant(seen(me), flat.reference, year=None, today=TODAY)
    assert [item.total_cents for item in found.months] == [0, 0, 0, 100, 100, 0, 100, 0]
    assert found.months[5].figures.note == "aucun versement pour ce mois."
    assert found.months[6].lines[0].transfer is not None
    assert len(tenant.lines_of_tenant(seen(me), flat.reference).lines) == 3


def test_rents_are_for_those_who_may_consult(me: Owner) -> None:
    flat = tenancy(me.landlord)
    payment(flat, JULY, 100)
    found = tenant.payments_of_tenant(seen(me), flat.reference, year=2026, today=TODAY)
    assert {item.figures.rent_cents for item in found.months} == {None}


def test_a_transfer_is_found_by_its_amount_or_its_day(me: Owner, two_months: dict[str, Tenancy]) -> None:
    assert [line.paid_on.month for line in finding.transfers_found(seen(me), cents=48_500)] == [8]
    assert [line.paid_on.month for line in finding.transfers_found(seen(me), day=date(2026, 7, 7))] == [7]
    assert finding.transfers_found(seen(me), cents=1) == []
    assert len(finding.transfers_found(seen(me), day=date.max)) == 0
