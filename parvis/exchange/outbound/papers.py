"""papers.jsonl: the papers the office awaited, given since; each line says which files they are, never what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from parvis.changes.models import Attachment, AwaitedPaper
from parvis.changes.services.awaited import files_of
from parvis.exchange.models import OutgoingDelivery, OutgoingPaper
from parvis.kit.clock import PARIS


def line_of(paper: AwaitedPaper, files: Sequence[Attachment]) -> str:
    """One paper as the format says (schemas/line.json)."""
    giver = paper.given_by
    told = {
        "declaration_ref": paper.subject,
        "paper": paper.paper,
        "asked_at": _moment(paper.asked_at),
        "answer_by": paper.answer_by.isoformat(),
        "given_at": _moment(paper.given_at or paper.asked_at),
        "given_by": giver.login_id if giver else "",
        "files": [
            {
                "file_ref": str(file.opaque),
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": bytes(file.sha256).hex(),
            }
            for file in files
        ],
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def _moment(value: datetime) -> str:
    return value.astimezone(PARIS).isoformat(timespec="seconds")


def seal(delivery: OutgoingDelivery, going: Sequence[AwaitedPaper]) -> None:
    """Fix the lines of a delivery."""
    files = files_of(going) if going else {}
    OutgoingPaper.objects.bulk_create(
        OutgoingPaper(delivery=delivery, position=position, paper=paper, line=line_of(paper, files[paper.files]))
        for position, paper in enumerate(going, 1)
    )


def content(delivery: OutgoingDelivery) -> Iterator[bytes]:
    """The lines in order, byte for byte as they were sealed."""
    rows = OutgoingPaper.objects.filter(delivery=delivery).order_by("position").values_list("line", flat=True)
    for line in rows.iterator(chunk_size=500):
        yield line.encode()
