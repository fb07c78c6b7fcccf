"""The sealer: links what was written since the last pass. Acts never wait for it, nor it for them.

Identifiers are drawn before their transaction commits, so a lower one may appear after a higher one was linked. Each pass
therefore looks for whatever is not linked yet above a floor: the highest entry an earlier pass saw, once this pass began after
the end of every transaction that one could not see. The floor counts from the next pass on, when this one has linked the last
of them.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from parvis.audit.chain import BEGINNING, BLOCK, FIELDS, mark
from parvis.audit.models import Link, Seal
from parvis.config import environment
from parvis.kit.db import copy_in
from parvis.kit.merging import execute, rows

_ONE_SEALER = 7_301_102
SETTLED_AFTER = timedelta(minutes=10)
"""Between drawing an identifier and having a transaction number, an insertion takes microseconds; this is for the paranoid."""

_NOTHING = (0, 0, BEGINNING, 0)
_NEW = f"""
SELECT {FIELDS} FROM audit_entry e
WHERE e.id > %s AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.entry_id = e.id) ORDER BY e.id LIMIT {BLOCK}
"""
# One statement, one snapshot: what is visible now, and which transactions may still bring more.
_SEEN = """
SELECT COALESCE(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM audit_entry
"""
_COMPLETE = """
SELECT COALESCE(max(highest_entry), 0) FROM audit_seal WHERE number > %s AND made_at <= %s AND next_transaction <= %s
"""
_LOOKED_BACK = 1_000
"""Seals looked at for the floor: it moves at each pass, so that older ones are below it already."""


def seal(*, at: datetime) -> int:
    """Link everything that is committed and not linked; says how many. Writes the head outside the database."""
    linked = 0
    while (count := _pass(at)) > 0:
        linked += count
    ship_heads()
    return linked


@transaction.atomic
def _pass(at: datetime) -> int:
    execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER])
    last = Seal.objects.order_by("-number").first()
    number, position, before, floor = (last.number, last.position, bytes(last.mac), last.floor) if last else _NOTHING
    highest, next_transaction, oldest_running = rows(_SEEN)[0]
    complete = rows(_COMPLETE, [number - _LOOKED_BACK, at - SETTLED_AFTER, oldest_running])[0][0]
    entries = rows(_NEW, [floor])
    if not entries:
        return 0
    if len(entries) == BLOCK:
        # A full block has not seen everything.
        highest, complete = entries[-1][0], min(complete, entries[-1][0])
    made: list[tuple[Any, ...]] = []
    for entry in entries:
        position += 1
        before = mark(before, position, entry)
        made.append((position, entry[0], before))
    copy_in(Link, ["position", "entry_id", "mac"], made)
    Seal.objects.create(
        number=number + 1,
        made_at=at,
        position=position,
        mac=before,
        highest_entry=highest,
        next_transaction=next_transaction,
        floor=max(floor, complete),
    )
    return len(entries)


def heads_path() -> Path:
    """Where heads are written, outside the database: a folder that another machine collects."""
    return Path(environment.AUDIT_HEADS or settings.VAR / "audit" / "heads.jsonl")


def ship_heads() -> int:
    """Add to the file outside every head it does not have; how many. A crash between loses none: the next call adds them."""
    path = heads_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    last = max((head["number"] for head in shipped()), default=0)
    new = list(Seal.objects.filter(number__gt=last).order_by("number"))
    if not new:
        return 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        for one in new:
            head = {
                "number": one.number,
                "position": one.position,
                "mac": bytes(one.mac).hex(),
                "at": one.made_at.isoformat(),
            }
            file.write(json.dumps(head) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return len(new)


def note_restored(*, at: datetime) -> int:
    """Say in the file outside that the database went back: heads it had shipped since are of a past that is no more. How many."""
    last = int(Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0)
    forgotten = len([head for head in shipped() if head["number"] > last])
    if forgotten:
        with heads_path().open("a", encoding="utf-8") as file:
            file.write(json.dumps({"restored_to": last, "at": at.isoformat()}) + "\n")
    return forgotten


def shipped() -> list[dict[str, Any]]:
    """The heads that left, as the file has them, without those a restore put out of the world; a last line cut by a crash is none."""
    try:
        lines = heads_path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    heads: list[dict[str, Any]] = []
    for line in lines:
        said = json.loads(line) if line.endswith("}") else {}
        if "restored_to" in said:
            heads = [head for head in heads if head["number"] <= said["restored_to"]]
        elif said:
            heads.append(said)
    return heads
