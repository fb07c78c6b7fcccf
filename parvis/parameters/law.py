"""The values of the law: each with its article and the days it is in force, in ``legal.csv``. Pure.

A new value is a line with its first day, never a change of code, and never a constant of a page.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path


@cache
def _lines() -> list[dict[str, str]]:
    with (Path(__file__).parent / "legal.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def legal(key: str, *, on: date) -> Decimal | None:
    """The value the law gives ``key`` on a day, in the unit its line says; None when the law says nothing of it that day."""
    line = _in_force(key, on)
    return Decimal(line["value"]) if line is not None else None


def in_force_since(key: str, *, on: date) -> date | None:
    """From which day on the value in force on a day is the one; None when there is none, or it always was."""
    line = _in_force(key, on)
    return date.fromisoformat(line["valid_from"]) if line is not None and line["valid_from"] else None


def _in_force(key: str, on: date) -> dict[str, str] | None:
    for line in _lines():
        begins, ends = line["valid_from"], line["valid_to"]
        if line["key"] == key and (not begins or begins <= on.isoformat()) and (not ends or on.isoformat() <= ends):
            return line
    return None
