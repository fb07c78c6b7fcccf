"""Dates and hours in any shape a person would write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parvis.kit.clock import PARIS
from parvis.kit.refusals import Refusal
from parvis.web.demonstration.typed import NO_SUCH_DAY, NOT_A_DATE, NOT_AN_HOUR, read_moment

HERE = datetime(2026, 7, 21, 7, 12, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "01/07/2026",
        "1/7/2026",
        "1/7/26",
        "01-07-2026",
        "1.7.2026",
        "01 07 2026",
        " 01 / 07 / 2026 ",
        "01072026",
        "2026-07-01",
        "2026/07/01",
        "1er juillet 2026",
        "1 juillet 2026",
        "1ER JUILLET 2026",
        "le 1er\u00a0juillet 2026",
        "mercredi 1er juillet 2026",
        "Mercredi 01/07/2026",
        "1er juil. 2026",
        "1er juillet",
        "１/７/２０２６",
    ],
)
def test_a_day_is_read_in_every_shape(typed: str) -> None:
    assert read_moment(typed, "", here=HERE) == datetime(2026, 7, 1, 9, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("typed", "day"), [("hier", 20), ("aujourd’hui", 21), ("Aujourd'hui", 21), ("demain", 22), ("après-demain", 23)]
)
def test_near_days_have_names(typed: str, day: int) -> None:
    assert read_moment(typed, "", here=HERE) == datetime(2026, 7, day, 9, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("typed", "month"), [("15 août 2026", 8), ("15 aout 2026", 8), ("15 Déc. 2026", 12), ("15 fév 2026", 2)]
)
def test_months_are_read_with_or_without_accents_and_short(typed: str, month: int) -> None:
    assert read_moment(typed, "midi", here=HERE) == datetime(2026, month, 15, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    "typed", ["14:05", "14h05", "14 h 05", "14\u00a0h\u00a005", "à 14h05", "14:05:00", "1405", "14.05", "14 heures 05"]
)
def test_an_hour_is_read_in_every_shape(typed: str) -> None:
    assert read_moment("01/07/2026", typed, here=HERE) == datetime(2026, 7, 1, 14, 5, tzinfo=PARIS)


@pytest.mark.parametrize(("typed", "hour"), [("9", 9), ("9h", 9), ("9 heures", 9), ("minuit", 0), ("Midi", 12)])
def test_whole_hours_need_no_minutes(typed: str, hour: int) -> None:
    assert read_moment("01/07/2026", typed, here=HERE) == datetime(2026, 7, 1, hour, tzinfo=PARIS)


@pytest.mark.parametrize(
    "typed",
    ["2026-07-01T14:05", "2026-07-01T14:05:30", "2026-07-01 14:05", "1er juillet 2026 à 14h05", "01/07/2026 14:05"],
)
def test_both_may_stand_in_one_field(typed: str) -> None:
    assert read_moment(typed, "", here=HERE) == datetime(2026, 7, 1, 14, 5, tzinfo=PARIS)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "bientôt",
        "juillet",
        "1 ju 2026",
        "1 xyz 2026",
        "2026",
        "1/7/126",
        "٠١/٠٧/٢٠٢٦x",
        "<b>1</b>",
        "' OR 1=1",
        "1" * 10_000,
    ],
)
def test_what_is_no_date_is_told_how_to_write_one(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_moment(typed, "", here=HERE)
    assert (refused.value.sentence, refused.value.field) == (NOT_A_DATE, "day")


@pytest.mark.parametrize("typed", ["31/02/2026", "30 février 2026", "2026-13-01", "00/00/0000"])
def test_a_day_that_does_not_exist_says_so(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_moment(typed, "", here=HERE)
    assert refused.value.sentence == NO_SUCH_DAY


@pytest.mark.parametrize("typed", ["25:00", "9h75", "tôt", "-1", "9" * 10_000, "12:"[::-1]])
def test_what_is_no_hour_is_told_how_to_write_one(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_moment("01/07/2026", typed, here=HERE)
    assert (refused.value.sentence, refused.value.field) == (NOT_AN_HOUR, "hour")
