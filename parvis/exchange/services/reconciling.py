"""After a restore: what the outbox holds and the database does not has left all the same."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from parvis.audit.journal import record
from parvis.declarations.models import LEAVING, Declaration
from parvis.declarations.services import exchange
from parvis.exchange import events
from parvis.exchange.models import OutgoingDelivery, OutgoingLine
from parvis.exchange.outbound import files
from parvis.kit.actors import Actor


def reconcile(outbox: Path, *, by: Actor, at: datetime) -> tuple[int, int, int]:
    """Enter the deliveries of the outbox that the database forgot: how many, how many of their declarations, how many unknown.

    Their declarations do not leave again; the unknown ones were sent to Parvis after the backup and are lost here: the office has
    them, and the operator tells it. What stood in a change of bank details leaves again: it is held anew.
    """
    last = OutgoingDelivery.objects.aggregate(last=Max("sequence"))["last"] or 0
    entered = known = unknown = 0
    while (folder := outbox / f"{last + 1:06d}").joinpath(files.MANIFEST_NAME).exists():
        last += 1
        found, lost = _enter(last, folder, by, at)
        entered, known, unknown = entered + 1, known + found, unknown + lost
    return entered, known, unknown


@transaction.atomic
def _enter(sequence: int, folder: Path, by: Actor, at: datetime) -> tuple[int, int]:
    manifest, path = (folder / files.MANIFEST_NAME).read_text(encoding="utf-8"), folder / files.LINES_NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    references = [json.loads(line)["declaration_ref"] for line in lines]
    leaving = dict(Declaration.objects.filter(LEAVING, reference__in=references).values_list("reference", "pk"))
    kept = [(leaving[ref], line) for ref, line in zip(references, lines, strict=True) if ref in leaving]
    content = "".join(f"{line}\n" for _, line in kept).encode()
    delivery = OutgoingDelivery.objects.create(
        sequence=sequence,
        produced_at=datetime.fromisoformat(json.loads(manifest)["produced_at"]),
        rows=len(kept),
        manifest=manifest,
        sha256=hashlib.sha256(content).hexdigest(),
        written_at=at,
    )
    OutgoingLine.objects.bulk_create(
        OutgoingLine(delivery=delivery, position=position, declaration_id=pk, line=line)
        for position, (pk, line) in enumerate(kept, 1)
    )
    if kept:
        exchange.mark_sent([pk for pk, _ in kept], by=by, at=at)
    lost = len(references) - len(kept)
    record(events.RECONCILED, subject=f"outgoing {delivery}", by=by, at=at, known=len(kept), unknown=lost)
    return len(kept), lost
