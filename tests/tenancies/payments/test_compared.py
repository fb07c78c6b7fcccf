"""A long transfer is compared once, by the worker: what is kept says what a page would have worked out, until lines change."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from parvis.tenancies.models import Payment, Tenancy, Transfer, TransferChange
from parvis.tenancies.selectors import payments
from parvis.tenancies.selectors.payments import changes, transfers
from parvis.tenancies.services.transfers import add_up, comparing, rebuild
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy
from tests.tenancies.payments.conftest import JULY, JUNE, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(me: Owner, two_months: dict[str, Tenancy], monkeypatch: pytest.MonkeyPatch) -> dict[str, Tenancy]:
    """Two months, the transfers of which are long ones."""
    monkeypatch.setattr(payments, "COMPARED_BEYOND", 1)
    rebuild()
    return two_months


def last(me: Owner) -> transfers.TransferLine:
    return transfers.transfers_page(seen(me), 2026).lines[0]


def told(me: Owner) -> changes.Changes:
    found = changes.changes_of(seen(me), last(me))
    assert found is not None
    return found


def page(me: Owner, kind: str = "", start: int = 1, limit: int = 50) -> changes.ChangePage:
    return changes.change_page(seen(me), last(me), told(me), kind=kind, start=start, limit=limit)


def test_what_is_kept_is_what_a_page_would_work_out(me: Owner, long: dict[str, Tenancy]) -> None:
    worked_out, lines = told(me), page(me).shown
    assert not worked_out.are_kept
    assert comparing.compare_due() == 2
    assert comparing.compare_due() == 0
    kept = told(me)
    assert kept.are_kept
    assert (kept.counts, page(me).shown) == (worked_out.counts, lines)
    assert [item.place for item in lines] == [1, 2, 3, 4, 5]
    assert sum(item.cents for item in kept.counts) == last(me).gap_cents


@pytest.mark.parametrize("is_kept", [True, False])
def test_changes_are_read_page_by_page_and_kind_by_kind(
    me: Owner, long: dict[str, Tenancy], is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        flat = tenancy(me.landlord, last_name=f"Nom{number}")
        payment(flat, JUNE, 100)
        payment(flat, JULY, 200 + number)
    if is_kept:
        comparing.compare_due()
    whole = page(me)
    assert (len(whole.shown), whole.previous, whole.following) == (10, None, None)
    first = page(me, limit=4)
    assert (first.shown, first.previous, first.following) == (whole.shown[:4], None, 5)
    last_one = page(me, start=9, limit=4)
    assert (last_one.shown, last_one.previous, last_one.following) == (whole.shown[8:], 5, None)
    revised = page(me, "revised", limit=4)
    assert [item.name for item in revised.shown] == ["Lina Moves", "Lina Nom0", "Lina Nom1", "Lina Nom2"]
    assert page(me, "revised", start=revised.following or 0, limit=4).previous == revised.shown[0].place
    assert page(me, "revised", start=1_000).shown == page(me, "revised").shown, "a place that is not theirs is not said"
    assert page(me, "late").shown == ()
    monkeypatch.setattr(changes, "READ_AT_ONCE", 2)
    blocks = list(changes.every_change(seen(me), last(me), told(me), kind="revised"))
    assert [item for block in blocks for item in block] == list(page(me, "revised").shown)
    assert len(blocks) == (3 if is_kept else 1)


def test_a_transfer_too_long_for_a_page_has_its_lines_once_it_is_compared(
    me: Owner, long: dict[str, Tenancy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "ADDED_UP_TO", 2)
    assert told(me).total is None
    assert page(me).shown == ()
    comparing.compare_due()
    assert told(me).total == 5
    assert len(page(me).shown) == 5


def test_a_line_that_changes_has_its_transfer_and_the_next_compared_again(me: Owner, long: dict[str, Tenancy]) -> None:
    payment(long["stays"], date(2026, 8, 1), 20_000)
    payment(long["moves"], date(2026, 8, 1), 15_000)
    comparing.compare_due()
    Payment.objects.filter(tenancy=long["moves"], month=JULY).update(amount_cents=16_000)
    due = Transfer.objects.filter(is_comparison_due=True)
    assert not due.exists()
    touch(me, date(2026, 8, 5))
    assert sorted(due.values_list("paid_on", flat=True)) == [date(2026, 8, 5), date(2026, 9, 5)]
    assert not told(me).are_kept, "nothing is said from what no longer holds"
    comparing.compare_due()
    revised = page(me, "revised").shown
    assert [(item.before_cents, item.now_cents) for item in revised] == [(16_000, 15_000)]


def touch(me: Owner, day: date) -> None:
    """What the merge of a delivery does after lines of that day changed."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE feed_touched_transfers (landlord_id uuid, paid_on date, transfer_ref text)")
        cursor.execute(
            "INSERT INTO feed_touched_transfers VALUES (%s, %s, %s)", [me.landlord.pk, day, f"VIR{day:%Y%m%d}"]
        )
    add_up("feed_touched_transfers")


def test_short_transfers_are_never_compared_by_the_worker(me: Owner, two_months: dict[str, Tenancy]) -> None:
    assert comparing.compare_due() == 0
    assert not TransferChange.objects.exists()


def test_a_first_transfer_is_compared_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "COMPARED_BEYOND", 1)
    me = owner()
    for _ in range(2):
        payment(tenancy(me.landlord), JUNE, 100)
    assert comparing.compare_due() == 1
    assert not TransferChange.objects.exists()
    assert changes.changes_of(seen(me), last(me)) is None


def test_a_transfer_that_is_no_more_leaves_no_change(me: Owner, long: dict[str, Tenancy]) -> None:
    comparing.compare_due()
    gone = last(me).reference
    assert TransferChange.objects.filter(transfer=gone).count() == 5
    Payment.objects.filter(paid_on=date(2026, 8, 5)).update(transfer_ref="OTHER")
    rebuild()
    assert not TransferChange.objects.filter(transfer=gone).exists()
    comparing.compare_due()
    assert told(me).total == 5
