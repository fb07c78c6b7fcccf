"""Which moment it is, here and elsewhen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from parvis.kit import clock

ELSEWHEN = datetime(2026, 9, 25, 12, 30, tzinfo=UTC)


@pytest.fixture
def elsewhen(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", True)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kit_work_date")
        return int(cursor.fetchone()[0])


def near(moment: datetime) -> bool:
    return abs(clock.now() - moment) < timedelta(seconds=5)


@pytest.mark.usefixtures("elsewhen")
def test_a_demonstration_lives_at_the_date_it_was_told_and_time_goes_on() -> None:
    clock.live_at(ELSEWHEN)
    assert near(ELSEWHEN)
    first = clock.now()
    assert clock.now() > first


@pytest.mark.usefixtures("elsewhen")
def test_the_last_jump_counts_and_leaves_one_row() -> None:
    clock.live_at(ELSEWHEN)
    clock.live_at(ELSEWHEN - timedelta(days=400))
    assert near(ELSEWHEN - timedelta(days=400))
    assert rows() == 1


@pytest.mark.usefixtures("elsewhen")
def test_coming_back_to_the_real_date_leaves_nothing() -> None:
    clock.live_at(ELSEWHEN)
    clock.live_now()
    assert near(datetime.now(UTC))
    assert rows() == 0


@pytest.mark.django_db
def test_nowhere_else_can_the_date_be_moved() -> None:
    with pytest.raises(clock.OneDateOnly):
        clock.live_at(ELSEWHEN)
    with pytest.raises(clock.OneDateOnly):
        clock.live_now()
    assert rows() == 0


@pytest.mark.django_db
def test_a_date_left_in_the_database_moves_nobody_but_a_demonstration() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kit_work_date (shift) VALUES (interval '90 days')")
    assert near(datetime.now(UTC))


def test_the_day_is_the_one_of_paris() -> None:
    assert clock.day_in_paris(datetime(2026, 7, 20, 22, 30, tzinfo=UTC)).day == 21
