"""Bank statements: every shape is read, every bad one is told, and what matches is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from parvis.sheets import amounts, bank
from parvis.sheets.bank import BankLine, NotAStatement
from parvis.tenancies.selectors.payments.matching import Matching, is_from_an_office, match
from parvis.tenancies.selectors.payments.transfers import TransferLine

SAMPLES = Path(__file__).parents[2] / "samples" / "bank"
PAID = date(2026, 7, 5)
BOOKED = date(2026, 7, 6)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def transfer(cents: int = 60_000, *, ref: str = "VIR20260705", day: date = PAID) -> TransferLine:
    return TransferLine(uuid4(), day, ref, "441", "Caf", date(2026, 6, 1), 3, cents, cents, 0, 0, cents, None, "")


@pytest.mark.parametrize("name", ["montant.csv", "anglais.csv", "ancien.ofx", "recent.ofx", "releve-camt053.xml"])
def test_every_shape_is_read(name: str) -> None:
    found = bank.lines(sample(name))
    assert (found[0].day, found[0].cents) == (BOOKED, 60_000)
    assert is_from_an_office(found[0].label)
    assert match(found, [transfer()]).matched


def test_credit_and_debit_columns_after_a_heading() -> None:
    assert bank.lines(sample("debit-credit.csv")) == [
        BankLine(date(2026, 8, 5), 148_500, "06/08/26 CAF 44 ALLOCATION"),
        BankLine(date(2026, 8, 7), -1_200, "07/08/26 FRAIS"),
    ]


def test_only_booked_euros_of_a_camt_count_and_not_its_details() -> None:
    found = bank.lines(sample("releve-camt053.xml"))
    assert [(line.cents, line.day) for line in found] == [(60_000, BOOKED), (-4_500, date(2026, 8, 31))]
    assert found[0].label == "VIR20260705 CAF DE LOIRE-ATLANTIQUE AIDES AU LOGEMENT"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"x" * (bank.LARGEST + 1), "too_heavy"),
        (sample("entites.xml"), "damaged"),
        (sample("coupe.xml"), "damaged"),
        (sample("page.html"), "damaged"),
        (b"<?xml version='1.0'?><autre/>", "not_a_statement"),
        (b"%PDF-1.7 ...", "not_a_statement"),
        (b"\x89PNG\r\n\x1a\n", "not_a_statement"),
        (sample("sans-colonnes.csv"), "no_columns"),
        (b"Date;Montant\r\n", "no_lines"),
        (b"Date;Montant\r\n99/99/2026;x\r\n", "no_lines"),
        (b"<OFX><BANKTRANLIST></BANKTRANLIST></OFX>", "no_lines"),
        (b"\0\0\0\0", "not_a_statement"),
        ("Date;Montant\r\n日本;١٢٣\r\n".encode(), "no_lines"),
    ],
)
def test_a_bad_file_is_told_with_its_sentence(content: bytes, why: str) -> None:
    with pytest.raises(NotAStatement) as refused:
        bank.lines(content)
    assert refused.value.why in (why, "not_a_statement" if content.startswith(b"<html") else why)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,56", 123_456), ("1\u00a0234,56 €", 123_456), ("+600.00", 60_000), ("-12", -1_200), ("1.234,56", 123_456),
        ("1,234.56", 123_456), ("12,5", 1_250), ("600.000", 60_000_000), ("", None), ("abc", None), ("1e9", None), ("--1", None),
    ],
)  # fmt: skip
def test_amounts_as_banks_write_them(text: str, cents: int | None) -> None:
    assert amounts.cents_in(text) == cents


@pytest.mark.parametrize(
    "text", ["06/07/2026", "6/7/26", "2026-07-06", "20260706", "06.07.2026", "2026-07-06 10:12:00"]
)
def test_days_as_banks_write_them(text: str) -> None:
    assert bank.day_in(text) == BOOKED


def matched(lines: list[BankLine], *transfers: TransferLine) -> Matching:
    around = [BankLine(date(2026, 7, 1), -1, "x"), BankLine(date(2026, 7, 31), -1, "x")]
    return match([*lines, *around], transfers)


def test_the_reference_wins_over_the_nearest_day() -> None:
    first, second = transfer(ref="VIR1111"), transfer(ref="VIR2222")
    near, far = BankLine(PAID, 60_000, "CAF VIR2222"), BankLine(date(2026, 7, 20), 60_000, "CAF VIR1111")
    found = matched([near, far], first, second)
    assert {(pair.transfer.transfer_ref, pair.line.label) for pair in found.matched} == {
        ("VIR1111", "CAF VIR1111"), ("VIR2222", "CAF VIR2222"),
    }  # fmt: skip


def test_one_line_of_the_bank_is_one_transfer() -> None:
    found = matched([BankLine(BOOKED, 60_000, "CAF")], transfer(ref="AAAA"), transfer(ref="BBBB"))
    assert (len(found.matched), len(found.missing)) == (1, 1)


def test_another_amount_under_the_same_reference_is_told() -> None:
    found = matched([BankLine(BOOKED, 59_000, "CAF VIR20260705")], transfer())
    assert (found.matched, len(found.different), found.missing, found.excess) == ((), 1, (), ())


def test_what_the_office_is_not_known_to_have_paid_is_in_excess() -> None:
    found = matched([BankLine(BOOKED, 123, "VIR C.A.F. 44"), BankLine(BOOKED, 456, "LOYER M. CAFARD")])
    assert [line.cents for line in found.excess] == [123]
    assert found.others == 3


def test_a_transfer_of_the_last_days_may_still_come() -> None:
    found = matched([], transfer(), transfer(day=date(2026, 7, 29)), transfer(day=date(2026, 9, 1)), transfer(-5))
    assert ([len(found.missing), len(found.expected_later)]) == [1, 1]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("525.000", 52_500),
        ("525.0000", 52_500),
        ("-12.5", -1_250),
        ("1234.56", 123_456),
        ("525", 52_500),
        ("1,234.56", 123_456),
    ],
)
def test_in_marked_statements_the_only_sign_is_that_of_decimals(text: str, cents: int | None) -> None:
    assert amounts.marked_cents_in(text) == cents
