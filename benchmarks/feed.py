"""P7 and P8: a delivery of 1,000,000 tenancies and 3,000,000 payments against raw COPY of the same files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import Figure, Line, children_of, cpu_seconds, peak_memory
from benchmarks.stage import ROOT, Stage

TENANCIES, PAYMENTS, LANDLORDS = 1_000_000, 3_000_000, 20_000

_FLOOR_TABLES = """
DROP TABLE IF EXISTS floor_tenancies, floor_payments;
CREATE TABLE floor_tenancies (caf_code text, claimant_number text, tenancy_ref text, tiers_number text, title text, last_name text,
  first_name text, address_1 text, address_2 text, postcode text, city text, aid_type text, state_agreement boolean, start_on date,
  end_on date, furnished boolean, decency text, floor_area_m2 int, lease_holders int, rent_cents int, charges_cents int,
  direct_payment boolean, aid_from date, former_claimant_number text, PRIMARY KEY (caf_code, claimant_number, tenancy_ref));
CREATE TABLE floor_payments (payment_ref text PRIMARY KEY, caf_code text, tiers_number text, claimant_number text, tenancy_ref text,
  month text, kind text, amount_cents int, paid_on date, transfer_ref text, reason_code text);
"""


def run(stage: Stage) -> list[Line]:
    """First delivery, then a second one with 2 % changed; raw COPY before and after."""
    from parvis.demo.volume import Volume, write_delivery

    url = _own_database()
    inbox = stage.folder / "inbox"
    first = write_delivery(inbox, Volume(LANDLORDS, TENANCIES, PAYMENTS))
    floor, processor = Figure("raw COPY", "s"), Figure("raw COPY", "s CPU")

    def copied() -> None:
        before = _cpu(stage)
        floor.samples.append(_raw_copy(first, url))
        processor.samples.append(_cpu(stage) - before)

    copied()
    first_seconds, first_cpu, first_mb = _import(stage, inbox, url)
    copied()
    write_delivery(inbox, Volume(LANDLORDS, TENANCIES, PAYMENTS, changed_percent=2), sequence=2)
    second_seconds, second_cpu, second_mb = _import(stage, inbox, url)
    copied()
    ratio, again, peak = first_seconds / floor.median, second_seconds / first_seconds, max(first_mb, second_mb)
    worked, worked_again = first_cpu / processor.median, second_cpu / first_cpu
    size = f"{TENANCIES:,} tenancies + {PAYMENTS:,} payments, {LANDLORDS:,} landlords and the birth of their accounts"
    against = f"raw COPY into keyed tables {floor}"
    return [
        Line("P7", f"delivery of {size}", f"{first_seconds:.1f} s", against, f"{ratio:.2f} ×", "≤ 3 ×", ratio <= 3),
        Line("P7", "the same delivery, CPU of the import and of PostgreSQL", f"{first_cpu:.1f} s CPU", f"raw COPY {processor}",
             f"{worked:.2f} ×", "–", None),
        Line("P7", "memory of the import", f"{peak:.0f} MB PSS", "300 MB", f"{peak / 300:.2f} ×", "< 300 MB", peak < 300),
        Line("P8", "second delivery, 2 % changed", f"{second_seconds:.1f} s", f"the first {first_seconds:.1f} s", f"{again:.2f} ×",
             "≤ 0.5 ×", again <= 0.5),
        Line("P8", "the same, CPU", f"{second_cpu:.1f} s CPU", f"the first {first_cpu:.1f} s CPU", f"{worked_again:.2f} ×", "–", None),
    ]  # fmt: skip


def _own_database() -> str:
    """A database of its own, empty: what the pages' measures left must not be in the way."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS feed")
        connection.execute("CREATE DATABASE feed")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path="/feed").geturl()
    migrate = [sys.executable, "-m", "parvis", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
    return url


def _raw_copy(folder: Path, url: str) -> float:
    """Seconds to COPY both files as they are into tables with a primary key."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_FLOOR_TABLES)
        began = time.perf_counter()
        for kind in ("tenancies", "payments"):
            statement = f"COPY floor_{kind} FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)"
            with (folder / f"{kind}.csv").open("rb") as file, connection.cursor().copy(statement) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
        seconds = time.perf_counter() - began
        connection.execute("DROP TABLE floor_tenancies, floor_payments")
        connection.execute("CHECKPOINT")
    return seconds


def _cpu(stage: Stage) -> float:
    """CPU seconds of this process, its children that have ended, and PostgreSQL."""
    return cpu_seconds([os.getpid(), *children_of(stage.postgres_pid)])


def _import(stage: Stage, inbox: Path, url: str) -> tuple[float, float, float]:
    """Seconds, CPU seconds (PostgreSQL's too) and peak memory of ``parvis import``."""
    began, worked = time.perf_counter(), _cpu(stage)
    command = [sys.executable, "-m", "parvis", "import", "--folder", str(inbox)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.DEVNULL)
    with peak_memory(lambda: children_of(process.pid), every=0.25) as peak:
        process.wait()
    if process.returncode:
        raise RuntimeError("the import failed")
    return time.perf_counter() - began, _cpu(stage) - worked, peak.mb
