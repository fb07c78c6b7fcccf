"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.kit.days import (
    NotADay,
    is_public_holiday,
    month_end,
    months_later,
    months_spelled,
    read_day,
    read_day_or_month,
    read_month,
    working_days_before,
)


@pytest.mark.parametrize(
    "written",
    [
        "31/07/2026",
        "31-7-26",
        "31.07.2026",
        "2026-07-31",
        "31 juillet 2026",
        "31 JUIL 2026",
        "31 juil. 2026",
        " 31 07 2026 ",
    ],
)
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert read_day(written) == date(2026, 7, 31)


def test_the_first_is_written_1er() -> None:
    assert read_day("1er août 2026") == date(2026, 8, 1)


@pytest.mark.parametrize(
    "written", ["", "31/02/2026", "07/31/2026", "31/07", "demain", "31/07/0026", "31 juillemars 2026", "٣/٧/2026"]
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(NotADay):
        read_day(written)


@pytest.mark.parametrize("written", ["07/2026", "2026-07", "juillet 2026", "juil 2026", "7/2026"])
def test_a_month_is_its_first_day(written: str) -> None:
    assert read_month(written) == date(2026, 7, 1)
    assert read_day_or_month(written) == date(2026, 7, 1)


def test_months_later_keep_to_the_end_of_short_months() -> None:
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_later(date(2027, 1, 5), 3) == date(2027, 4, 5)
    assert months_later(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)


def test_few_months_are_spelled() -> None:
    assert (months_spelled(1), months_spelled(2), months_spelled(24)) == ("un mois", "deux mois", "24\u00a0mois")


@pytest.mark.parametrize(
    ("day", "count", "before"),
    [
        (date(2026, 7, 17), 1, date(2026, 7, 16)),
        (date(2026, 7, 20), 1, date(2026, 7, 17)),
        (date(2026, 7, 19), 1, date(2026, 7, 17)),
        (date(2026, 7, 15), 1, date(2026, 7, 13)),
        (date(2026, 7, 15), 3, date(2026, 7, 9)),
        (date(2026, 5, 26), 1, date(2026, 5, 22)),
        (date(2027, 1, 4), 1, date(2026, 12, 31)),
        (date(2026, 7, 15), 0, date(2026, 7, 15)),
    ],
)
def test_neither_week_ends_nor_holidays_are_worked(day: date, count: int, before: date) -> None:
    assert working_days_before(day, count) == before


@pytest.mark.parametrize(
    ("year", "monday"), [(2024, (4, 1)), (2025, (4, 21)), (2026, (4, 6)), (2027, (3, 29)), (2038, (4, 26))]
)
def test_the_holidays_that_move_follow_easter(year: int, monday: tuple[int, int]) -> None:
    first = date(year, *monday)
    assert is_public_holiday(first)
    assert is_public_holiday(date.fromordinal(first.toordinal() + 38))
    assert is_public_holiday(date.fromordinal(first.toordinal() + 49))
    assert not is_public_holiday(date.fromordinal(first.toordinal() + 1))
