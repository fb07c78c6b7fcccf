"""P6: a file of 100,000 rents, from its upload to its report and its drafts, against django-import-export on the same file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks import people
from benchmarks.measure import Figure, Line, children_of, peak_memory
from benchmarks.peers import environment
from benchmarks.stage import ROOT, Stage

RENTS, NUMBER, ROUNDS, PEER_ROUNDS = 100_000, 930_000, 3, 1
AIMS = {"csv": 30, "xlsx": 20}
_AGAIN = """
DELETE FROM declarations_rentfilerow; DELETE FROM declarations_rentfile; DELETE FROM declarations_declaration
  WHERE landlord_id = '{landlord}';
UPDATE declarations_campaignentry SET state = 'to_declare' WHERE landlord_id = '{landlord}' AND state <> 'to_declare';
UPDATE declarations_campaigncount SET to_declare = to_declare + drafted, drafted = 0 WHERE landlord_id = '{landlord}';
UPDATE declarations_campaignofficecount SET to_declare = to_declare + drafted, drafted = 0 WHERE landlord_id = '{landlord}';
"""


def run(stage: Stage) -> list[Line]:
    """Seconds of the whole way, and the memory of the processes that walk it."""
    someone = _portfolio()
    folder = stage.folder / "rents"
    folder.mkdir()
    peer = [str(environment.python()), "-m", "benchmarks.peers.import_export_job"]
    lines, peaks = [], []
    subprocess.run([*peer, "prepare"], cwd=ROOT, env=os.environ, check=True)
    for kind, aim in AIMS.items():
        path = _written(folder, kind, someone)
        ours, theirs = Figure("Parvis", "s"), Figure("django-import-export", "s")
        for turn in range(ROUNDS):
            _again(someone)
            seconds, peak = _timed([sys.executable, "-m", "benchmarks.rents_file", str(path), someone.account])
            ours.samples.append(seconds)
            peaks.append(peak)
            if turn < PEER_ROUNDS:
                theirs.samples.append(_timed([*peer, str(path)])[0])
        ratio = theirs.median / ours.median
        what = f"file of {RENTS:,} rents, {kind.upper()}: upload, report, drafts"
        against = f"django-import-export, dry run and import {theirs}"
        lines.append(Line("P6", what, str(ours), against, f"{ratio:.1f} × faster", f"≥ {aim} ×", ratio >= aim))
    peak = max(peaks)
    memory = Line(
        "P6", "memory of the reading", f"{peak:.0f} MB PSS", "300 MB", f"{peak / 300:.2f} ×", "< 300 MB", peak < 300
    )
    return [*lines, memory]


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


def _written(folder: Path, kind: str, someone: people.Somebody) -> Path:
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
        for line in template.lines(actor, 2026)
    ]
    content = (
        writing.csv([template.header(2026), *rows]) if kind == "csv" else writing.xlsx(template.header(2026), rows)
    )
    path = folder / f"loyers.{kind}"
    path.write_bytes(content)
    return path


def _again(someone: people.Somebody) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_AGAIN.format(landlord=someone.partner_id))
    people.settle()


def _timed(command: list[str]) -> tuple[float, float]:
    """What the process says it took, and its highest memory."""
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True)
    with peak_memory(lambda: children_of(process.pid)) as peak:
        said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[1:4]} failed")
    return float(said.strip().splitlines()[-1]), peak.mb


def main() -> None:
    """The way of one file, in a process of its own: received, read by the worker's function, looked at, kept."""
    import django

    django.setup()
    from parvis.declarations.bulk import confirming, intake, report
    from parvis.identity.models import Account
    from parvis.kit.actors import Actor, ActorKind, Right

    path, account = Path(sys.argv[1]), Account.objects.get(reference=sys.argv[2])
    rights = frozenset({Right.DECLARE})
    actor = Actor(ActorKind.PARTNER, account.login_id, account.pk, account.partner_id, rights, "Anne Moulin")
    began = time.perf_counter()
    file = intake.receive(actor, 2026, name=path.name, content=path.read_bytes(), at=datetime.now(UTC))
    while file.in_background and intake.work_one(at=datetime.now(UTC)):
        pass
    read = time.perf_counter()
    file.refresh_from_db()
    report.lines_of(actor, file)
    confirming.confirm(actor, file.reference, wish=confirming.KEEP, wants_unsure=True, at=datetime.now(UTC))
    while intake.work_one(at=datetime.now(UTC)):
        pass
    file.refresh_from_db()
    assert (file.state, file.left_out) == ("confirmed", 0), (file.state, file.counts, file.kept)
    ended = time.perf_counter()
    print(f"read {read - began:.2f}, kept {ended - read:.2f}", file=sys.stderr)
    print(ended - began)


if __name__ == "__main__":
    main()
