"""Nobody is asked twice in a quarter, an opinion counts once, and nothing kept with it says whose it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from parvis.kit.actors import Actor, ActorKind, Duty, operator
from parvis.kit.refusals import DutyMissing, Refusal
from parvis.opinions import selectors, services
from parvis.opinions.models import Asked, HelpFigure, OpinionFigure, Remark
from parvis.opinions.rules import Journey, read_remark, read_score
from parvis.parameters.catalogue import KEEP_OPINIONS
from parvis.upkeep import retention

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
AGENT = operator("test")
pytestmark = pytest.mark.django_db


def test_a_person_is_asked_once_a_quarter() -> None:
    assert services.may_ask(1, at=NOW)
    assert not services.may_ask(1, at=NOW)
    assert services.may_ask(2, at=NOW), "somebody else"
    assert not services.may_ask(1, at=NOW + timedelta(days=90))
    assert services.may_ask(1, at=NOW + timedelta(days=91))
    assert Asked.objects.count() == 2


def test_an_opinion_counts_once_and_only_where_it_was_asked() -> None:
    assert not services.answer(1, Journey.JULY, "5", "", at=NOW), "nobody asked"
    services.may_ask(1, at=NOW)
    assert services.answer(1, Journey.JULY, "4", " Moins de pages. ", at=NOW)
    assert not services.answer(1, Journey.JULY, "1", "Encore", at=NOW)
    services.may_ask(2, at=NOW)
    assert services.answer(2, Journey.JULY, "4", "", at=NOW)
    (figure,) = OpinionFigure.objects.all()
    assert (figure.journey, figure.month, figure.score, figure.answers) == ("juillet", date(2026, 11, 1), 4, 2)
    assert list(Remark.objects.values_list("journey", "month", "score", "words")) == [
        ("juillet", date(2026, 11, 1), 4, "Moins de pages.")
    ]
    services.may_ask(3, at=NOW)
    assert not services.answer(3, Journey.JULY, "3", "", at=NOW + timedelta(days=91)), "asked too long ago"


def test_what_is_kept_says_nothing_of_its_author() -> None:
    names = {field.name for model in (OpinionFigure, Remark) for field in model._meta.get_fields()}
    assert names == {"id", "journey", "month", "score", "answers", "words"}
    assert {field.name for field in Asked._meta.get_fields()} == {"id", "credential_id", "asked_on", "is_answered"}


@pytest.mark.parametrize("written", ["", "0", "6", "10", "-1", "x", "٣", "5\x00", "1.5"])
def test_what_is_no_score_is_refused_and_counts_nothing(written: str) -> None:
    services.may_ask(1, at=NOW)
    with pytest.raises(Refusal):
        services.answer(1, Journey.BANK, written, "", at=NOW)
    assert not OpinionFigure.objects.exists()
    assert services.answer(1, Journey.BANK, "3", "", at=NOW), "it may still be given"
    assert read_score("5") == 5


def test_a_remark_keeps_its_lines_and_nothing_invisible() -> None:
    assert read_remark("  Un\x00 mot \r\n\r\n\u202eet un autre ") == "Un mot\net un autre"
    assert len(read_remark("a" * 9_000)) == 500


def test_agents_read_months_and_remarks_page_by_page() -> None:
    for number in range(27):
        services.may_ask(number, at=NOW)
        services.answer(number, Journey.FILE, str(number % 5 + 1), f"Remarque {number}", at=NOW)
    (month,) = selectors.months_of(AGENT, Journey.FILE, [date(2026, 11, 1), date(2026, 10, 1)])
    assert month.answers == (6, 6, 5, 5, 5)
    assert (month.total, round(month.mean, 2)) == (27, 2.89)
    assert selectors.months_of(AGENT, Journey.JULY, [date(2026, 11, 1)]) == []
    first, place = selectors.remarks_page(AGENT, Journey.FILE)
    second, end = selectors.remarks_page(AGENT, Journey.FILE, before=place)
    assert [line.words for line in first + second] == [f"Remarque {number}" for number in reversed(range(27))]
    assert end is None


def test_only_the_duty_reads_them() -> None:
    other = Actor(ActorKind.AGENT, "test", duties=frozenset((duty, "") for duty in Duty if duty != Duty.READ_OPINIONS))
    for read in (
        lambda: selectors.months_of(other, Journey.JULY, []),
        lambda: selectors.remarks_page(other, Journey.JULY),
        lambda: selectors.help_of(other, date(2026, 11, 1)),
    ):
        with pytest.raises(DutyMissing):
            read()


def test_articles_that_help_least_come_first() -> None:
    for article, helped in (("a", True), ("b", False), ("b", False), ("b", True), ("c", False)):
        services.help_answered(article, helped=helped, at=NOW)
    services.help_answered("a", helped=False, at=NOW - timedelta(days=40))
    found = selectors.help_of(AGENT, date(2026, 11, 1))
    assert [(line.article, line.helped, line.did_not, line.percent) for line in found] == [
        ("b", 1, 2, 33), ("c", 0, 1, 0), ("a", 1, 0, 100),
    ]  # fmt: skip
    assert HelpFigure.objects.count() == 4


def test_remarks_and_days_of_asking_are_erased_in_time_and_counts_stay() -> None:
    services.may_ask(1, at=NOW)
    services.answer(1, Journey.JULY, "2", "Trop long", at=NOW)
    month = datetime(2026, 11, 1, tzinfo=UTC)
    retention.purge(AGENT, month + timedelta(days=KEEP_OPINIONS.default))
    assert Remark.objects.exists()
    retention.purge(AGENT, NOW + timedelta(days=KEEP_OPINIONS.default + 2))
    assert not Remark.objects.exists()
    assert not Asked.objects.exists()
    assert OpinionFigure.objects.get().answers == 1
