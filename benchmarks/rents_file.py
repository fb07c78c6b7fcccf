"""P6: a file of 100,000 rents, from its upload to its report and its drafts, against django-import-export on the same file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks import people
from benchmarks.measure import Figure, Line, Peak, children_of, cpu_seconds, interleaved, peak_memory
from benchmarks.peers import environment
from benchmarks.stage import ROOT, Stage

RENTS, NUMBER, ROUNDS = 100_000, 930_000, 2
AIMS = {"csv": 30, "xlsx": 20}
FEWER = {"csv": 1, "xlsx": 2}
"""How many times fewer lines the peer is given, whose seconds are multiplied: all would take minutes more. Its time grows faster than
its lines (ten times a tenth is less than all), so that this is to its advantage."""
PEER = "benchmarks.peers.import_export_job"
_AGAIN = """
SET session_replication_role = replica;
DELETE FROM declarations_rentfilerow; DELETE FROM declarations_rentfileblock; DELETE FROM declarations_rentfile;
DELETE FROM declarations_declaration WHERE landlord_id = '{landlord}'; DELETE FROM declarations_receipt WHERE landlord_id = '{landlord}';
UPDATE declarations_campaignentry SET state = 'to_declare', {no_draft} WHERE landlord_id = '{landlord}' AND state <> 'to_declare';
UPDATE declarations_campaigncount SET to_declare = {rents}, drafted = 0, submitted = 0 WHERE landlord_id = '{landlord}';
UPDATE declarations_campaignofficecount SET to_declare = {rents}, drafted = 0, submitted = 0 WHERE landlord_id = '{landlord}';
SET session_replication_role = origin;
"""


class Run(NamedTuple):
    """What one way took: seconds, seconds of CPU (ours and PostgreSQL's), highest memory of its processes."""

    seconds: float
    cpu: float
    peak_mb: float


def run(stage: Stage) -> list[Line]:
    """Seconds of the whole way, and the memory of the processes that walk it."""
    someone = _portfolio()
    folder = stage.folder / "rents"
    folder.mkdir()
    peer = [str(environment.python()), "-m", PEER]
    subprocess.run([*peer, "prepare"], cwd=ROOT, env=os.environ, check=True)
    lines, peak = [], 0.0
    for kind, aim in AIMS.items():
        _again(someone)
        path, fewer = _written(folder, kind, someone), FEWER[kind]
        theirs_path = _written(folder, kind, someone, most=RENTS // fewer)
        ours, theirs = Timed("Parvis"), Timed("django-import-export")
        start = _timed(stage, [*peer, "nothing"]).cpu
        for turn in (0, 1, 1, 0) * (ROUNDS // 2):
            _again(someone)
            if turn:
                theirs.add(_timed(stage, [*peer, "column", str(theirs_path)]), times=fewer, start=start)
            else:
                ours.add(_timed(stage, _ours(path, someone, "keep")))
        _again(someone)
        peak = max(peak, _timed(stage, _ours(path, someone, "keep"), watched=True).peak_mb)
        what = f"file of {RENTS:,} rents, {kind.upper()}: upload, report, drafts"
        against = "django-import-export, dry run and import, one column of one table"
        against += f" ({RENTS // fewer:,} lines × {fewer})" if fewer > 1 else ""
        lines.append(_line(what, ours, theirs, against, aim))
        if kind == "csv":
            lines += [_same_job(stage, peer, path, someone, ours), _sent(stage, path, someone)]
    memory = Line(
        "P6", "memory of the reading", f"{peak:.0f} MB PSS", "300 MB", f"{peak / 300:.2f} ×", "< 300 MB", peak < 300
    )
    return [*lines, memory, _export(someone)]


class Timed:
    """The runs of one way: seconds, CPU."""

    def __init__(self, name: str) -> None:
        self.seconds, self.cpu = Figure(name, "s"), Figure(name, "s CPU")

    def add(self, done: Run, *, times: int = 1, start: float = 0.0) -> None:
        """One run more; one of so many ``times`` fewer lines stands for all of them, but the CPU of its ``start`` comes once."""
        self.seconds.samples.append(done.seconds * times)
        self.cpu.samples.append((done.cpu - start) * times + start)


def _line(what: str, ours: Timed, theirs: Timed, against: str, aim: int | None) -> Line:
    ratio, of_cpu = theirs.seconds.median / ours.seconds.median, theirs.cpu.median / ours.cpu.median
    said = f"{ratio:.1f} × faster ({of_cpu:.1f} × less CPU)"
    against = f"{against}, {theirs.seconds}, {theirs.cpu}"
    own = f"{ours.seconds}, {ours.cpu}"
    return Line("P6", what, own, against, said, f"≥ {aim} ×" if aim else "–", ratio >= aim if aim else None)


def _same_job(stage: Stage, peer: list[str], path: Path, someone: people.Somebody, ours: Timed) -> Line:
    """The peer writes drafts as rows of a table with its indexes, as such a project would, and the state of the entries."""
    _again(someone)
    theirs = Timed("django-import-export")
    theirs.add(_timed(stage, [*peer, "drafts", str(path)]))
    what = f"the same CSV, the peer's drafts in declarations_declaration: {RENTS:,} rows, state of the entries"
    return _line(what, ours, theirs, "django-import-export, dry run and import of drafts and states", None)


def _sent(stage: Stage, path: Path, someone: people.Somebody) -> Line:
    _again(someone)
    sent = _timed(stage, _ours(path, someone, "send"))
    what = f"the same CSV sent: {RENTS:,} declarations and their receipt"
    return Line("P6", what, f"{sent.seconds:.3g} s, {sent.cpu:.3g} s CPU", "–", "–", "–", None)


def _ours(path: Path, someone: people.Somebody, wish: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.rents_file", str(path), someone.account, wish]


_PLAIN = """
COPY (SELECT t.claimant_number, t.last_name, t.first_name, t.own_reference, t.address_1, t.address_2, t.postcode, t.city, t.end_on,
        t.rent_cents, t.direct_payment, e.state
      FROM tenancies_tenancy t JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = 2026
      WHERE t.landlord_id = %s ORDER BY t.sort_name, t.id) TO STDOUT (FORMAT csv)
"""


def _export(someone: people.Somebody) -> Line:
    """P11: the list of tenants with their July rents as a file, against COPY of the same columns in the same order."""
    from django.db import connection

    from parvis.declarations.selectors.tenant_list import TenantFilters, tenant_csv
    from parvis.kit.actors import Actor, ActorKind

    actor = Actor(ActorKind.PARTNER, "bench", partner_id=someone.partner_id)

    def plain() -> float:
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(_PLAIN, [someone.partner_id]) as copy:
            b"".join(copy)
        return time.perf_counter() - began

    def ours() -> float:
        began = time.perf_counter()
        with tempfile.TemporaryFile() as file:
            assert tenant_csv(file, actor, filters=TenantFilters(), year=2026, most=RENTS) == RENTS
        return time.perf_counter() - began

    people.settle()
    figure, floor = interleaved(("export", ours), ("COPY TO", plain), unit="s", rounds=3)
    ratio = figure.median / floor.median
    what = f"export of {RENTS:,} declarations as a CSV"
    return Line("P11", what, str(figure), f"COPY TO of the same rows {floor}", f"{ratio:.2f} ×", "≤ 3 ×", ratio <= 3)


def _portfolio() -> people.Somebody:
    from django.db import connection

    from parvis.declarations.services import campaigns
    from parvis.kit.actors import system

    people.office()
    someone = people.somebody(NUMBER)
    people.tenancies(NUMBER, 5_000_000, RENTS)
    now, by = datetime.now(UTC), system("bench")
    campaigns.open_campaign(
        2026, opens_on=date(2026, 7, 1), deadline_on=date(2027, 9, 30), suspension_on=date(2028, 1, 15), by=by, at=now
    )
    campaigns.refresh_entries(by=by, at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE declarations_campaignentry e SET last_july_cents = t.rent_cents FROM tenancies_tenancy t"
            " WHERE t.id = e.tenancy_id AND e.landlord_id = %s",
            [someone.partner_id],
        )
    people.settle()
    return someone


def _written(folder: Path, kind: str, someone: people.Somebody, *, most: int = RENTS) -> Path:
    """The table that comes down, its last column filled with rents a little higher than those known."""
    from parvis.declarations.bulk import template
    from parvis.kit.actors import Actor, ActorKind
    from parvis.sheets import writing

    actor = Actor(ActorKind.PARTNER, "bench", partner_id=someone.partner_id)
    rows = [
        [
            *line[:8],
            f"{float(line[7] or 500) * 1.005:.2f}".replace(".", ",")
            if kind == "csv"
            else round(float(line[7] or 500) * 1.005, 2),
        ]
        for line in islice(template.lines(actor, 2026), most)
    ]
    content = (
        writing.csv([template.header(2026), *rows]) if kind == "csv" else writing.xlsx(template.header(2026), rows)
    )
    path = folder / f"loyers-{most}.{kind}"
    path.write_bytes(content)
    return path


def _again(someone: people.Somebody) -> None:
    from django.db import connection

    from parvis.declarations.rules import NO_DRAFT

    with connection.cursor() as cursor:
        cursor.execute(_AGAIN.format(landlord=someone.partner_id, rents=RENTS, no_draft=NO_DRAFT))
    people.settle()


def _timed(stage: Stage, command: list[str], *, watched: bool = False) -> Run:
    """What the process says it took, what it and the database spent, and its highest memory, in a run for that alone: being watched
    slows it."""
    before, peak = _spent(stage), Peak()
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True)
    with peak_memory(lambda: children_of(process.pid)) if watched else nullcontext(peak) as peak:
        said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[1:4]} failed")
    spent = _spent(stage) - before
    done = Run(float(said.strip().splitlines()[-1]), spent, peak.mb)
    print(f"  {command[2]}: {done.seconds:.2f} s, {done.cpu:.2f} s CPU", flush=True)
    return done


def _spent(stage: Stage) -> float:
    """CPU of the database and of the processes that ended; not that of this one, which watches their memory."""
    own = os.times()
    return cpu_seconds(children_of(stage.postgres_pid)) + own.children_user + own.children_system


def main() -> None:
    """The way of one file, in a process of its own: received, read by the worker's function, looked at, kept."""
    import django

    django.setup()
    from parvis.declarations.bulk import confirming, intake, report
    from parvis.identity.models import Account
    from parvis.kit.actors import Actor, ActorKind, Right

    path, account, wish = Path(sys.argv[1]), Account.objects.get(reference=sys.argv[2]), sys.argv[3]
    rights = frozenset({Right.DECLARE})
    actor = Actor(ActorKind.PARTNER, account.login_id, account.pk, account.partner_id, rights, "Anne Moulin")
    began = time.perf_counter()
    file = intake.receive(actor, 2026, name=path.name, content=path.read_bytes(), at=datetime.now(UTC))
    while file.in_background and intake.work_one(at=datetime.now(UTC)):
        pass
    read = time.perf_counter()
    file = report.file_of(actor, file.reference)
    report.lines_of(actor, file)
    confirming.confirm(actor, file.reference, wish=wish, wants_unsure=True, at=datetime.now(UTC))
    while intake.work_one(at=datetime.now(UTC)):
        pass
    file = report.file_of(actor, file.reference)
    assert (file.state, file.left_out) == ("confirmed", 0), (file.state, file.counts, file.kept)
    ended = time.perf_counter()
    print(f"read {read - began:.2f}, kept {ended - read:.2f}", file=sys.stderr)
    print(ended - began)


if __name__ == "__main__":
    main()
