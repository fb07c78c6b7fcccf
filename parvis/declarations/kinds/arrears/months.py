"""The table of months of a debt: read line by line, with its total and its first default. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from parvis.declarations.kinds.answers import of_any_amount, typed_words
from parvis.declarations.kinds.arrears.law import UnpaidMonth, first_default
from parvis.declarations.kinds.kind import TenancyFacts
from parvis.kit.days import NotADay, read_month
from parvis.kit.money import NBSP, decimal, read_amount
from parvis.kit.periods import day, month
from parvis.kit.refusals import Refusal

ROWS = 36


def read_months(typed: Mapping[str, str], facts: TenancyFacts) -> tuple[list[UnpaidMonth], str]:
    """The lines that say something, and the sentence of the first that cannot be, with its number."""
    found: list[UnpaidMonth] = []
    fault = ""
    for row in range(ROWS):
        texts = [typed_words(typed.get(f"months-{row}-{part}", "")) for part in ("month", "due", "paid")]
        if not any(texts):
            continue
        try:
            found.append(_line(*texts, facts=facts))
        except Refusal as refusal:
            fault = fault or f"Ligne {row + 1}{NBSP}: {of_any_amount(refusal)}"
    if len({line.month for line in found}) < len(found):
        fault = fault or "Le même mois est écrit deux fois."
    return found, fault


def _line(when: str, due: str, paid: str, *, facts: TenancyFacts) -> UnpaidMonth:
    first = read_month(when)
    if first > facts.today:
        raise NotADay(f"{month(first)} est un mois à venir.")
    if first < facts.start_on.replace(day=1):
        raise NotADay(f"{month(first)} est avant l’entrée dans les lieux ({day(facts.start_on)}).")
    return UnpaidMonth(first, *(read_amount(text).cents if text else 0 for text in (due, paid)))


def completed(typed: Mapping[str, str], months: list[UnpaidMonth], facts: TenancyFacts) -> dict[str, str]:
    """The answers with what the table tells: the whole debt and since when, where they were left blank."""
    told = dict(typed)
    total, since = sum(line.owed_cents for line in months), default_of(months, facts)
    if total > 0 and not typed_words(typed.get("debt", "")):
        told["debt"] = decimal(total)
    if since is not None and not typed_words(typed.get("since", "")):
        told["since"] = day(since)
    return told


def default_of(months: list[UnpaidMonth], facts: TenancyFacts) -> date | None:
    """The first default by the table: never before the day of entry."""
    since = first_default(months)
    return max(since, min(facts.start_on, facts.today)) if since is not None else None
