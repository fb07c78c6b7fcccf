"""What is kept of each transfer agrees with its lines, whatever way they came in."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.exchange.models import SetAsideLine
from parvis.tenancies.models import Payment, Transfer
from parvis.tenancies.services import fresh, transfers
from tests.exchange.inbox import PAYMENT, TENANCY, Inbox

OTHER = TENANCY | {"claimant_number": "1593740", "tenancy_ref": "L0593740", "last_name": "Petit"}
AID = PAYMENT
ITS_AID = PAYMENT | {
    "payment_ref": "P0002",
    "claimant_number": "1593740",
    "tenancy_ref": "L0593740",
    "amount_cents": "10000",
}
BACK = PAYMENT | {"payment_ref": "P0003", "kind": "back_payment", "month": "2026-05", "amount_cents": "500"}
RECOVERY = PAYMENT | {
    "payment_ref": "P0004",
    "kind": "recovery",
    "month": "2026-03",
    "amount_cents": "-11100",
    "reason_code": "overpayment",
}


def kept() -> list[tuple[object, ...]]:
    names = ("transfer_ref", "aid_cents", "back_payment_cents", "recovery_cents", "total_cents", "lines", "tenancies")
    return list(Transfer.objects.order_by("paid_on", "transfer_ref").values_list(*names))


@pytest.fixture
def delivered(furnished: Inbox) -> Inbox:
    furnished.take(2, {"tenancies": [TENANCY, OTHER], "payments": [AID, ITS_AID, BACK, RECOVERY]})
    return furnished


def test_a_delivery_adds_its_transfers_up(delivered: Inbox) -> None:
    assert kept() == [("VIR1", 29_977, 500, -11_100, 19_377, 4, 2)]
    assert str(Transfer.objects.get().month) == "2026-07-01"


def test_a_line_that_changes_changes_its_transfer_and_keeps_its_address(delivered: Inbox) -> None:
    before = Transfer.objects.get().reference
    delivered.take(3, {"payments": [AID | {"amount_cents": "20000"}]})
    assert kept() == [("VIR1", 30_000, 500, -11_100, 19_400, 4, 2)]
    assert Transfer.objects.get().reference == before


def test_a_line_that_moves_leaves_one_transfer_for_another(delivered: Inbox) -> None:
    delivered.take(3, {"payments": [ITS_AID | {"transfer_ref": "VIR2", "paid_on": "2026-08-06"}]})
    assert [(row[0], row[4]) for row in kept()] == [("VIR1", 9_377), ("VIR2", 10_000)]


def test_a_transfer_without_lines_is_no_more(delivered: Inbox) -> None:
    delivered.take(3, {"payments": [row | {"transfer_ref": "VIR9"} for row in (AID, ITS_AID, BACK, RECOVERY)]})
    assert [row[0] for row in kept()] == ["VIR9"]


def test_the_same_delivery_again_changes_nothing(delivered: Inbox) -> None:
    before = kept()
    delivered.take(3, {"payments": [AID, ITS_AID, BACK, RECOVERY]})
    assert kept() == before
    assert transfers.rebuild() == 0


def test_the_command_finds_what_the_writes_keep(delivered: Inbox) -> None:
    delivered.take(3, {"payments": [AID | {"amount_cents": "1"}, BACK | {"transfer_ref": "VIR3"}]})
    before = kept()
    assert transfers.rebuild() == 0
    Payment.objects.filter(payment_ref="P0002").delete()
    Transfer.objects.filter(transfer_ref="VIR3").update(aid_cents=7)
    assert transfers.rebuild() == 2
    assert kept() != before
    assert transfers.rebuild() == 0


def test_a_first_big_delivery_adds_up_too(furnished: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fresh, "BIG", 2)
    assert fresh.is_fresh("tenancies_payment", 2)
    furnished.take(2, {"tenancies": [TENANCY, OTHER], "payments": [AID, ITS_AID]})
    assert kept() == [("VIR1", 29_977, 0, 0, 29_977, 2, 2)]
    assert transfers.rebuild() == 0


def test_what_remains_to_be_withheld_comes_with_the_line_and_may_change(delivered: Inbox) -> None:
    assert Payment.objects.get(payment_ref="P0004").remaining_cents is None
    for sequence, rest in ((3, "2500"), (4, "0"), (5, "")):
        delivered.take(sequence, {"payments": [RECOVERY | {"remaining_cents": rest}]})
        assert Payment.objects.get(payment_ref="P0004").remaining_cents == (int(rest) if rest else None)
    assert len(kept()) == 1


def test_an_aid_of_nothing_says_why_and_pays_nobody(delivered: Inbox) -> None:
    delivered.take(3, {"payments": [ITS_AID | {"amount_cents": "0", "reason_code": "file_pending"}]})
    assert [row[-1] for row in kept()] == [1]


def test_the_end_of_the_account_comes_with_the_lines_and_may_change(delivered: Inbox) -> None:
    lines = [AID, ITS_AID, BACK, RECOVERY]
    prints = dict(Payment.objects.values_list("payment_ref", "line_hash"))
    delivered.take(3, {"payments": [line | {"account_last4": ""} for line in lines]})
    assert dict(Payment.objects.values_list("payment_ref", "line_hash")) == prints, "a line that says none is as before"
    for sequence, last4 in ((4, "0189"), (5, "12AB"), (6, "")):
        delivered.take(sequence, {"payments": [line | {"account_last4": last4} for line in lines]})
        assert Transfer.objects.get().account_last4 == last4
    delivered.take(7, {"payments": [AID | {"account_last4": "0189"}]})
    assert Transfer.objects.get().account_last4 == "", "its other lines do not say so"


def test_a_whole_iban_is_refused_and_repeated_nowhere(delivered: Inbox) -> None:
    iban = "FR7630003567230329491695382"
    delivered.take(3, {"payments": [AID | {"payment_ref": "P0009", "account_last4": iban}]})
    aside = SetAsideLine.objects.get()
    assert (aside.field, iban in aside.sentence) == ("account_last4", False)
    assert not Payment.objects.filter(payment_ref="P0009").exists()
