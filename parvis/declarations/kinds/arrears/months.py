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


def read_months(typed: Mapping[str, str], facts: TenancyFacts) -> tuple[list[UnpaidMonth], dict[str, str]]:
    """The lines that say something, and by the name of its field the sentence of every one that cannot be, with its number."""
    found: list[UnpaidMonth] = []
    faults: dict[str, str] = {}
    first_seen: dict[date, int] = {}
    for row in range(ROWS):
        texts = {part: typed_words(typed.get(f"months-{row}-{part}", "")) for part in ("month", "due", "paid")}
        if not any(texts.values()):
            continue
        line, wrong = _line(texts, facts)
        if line is not None:
            earlier = first_seen.setdefault(line.month, row)
            if earlier != row:
                wrong["month"] = f"Ce mois est déjà écrit ligne {earlier + 1}."
        if line is not None and not wrong:
            found.append(line)
        faults |= {f"months-{row}-{part}": f"Ligne {row + 1}{NBSP}: {sentence}" for part, sentence in wrong.items()}
    return found, faults


def _line(texts: Mapping[str, str], facts: TenancyFacts) -> tuple[UnpaidMonth | None, dict[str, str]]:
    """The line as far as its month can be read, and what is wrong with each of its fields."""
    wrong: dict[str, str] = {}
    cents = {}
    for part in ("due", "paid"):
        try:
            cents[part] = read_amount(texts[part]).cents if texts[part] else 0
        except Refusal as refusal:
            wrong[part], cents[part] = of_any_amount(refusal), 0
    try:
        return UnpaidMonth(_first_of(texts["month"], facts), cents["due"], cents["paid"]), wrong
    except Refusal as refusal:
        return None, {"month": refusal.sentence, **wrong}


def _first_of(when: str, facts: TenancyFacts) -> date:
    first = read_month(when)
    if first > facts.today:
        raise NotADay(f"{month(first)} est un mois à venir.")
    if first < facts.start_on.replace(day=1):
        raise NotADay(f"{month(first)} est avant l’entrée dans les lieux ({day(facts.start_on)}).")
    return first


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
