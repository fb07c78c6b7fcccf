"""Every ugly table is read as its author meant it, or refused with the sentence that says what to do.

The tables stand in ``tests/samples/rents``, as office suites and management software saved them; ``expected.csv`` there says what
each is, and what is to be read in it: the state and the cents of its lines, or a part of the sentence it is refused with.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from parvis.declarations.bulk import intake, report
from parvis.kit.refusals import Refusal
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[3] / "samples" / "rents"
NUMBERS = ("0020417", "1734502", "2081133")
"""The claimants whom the tables name; their tenancies are of references 11111111-…-1, 22222222-…-2, 33333333-…-3."""


class Sample(NamedTuple):
    """A line of ``expected.csv``."""

    file: str
    what: str
    expected: str

    def __str__(self) -> str:
        return self.file


def samples() -> list[Sample]:
    with (SAMPLES / "expected.csv").open(encoding="utf-8", newline="") as told:
        return [Sample(**line) for line in csv.DictReader(told, delimiter=";")]


@pytest.fixture
def me() -> Owner:
    """A landlord of the three tenancies that the samples name."""
    me = owner()
    for place, number in enumerate(NUMBERS, start=1):
        reference = f"{str(place) * 8}-0000-4000-8000-{place:012d}"
        home: Tenancy = tenancy(
            me.landlord, reference=reference, claimant_number=number, last_name=f"Locataire {place}"
        )
        july_rent(home, YEAR - 1, 52_400)
    made.campaign()
    return me


def said_of(me: Owner, content: bytes) -> str:
    """What is found in a table, as ``expected.csv`` writes it: its lines, or the sentence of its refusal."""
    try:
        file = intake.receive(me.actor, YEAR, name="x", content=content, at=NOW)
    except Refusal as refusal:
        return f"…{refusal.sentence}"
    if file.state == "columns":
        return f"…{file.refusal}"
    rows = report.lines_of(me.actor, file).rows
    return " ".join(row.state if row.cents is None else f"{row.state}:{row.cents}" for row in rows)


@pytest.mark.parametrize("sample", samples(), ids=str)
def test_an_ugly_table_is_read_or_refused_in_words(me: Owner, sample: Sample) -> None:
    said = said_of(me, (SAMPLES / sample.file).read_bytes())
    if sample.expected.startswith("…"):
        assert said.startswith("…")
        assert sample.expected.strip("…") in said
    else:
        assert said == sample.expected


def test_every_sample_is_expected_and_every_expectation_has_its_sample() -> None:
    assert {path.name for path in SAMPLES.iterdir()} - {"expected.csv"} == {sample.file for sample in samples()}


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_formula_is_told_where_the_format_says_it(me: Owner, form: str) -> None:
    content = (SAMPLES / f"formules.{form}").read_bytes()
    file = intake.receive(me.actor, YEAR, name="x", content=content, at=NOW)
    assert report.FORMULA in report.lines_of(me.actor, file).rows[0].remarks


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 260_000_000)
    return file.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    poison = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{entities}]><sst><si><t>&l9;</t></si></sst>'
    file = io.BytesIO()
    with (
        zipfile.ZipFile(SAMPLES / "nombres-en-texte.xlsx") as content,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in content.namelist():
            archive.writestr(name, poison if name == "xl/sharedStrings.xml" else content.read(name))
    return file.getvalue()


@pytest.mark.parametrize(("make", "why"), [(bomb, "beaucoup trop gros"), (laughs, "abîmé")])
def test_poison_is_refused_in_words_before_anybody_works_on_it(me: Owner, make: Callable[[], bytes], why: str) -> None:
    """A second of work, of the process that serves pages and of the limited one together: not of the clock, which others share."""
    content = make()
    before = _worked()
    assert why in said_of(me, content)
    assert _worked() - before < 1


def _worked() -> float:
    """Seconds of CPU of this process and of those it waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
