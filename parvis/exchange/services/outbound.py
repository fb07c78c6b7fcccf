"""Sending declarations and changes out: each leaves in exactly one delivery, in the order landlords sent them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max

from parvis.audit.journal import record
from parvis.changes.services import awaited, leaving
from parvis.declarations.services import exchange
from parvis.exchange import events
from parvis.exchange.models import OutgoingDelivery
from parvis.exchange.outbound import changes, files, lines, papers
from parvis.exchange.refusals import LinesLost, NoSuchDelivery, NotIdentical
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import PARIS
from parvis.kit.merging import execute, rows

_ONE_EXPORT = 7_301_101
PRODUCER = "PARVIS"
_NOTHING = hashlib.sha256().hexdigest()


def send(outbox: Path, *, by: Actor, at: datetime) -> list[OutgoingDelivery]:
    """Write what was sealed and never written (a crash came between), then seal and write what is ready.

    Returns the deliveries written; none where there is nothing to send, and then nothing is written. A second run
    waits for the first one's end. One that is no longer identical holds back no other: it is refused once they are written.
    """
    with _alone():
        seal(by=by, at=at)
        unwritten = OutgoingDelivery.objects.filter(written_at__isnull=True).order_by("sequence")
        return _each(unwritten, lambda delivery: _write(delivery, outbox, by, at))


def _each(
    deliveries: Iterable[OutgoingDelivery], write: Callable[[OutgoingDelivery], object]
) -> list[OutgoingDelivery]:
    """Those written; raises the first refusal once all were tried."""
    written: list[OutgoingDelivery] = []
    refusals: list[NotIdentical | LinesLost] = []
    for delivery in deliveries:
        try:
            write(delivery)
        except (NotIdentical, LinesLost) as refusal:
            refusals.append(refusal)
        else:
            written.append(delivery)
    if refusals:
        raise refusals[0]
    return written


def write_again(sequence: int, outbox: Path, *, by: Actor, at: datetime) -> OutgoingDelivery:
    """Write a delivery lost on the way once more, byte for byte the same."""
    with _alone():
        delivery = OutgoingDelivery.objects.filter(sequence=sequence).first()
        if delivery is None:
            raise NoSuchDelivery(sequence)
        _write(delivery, outbox, by, at)
        return delivery


@transaction.atomic
def ask_again(sequence: int, *, by: Actor, at: datetime) -> None:
    """Have a delivery written once more within the minute, where the outbox is; asked twice, it is written once."""
    check_holds(by, Duty.RUN_FEEDS)
    delivery = OutgoingDelivery.objects.filter(sequence=sequence)
    _refuse_lost(delivery.first())
    if not delivery.filter(again_asked_at=None).update(again_asked_at=at, again_asked_by=by.label):
        if not delivery.exists():
            raise NoSuchDelivery(sequence)
        return
    record(events.AGAIN_ASKED, subject=f"outgoing {sequence:06d}", by=by, at=at)


def write_asked(outbox: Path, *, by: Actor, at: datetime) -> int:
    """Write again what agents asked for; how many. One that is no longer identical is not written, and stays asked for."""

    def write(delivery: OutgoingDelivery) -> None:
        write_again(delivery.sequence, outbox, by=by, at=at)
        this = OutgoingDelivery.objects.filter(pk=delivery.pk, again_asked_at=delivery.again_asked_at)
        this.update(again_asked_at=None, again_asked_by="")

    return len(_each(OutgoingDelivery.objects.filter(again_asked_at__isnull=False).order_by("sequence"), write))


@contextmanager
def _alone() -> Iterator[None]:
    """One writer at a time: two would share the names of the files they are writing."""
    execute("SELECT pg_advisory_lock(%s)", [_ONE_EXPORT])
    try:
        yield
    finally:
        execute("SELECT pg_advisory_unlock(%s)", [_ONE_EXPORT])


@transaction.atomic
def seal(*, by: Actor, at: datetime) -> OutgoingDelivery | None:
    """Fix the next delivery: its number, its lines, its checksum; from then on what it holds has left. None if nothing is ready."""
    execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_EXPORT])
    ids = [identifier for (identifier,) in rows(lines.LEAVING)]
    going = leaving.leaving(by=by, at=at)
    given = awaited.leaving()
    if not ids and not going and not given:
        return None
    last = OutgoingDelivery.objects.aggregate(last=Max("sequence"))["last"] or 0
    delivery = OutgoingDelivery.objects.create(
        sequence=last + 1,
        produced_at=at,
        rows=len(ids),
        change_rows=len(going),
        manifest="",
        sha256="",
        change_sha256="",
        paper_rows=len(given),
    )
    if ids:
        execute(lines.INSERT, {"delivery": delivery.pk, "ids": ids})
    changes.seal(delivery, going)
    papers.seal(delivery, given)
    delivery.sha256, delivery.change_sha256 = _digest(_content(delivery)), _digest(changes.content(delivery))
    delivery.paper_sha256 = _digest(papers.content(delivery)) if given else ""
    delivery.manifest = _manifest(delivery)
    delivery.save(update_fields=["sha256", "change_sha256", "paper_sha256", "manifest"])
    if ids:
        exchange.mark_sent(ids, by=by, at=at)
    leaving.mark_sent([change for change, _ in going], by=by, at=at)
    awaited.mark_sent(given, by=by, at=at)
    told = {"rows": delivery.rows, "sha256": delivery.sha256}
    also = {"changes": delivery.change_rows, "changes_sha256": delivery.change_sha256} if going else {}
    if given:
        also |= {"papers": delivery.paper_rows, "papers_sha256": delivery.paper_sha256}
    record(events.SEALED, subject=f"outgoing {delivery}", by=by, at=at, **told, **also)
    return delivery


def _digest(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _stated(delivery: OutgoingDelivery) -> list[tuple[str, str, int, str]]:
    """Name, kind, lines and checksum of each of its files, those without lines too."""
    return [
        (files.LINES_NAME, "declarations", delivery.rows, delivery.sha256),
        (files.CHANGES_NAME, "changes", delivery.change_rows, delivery.change_sha256),
        (files.PAPERS_NAME, "papers", delivery.paper_rows, delivery.paper_sha256),
    ]


def _manifest(delivery: OutgoingDelivery) -> str:
    told = {
        "sequence": delivery.sequence,
        "produced_at": delivery.produced_at.astimezone(PARIS).isoformat(timespec="seconds"),
        "producer": PRODUCER,
        "files": [
            {"name": name, "kind": kind, "mode": "delta", "rows": count, "sha256": sha256}
            for name, kind, count, sha256 in _stated(delivery)
            if count
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


@transaction.atomic
def _note_written(delivery: OutgoingDelivery, by: Actor, at: datetime) -> None:
    OutgoingDelivery.objects.filter(pk=delivery.pk).update(written_at=at)
    record(events.WRITTEN, subject=f"outgoing {delivery}", by=by, at=at, again=delivery.written_at is not None)


def _write(delivery: OutgoingDelivery, outbox: Path, by: Actor, at: datetime) -> None:
    """Outside any transaction of ours: files are written, then it is noted. Crashing between writes the same again."""
    _refuse_lost(delivery)
    if not is_identical(delivery):
        raise NotIdentical(delivery.sequence)
    contents = {files.LINES_NAME: _content(delivery)} if delivery.rows else {}
    if delivery.change_rows:
        contents[files.CHANGES_NAME] = changes.content(delivery)
    if delivery.paper_rows:
        contents[files.PAPERS_NAME] = papers.content(delivery)
    files.write_delivery(outbox / f"{delivery.sequence:06d}", contents, delivery.manifest.encode())
    _note_written(delivery, by, at)
    delivery.written_at = at


def is_identical(delivery: OutgoingDelivery) -> bool:
    """Whether what the database kept of a delivery still is what was sealed."""
    if _digest(_content(delivery)) != delivery.sha256:
        return False
    if delivery.change_rows and _digest(changes.content(delivery)) != delivery.change_sha256:
        return False
    return _digest(papers.content(delivery)) == (delivery.paper_sha256 or _NOTHING)


def _refuse_lost(delivery: OutgoingDelivery | None) -> None:
    """A delivery found again after a restore, of which lines are lost here: its good copy is the one it was found in."""
    if delivery is not None and _told_in(delivery.manifest) != _held_in(delivery):
        raise LinesLost(delivery.sequence)


def _told_in(manifest: str) -> set[tuple[str, int, str]]:
    return {(file["name"], file["rows"], file["sha256"]) for file in json.loads(manifest)["files"]}


def _held_in(delivery: OutgoingDelivery) -> set[tuple[str, int, str]]:
    return {(name, count, sha256) for name, _, count, sha256 in _stated(delivery) if count}


def _content(delivery: OutgoingDelivery) -> Iterator[bytes]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(lines.CONTENT, [delivery.pk])
        while found := cursor.fetchmany(20):
            yield from (part.encode() for (part,) in found)
