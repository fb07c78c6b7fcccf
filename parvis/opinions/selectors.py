"""What people think, for the agents whose duty it is to read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from parvis.kit.actors import Actor, Duty, check_holds
from parvis.opinions.models import HelpFigure, OpinionFigure, Remark
from parvis.opinions.rules import SCORES, Journey

PAGE = 25


@dataclass(frozen=True, slots=True)
class MonthOfOpinions:
    """The scores of one journey in one month: how many gave 1, 2 and so on."""

    month: date
    answers: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many answered."""
        return sum(self.answers)

    @property
    def mean(self) -> float:
        """The mean score, from 1 to 5."""
        return sum(score * many for score, many in zip(SCORES, self.answers, strict=True)) / self.total


class RemarkLine(NamedTuple):
    """What somebody wrote."""

    id: int
    month: date
    score: int
    words: str


class HelpLine(NamedTuple):
    """What was said of one article in one month."""

    article: str
    helped: int
    did_not: int

    @property
    def total(self) -> int:
        """How many answered."""
        return self.helped + self.did_not

    @property
    def percent(self) -> int:
        """Of a hundred who answered, how many were helped."""
        return round(100 * self.helped / self.total)


def months_of(actor: Actor, journey: Journey, months: Sequence[date]) -> list[MonthOfOpinions]:
    """The months of these in which somebody answered, newest first."""
    check_holds(actor, Duty.READ_OPINIONS)
    rows = OpinionFigure.objects.filter(journey=journey.value, month__in=months).order_by("-month", "score")
    return [
        MonthOfOpinions(month, tuple({row.score: row.answers for row in those}.get(score, 0) for score in SCORES))
        for month, those in ((month, list(those)) for month, those in groupby(rows, key=lambda row: row.month))
    ]


def remarks_page(actor: Actor, journey: Journey, *, before: int | None = None) -> tuple[list[RemarkLine], int | None]:
    """Twenty-five remarks, newest first, and where the next page begins."""
    check_holds(actor, Duty.READ_OPINIONS)
    rows = Remark.objects.filter(journey=journey.value)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = [RemarkLine(*row) for row in rows.order_by("-id").values_list("id", "month", "score", "words")[: PAGE + 1]]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def help_of(actor: Actor, month: date) -> list[HelpLine]:
    """What was said of every article in a month: first those that most people were not helped by."""
    check_holds(actor, Duty.READ_OPINIONS)
    return list(_help(month))


def _help(month: date) -> Iterator[HelpLine]:
    rows = HelpFigure.objects.filter(month=month).order_by("-did_not", "helped", "article")
    for article, helped, did_not in rows.values_list("article", "helped", "did_not"):
        yield HelpLine(article, helped, did_not)
