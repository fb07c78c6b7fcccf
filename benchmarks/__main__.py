"""``make bench``: runs the lines (all, or those named), prints them, writes benchmarks/results.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Line
from benchmarks.stage import Stage

RESULTS = Path(__file__).with_name("results.md")


def lines_to_run(names: list[str], stage: Stage) -> list[Line]:
    """Run the topics asked for, in the order that builds the database up."""
    from benchmarks import choice, feed, pages, payment_pages, rents_file, sign_in, whole_sign_in

    topics: dict[str, Callable[[Stage], list[Line]]] = {
        "sign_in": sign_in.run,
        "whole_sign_in": whole_sign_in.run,
        "pages": pages.run,
        "payment_pages": payment_pages.run,
        "choice": choice.run,
        "rents_file": rents_file.run,
        "feed": feed.run,
    }
    unknown = set(names) - set(topics)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(topics)}.")
    found: list[Line] = []
    for name, topic in topics.items():
        if not names or name in names:
            print(f"— {name}", flush=True)
            for line in topic(stage):
                print(
                    f"  {line.number} {line.what}: {line.ours} against {line.against} = {line.ratio} (aim {line.aim})",
                    flush=True,
                )
                found.append(line)
    return found


def write(lines: list[Line], version: str) -> None:
    """The table, with date and versions; a run of some lines only replaces the whole, so it says which."""
    head = (
        "# What was measured\n\n"
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · Python {platform.python_version()} · {version} · {platform.machine()}, "
        f"{os.cpu_count()} cores. Ratios of one run, rounds interleaved A B B A; medians ± half the interquartile range.\n\n"
        "| # | line | ours | against | ratio | aim | met |\n|---|---|---|---|---|---|---|\n"
    )
    marks = {True: "yes", False: "**no**", None: "–"}
    rows = "".join(
        f"| {x.number} | {x.what} | {x.ours} | {x.against} | {x.ratio} | {x.aim} | {marks[x.met]} |\n" for x in lines
    )
    RESULTS.write_text(head + rows, encoding="utf-8")


def main() -> None:
    """Set the stage, run, write."""
    stage = Stage()
    try:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT split_part(version(), ' on ', 1)")
            row = cursor.fetchone()
        write(lines_to_run(sys.argv[1:], stage), str(row[0]) if row else "PostgreSQL")
    finally:
        stage.close()


if __name__ == "__main__":
    main()
