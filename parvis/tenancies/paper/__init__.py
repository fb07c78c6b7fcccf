"""Statements on paper: accessible PDFs made to be kept (PDF/UA-1, PDF/A-2a) of one table, typeset by typst, as many pages as it has rows.

Data enters as JSON, never as source. Typst must not have run in a process that forks: it starts at the first statement, in
web workers that never do.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

from parvis.tenancies.paper.typesetting import kept_pdf

SOURCE = Path(__file__).with_name("table.typ")
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a statement; the first ``left`` columns are words, the others amounts. The last row is the sum, if any.

    The ``broad`` columns share what the others leave, and break their words.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    left: int = 1
    broad: Sequence[int] = (0,)


@dataclass(frozen=True, slots=True)
class Section:
    """What is said in sentences, under a title: ``lead`` first, then one ``point`` each."""

    title: str
    lead: str
    points: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One page of the portal: what it is, and its whole address, which is printed too."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What a statement says, word for word; ``sections`` stand before the tables, ``links`` at the end. ``is_wide``: the sheet lies
    on its side."""

    title: str
    subject: str
    landlord: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    notes: Sequence[str]
    foot: str
    sections: Sequence[Section] = ()
    is_wide: bool = False
    links: Sequence[Link] = ()


def statement_pdf(paper: Paper, *, at: datetime) -> bytes:
    """The whole of it, made ``at``."""
    with _ONE_AT_A_TIME:
        return kept_pdf(_compiler(), "paper", asdict(paper), at=at)


@cache
def _compiler() -> typst.Compiler:
    """One for the life of the process: fonts and source are read once."""
    return typst.Compiler(str(SOURCE), ignore_system_fonts=True)
