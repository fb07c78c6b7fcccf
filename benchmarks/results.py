"""The table of what was measured: lines of this run take the place of the same lines of former runs."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Line

RESULTS = Path(__file__).with_name("results.md")
_HEAD = (
    "# What was measured\n\n"
    "{machine}. Ratios of one run, rounds interleaved A B B A; medians ± half the interquartile range. Each line says when.\n\n"
    "| # | line | ours | against | ratio | aim | met | when (UTC) |\n|---|---|---|---|---|---|---|---|\n"
)
_MARKS = {True: "yes", False: "**no**", None: "–"}


def write(lines: list[Line], version: str) -> None:
    """Write the lines of this run among those already known, by number."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
    rows, words = _known()
    for x in lines:
        told = (x.number, x.what, x.ours, x.against, x.ratio, x.aim, _MARKS[x.met], now)
        rows[x.number, x.what] = f"| {' | '.join(told)} |\n"
    machine = f"Python {platform.python_version()} · {version} · {platform.machine()}, {os.cpu_count()} cores"
    ordered = sorted(rows.items(), key=lambda row: int(row[0][0].removeprefix("P")))
    RESULTS.write_text(_HEAD.format(machine=machine) + "".join(row for _, row in ordered) + words, encoding="utf-8")


def _known() -> tuple[dict[tuple[str, str], str], str]:
    """The rows of the table as it is, and the words below it."""
    if not RESULTS.exists():
        return {}, ""
    _, _, rest = RESULTS.read_text(encoding="utf-8").partition("|---|\n")
    rows = {}
    for row in re.findall(r"^\| P\d+ .*\|\n", rest, re.MULTILINE):
        number, what, *_ = (cell.strip() for cell in row.strip("|\n").split(" | "))
        rows[number, what] = row
    return rows, rest.rpartition(" |\n")[2]
