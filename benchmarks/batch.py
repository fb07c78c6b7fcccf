"""P9 in a batch: letters from the queue to the printing house, one PDF/UA each, by our workers; then their ZIPs and manifest.

Nothing is extrapolated: the line says how many letters were made. ``PARVIS_BENCH_LETTERS=100000`` for a whole mailing.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.letters import _letter, _milliseconds
from benchmarks.measure import Line, children_of, memory_mb, peak_memory
from benchmarks.peers import environment
from benchmarks.stage import ROOT, Stage

LETTERS = int(os.environ.get("PARVIS_BENCH_LETTERS", "2000"))
WORKERS = int(os.environ.get("PARVIS_BENCH_WORKERS", "2"))
THEIRS = 12
BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class Made:
    """What a job took: on the wall, of our processes and their peak memory, all together."""

    seconds: float
    cpu: float
    mb: float


def run(stage: Stage) -> list[Line]:
    """Make them, put them together, and ask WeasyPrint for some of the same before and after."""
    before = _theirs()
    _queue()
    rendered = _rendered()
    put, size, rows = _put_together()
    assert rows == LETTERS
    theirs = (before + _theirs()) / 2
    ours = rendered.cpu / LETTERS * 1000
    return [
        Line("P9", f"{LETTERS:,} letters, PDF/UA each, from the queue to the folder, {WORKERS} workers",
             f"{LETTERS / rendered.seconds:.0f} letters/s, {ours:.1f} ms CPU each, {rendered.mb / WORKERS:.0f} MB PSS a worker",
             f"WeasyPrint, same words, PDF/UA, typesetting alone {theirs:.1f} ms CPU", f"{theirs / ours:.1f} × less", "≥ 30 × less",
             theirs / ours >= 30),
        Line("P9", f"the batch of these {LETTERS:,}: ZIPs and manifest",
             f"{put.seconds:.1f} s ({LETTERS / put.seconds:,.0f} letters/s), {size / 1e6:,.0f} MB in ZIPs, {put.mb:.0f} MB PSS",
             "–", "–", "–", None),
    ]  # fmt: skip


def _theirs() -> float:
    peer = [str(environment.python()), str(ROOT / "benchmarks" / "peers" / "weasyprint_letters.py")]
    return _milliseconds(peer, json.dumps([_letter(number) for number in range(THEIRS)]))


def _queue() -> None:
    """As a feed does: rows of the queue, by blocks."""
    from django.db import transaction

    from parvis.correspondence.services import Draft, queue_many

    now = datetime.now(UTC)
    for first in range(0, LETTERS, BLOCK):
        drafts = [_draft(number, Draft) for number in range(first, min(first + BLOCK, LETTERS))]
        with transaction.atomic():
            queue_many(drafts, at=now)


def _draft(number: int, draft: Any) -> Any:
    told = _letter(number)
    context = {
        "account_name": told["account_name"], "login_id": f"LOG{number:06d}A", "user_number": told["user_number"],
        "office": told["office"], "qr_path": "/connexion/",
    }  # fmt: skip
    return draft("identity/letters/identifier", context, to_address=told["window"])


def _rendered() -> Made:
    """The workers of an instance, until nothing is left."""
    command = [sys.executable, "-m", "parvis", "worker", "--once"]
    began = time.perf_counter()
    workers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(WORKERS)
    ]
    with peak_memory(lambda: [worker.pid for worker in workers], every=1.0) as peak:
        spent = [os.wait4(worker.pid, 0)[2] for worker in workers]
    seconds = time.perf_counter() - began
    for worker in workers:
        worker.returncode = 0  # waited for above, with what it spent
    return Made(seconds, sum(usage.ru_utime + usage.ru_stime for usage in spent), peak.mb)


def _put_together() -> tuple[Made, int, int]:
    """Two agents, then the worker's task until the batch is made; the bytes of its ZIPs, the lines of its manifest."""
    from parvis.correspondence.batches import files, services
    from parvis.correspondence.models import LetterBatch
    from parvis.kit.actors import system

    first, second = system("bench one"), system("bench two")
    began, cpu = time.perf_counter(), time.process_time()
    with peak_memory(lambda: children_of(os.getpid())[:1], every=1.0) as peak:
        batch = services.prepare("", "", by=first, at=datetime.now(UTC))
        services.approve(batch.number, by=second, at=datetime.now(UTC))
        while LetterBatch.objects.filter(pk=batch.pk, made_at=None).exists():
            files.make_due(by=first, at=datetime.now(UTC))
    made = Made(time.perf_counter() - began, time.process_time() - cpu, max(peak.mb, memory_mb([os.getpid()])))
    folder: Path = files.folder_of(batch)
    manifest = io.StringIO((folder / files.MANIFEST).read_text(encoding="utf-8"))
    rows = sum(1 for _ in csv.DictReader(manifest, delimiter=";"))
    return made, sum(path.stat().st_size for path in folder.glob("*.zip")), rows
