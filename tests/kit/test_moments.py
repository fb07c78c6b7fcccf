"""Moments to come: the day is said when it is not today, as people in Paris count days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parvis.kit.periods import at_hour, until

EVENING = datetime(2026, 11, 21, 21, 50, tzinfo=UTC)
"""Ten to eleven in the evening, in Paris."""


@pytest.mark.parametrize(
    ("later", "lasting", "possible"),
    [
        (timedelta(), "jusqu’à 22\u00a0h\u00a050", "à 22\u00a0h\u00a050"),
        (timedelta(minutes=69), "jusqu’à 23\u00a0h\u00a059", "à 23\u00a0h\u00a059"),
        (timedelta(minutes=70), "jusqu’à demain, 0\u00a0h\u00a000", "demain, à 0\u00a0h\u00a000"),
        (timedelta(days=1), "jusqu’à demain, 22\u00a0h\u00a050", "demain, à 22\u00a0h\u00a050"),
        (timedelta(days=2), "jusqu’au 23/11/2026, 22\u00a0h\u00a050", "le 23/11/2026 à 22\u00a0h\u00a050"),
    ],
)
def test_a_moment_to_come_says_its_day_when_it_is_not_today(later: timedelta, lasting: str, possible: str) -> None:
    assert until(EVENING + later, EVENING) == lasting
    assert at_hour(EVENING + later, EVENING) == possible


def test_the_night_the_clocks_change_is_counted_in_days_of_paris() -> None:
    before = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    assert until(before + timedelta(hours=23), before) == "jusqu’à 22\u00a0h\u00a030"
