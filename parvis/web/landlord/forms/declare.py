"""What the pages of a declaration post: answers as they were typed, and what was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from parvis.changes.rules.files import LARGEST_FILE
from parvis.changes.services.attachments import MOST
from parvis.declarations.kinds.kind import Ask, Caution, Question
from parvis.declarations.services.bundles.answering import MONTH_COLUMNS, MONTH_ROWS, names_of
from parvis.kit.money import decimal
from parvis.web.landlord.forms.july import clean

LONGEST = 5_000
LONGEST_CENTS = 9
FIRST_ROWS, SPARE_ROWS = 6, 3
ROW_WORDS = {"month": "Mois", "due": "Loyer et charges dus", "paid": "Payé"}


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One line of the table of months: the name, the words, the value and the error of each field."""

    number: int
    cells: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page puts it: its value, what is wrong with it; ``depends`` is what makes it one, for the script."""

    question: Question
    value: str
    error: str = ""
    rows: tuple[MonthRow, ...] = ()

    @property
    def is_filled(self) -> bool:
        """Whether a table of months says something."""
        return any(value for row in self.rows for _, _, value, _ in row.cells)

    @property
    def inputmode(self) -> str | None:
        """Which keyboard a phone shows."""
        return {Ask.AMOUNT: "decimal", Ask.NUMBER: "numeric"}.get(self.question.ask)

    @property
    def depends(self) -> str | None:
        """``stays=yes,unknown``: shown only then, where scripts run."""
        if self.question.only_if is None:
            return None
        name, values = self.question.only_if
        return f"{name}={','.join(values)}"


def answers_in(posted: QueryDict, questions: Sequence[Question]) -> tuple[dict[str, str], dict[str, str]]:
    """The answers to these questions without what nobody types, and the sentence of those that are too long."""
    answers, too_long = {}, {}
    for question in questions:
        if question.ask is Ask.FIXED:
            continue
        for name in names_of(question):
            text = clean(posted.get(name, "").replace("\r\n", " ").replace("\n", " "))[:LONGEST]
            if text:
                answers[name] = text
            if len(text) > question.longest:
                too_long[question.name] = f"{question.longest} caractères au maximum."
    return answers, too_long


def asked_of(
    questions: Sequence[Question], answers: Mapping[str, str], errors: Mapping[str, str], *, first: bool
) -> list[Asked]:
    """The questions with their answers; before the first saving, with what the office knows."""
    return [
        Asked(
            question,
            answers.get(question.name, question.known if first else ""),
            errors.get(question.name, ""),
            _rows(question, answers, errors) if question.ask is Ask.MONTHS else (),
        )
        for question in questions
        if question.ask is not Ask.FIXED
    ]


def _rows(question: Question, answers: Mapping[str, str], errors: Mapping[str, str]) -> tuple[MonthRow, ...]:
    filled = [
        row for row in range(MONTH_ROWS) if any(answers.get(f"{question.name}-{row}-{part}") for part in MONTH_COLUMNS)
    ]
    count = min(MONTH_ROWS, max([FIRST_ROWS, *(row + 1 + SPARE_ROWS for row in filled)]))
    return tuple(
        MonthRow(
            row + 1,
            tuple(
                (name, ROW_WORDS[part], answers.get(name, ""), errors.get(name, ""))
                for part in MONTH_COLUMNS
                for name in (f"{question.name}-{row}-{part}",)
            ),
        )
        for row in range(count)
    )


def papers_in(sent: MultiValueDict[str, UploadedFile[bytes]]) -> Iterator[tuple[str, bytes]]:
    """The files sent along, each as (name, bytes), read one by one; of one too heavy, or too many, no more than tells it."""
    return ((file.name or "", file.read(LARGEST_FILE + 1)) for file in sent.getlist("papers")[: MOST + 1])


def ticked_in(posted: QueryDict) -> list[str]:
    """The codes of what was ticked (``sur-<code>``)."""
    return [name.removeprefix("sur-")[:40] for name in posted if name.startswith("sur-")]


def confirmed_in(posted: QueryDict, pending: Iterable[Caution]) -> dict[str, str]:
    """The codes of what was ticked, each with the reason chosen for it (``motif-<code>``), if one was.

    Only where the box stood beside what is said now (``vu-<code>``): of other answers it is asked anew.
    """
    ticked = set(ticked_in(posted))
    return {
        caution.code: clean(posted.get(f"motif-{caution.code}", ""))
        for caution in pending
        if caution.code in ticked and posted.get(f"vu-{caution.code}") == caution.mark
    }


def replaced_in(posted: QueryDict) -> str:
    """The amount a warning offered and a click took, as one would type it; nothing without such a click."""
    cents = posted.get("remplacer", "")
    return decimal(int(cents)) if cents.isascii() and cents.isdigit() and len(cents) <= LONGEST_CENTS else ""
