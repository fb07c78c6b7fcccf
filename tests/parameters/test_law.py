"""The values of the law: dated, and said nowhere else."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

from parvis.changes.rules import commitment_words
from parvis.parameters.law import in_force_since, legal
from tests.house.sources import ROOT, modules


def test_a_value_is_that_of_the_day() -> None:
    assert legal("direct_payment_answer_deadline", on=date(2026, 12, 31)) == Decimal(2)
    assert legal("direct_payment_answer_deadline", on=date(2027, 1, 1)) is None
    assert legal("arrears_threshold_amount", on=date(2026, 12, 31)) is None
    assert legal("arrears_threshold_amount", on=date(2027, 1, 1)) == Decimal(450)
    assert in_force_since("arrears_threshold_amount", on=date(2028, 1, 1)) == date(2027, 1, 1)


def test_every_value_of_the_law_is_read_by_a_rule() -> None:
    with (ROOT / "parvis" / "parameters" / "legal.csv").open(encoding="utf-8", newline="") as told:
        keys = {line["key"] for line in csv.DictReader(told)}
    code = "".join(path.read_text(encoding="utf-8") for path in modules() if path.is_relative_to(ROOT / "parvis"))
    assert {key for key in keys if f'"{key}"' not in code} == set()


def test_the_commitments_say_the_delays_of_the_law() -> None:
    words = commitment_words(on=date(2026, 7, 21))
    assert words["tell_departure"] == "Je signale le départ du locataire sous un mois."
    assert words["tell_arrears"] == "Je signale un impayé sous deux mois."
