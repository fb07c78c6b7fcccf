"""``make bench``: runs the lines (all, or those named), prints them, writes benchmarks/results.md."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.measure import Line
from benchmarks.results import write
from benchmarks.stage import Stage

TOPICS = (
    "sign_in",
    "whole_sign_in",
    "list_page",
    "weight",
    "july",
    "letters",
    "batch",
    "pages",
    "payment_pages",
    "choice",
    "rents_file",
    "feed",
    "overload",
)
"""The modules of this folder that measure something, in the order that builds the database up."""


def lines_to_run(names: list[str], stage: Stage) -> list[Line]:
    """Run the topics asked for, or all of them."""
    unknown = set(names) - set(TOPICS)
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(TOPICS)}.")
    found: list[Line] = []
    for name in TOPICS:
        if not names or name in names:
            print(f"— {name}", flush=True)
            for line in import_module(f"benchmarks.{name}").run(stage):
                print(
                    f"  {line.number} {line.what}: {line.ours} against {line.against} = {line.ratio} (aim {line.aim})",
                    flush=True,
                )
                found.append(line)
    return found


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
