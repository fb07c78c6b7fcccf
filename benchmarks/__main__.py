"""``make bench``: runs the lines (all, or those named), prints them, writes benchmarks/results.md."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks.measure import Line
from benchmarks.results import write
from benchmarks.stage import Stage


def lines_to_run(names: list[str], stage: Stage) -> list[Line]:
    """Run the topics asked for, in the order that builds the database up."""
    from benchmarks import (
        choice,
        feed,
        july,
        list_page,
        pages,
        payment_pages,
        rents_file,
        sign_in,
        weight,
        whole_sign_in,
    )

    topics: dict[str, Callable[[Stage], list[Line]]] = {
        "sign_in": sign_in.run,
        "whole_sign_in": whole_sign_in.run,
        "list_page": list_page.run,
        "weight": weight.run,
        "july": july.run,
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
