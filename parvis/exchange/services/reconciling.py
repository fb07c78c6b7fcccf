"""After a restore: what the outbox holds and the database does not has left all the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from parvis.audit.journal import record
from parvis.changes.models import AwaitedPaper
from parvis.changes.services import awaited
from parvis.declarations.models import LEAVING, Declaration
from parvis.declarations.services import exchange
from parvis.exchange import events
from parvis.exchange.models import OutgoingDelivery, OutgoingLine, OutgoingPaper
from parvis.exchange.outbound import files
from parvis.kit.actors import Actor


@dataclass(frozen=True, slots=True)
class Left:
    """Deliveries entered, how many of their declarations and papers are known here, how many of both are ``unknown``."""

    deliveries: int = 0
    declarations: int = 0
    papers: int = 0
    unknown: int = 0

    def __add__(self, other: Left) -> Left:
        return Left(
            self.deliveries + other.deliveries,
            self.declarations + other.declarations,
            self.papers + other.papers,
            self.unknown + other.unknown,
        )


def reconcile(outbox: Path, *, by: Actor, at: datetime) -> Left:
    """Enter the deliveries of the outbox that the database forgot.

    Their declarations and papers do not leave again; the unknown ones came to Parvis after the backup and are lost here: the
    office has them, and the operator tells it. What stood in a change of bank details leaves again: it is held anew.
    """
    last = OutgoingDelivery.objects.aggregate(last=Max("sequence"))["last"] or 0
    left = Left()
    while (folder := outbox / f"{last + 1:06d}").joinpath(files.MANIFEST_NAME).exists():
        last += 1
        left += _enter(last, folder, by, at)
    return left


@transaction.atomic
def _enter(sequence: int, folder: Path, by: Actor, at: datetime) -> Left:
    manifest = (folder / files.MANIFEST_NAME).read_text(encoding="utf-8")
    lines, given = _lines(folder / files.LINES_NAME), _lines(folder / files.PAPERS_NAME)
    declarations, papers = _known_declarations(lines), _known_papers(given)
    delivery = OutgoingDelivery.objects.create(
        sequence=sequence,
        produced_at=datetime.fromisoformat(json.loads(manifest)["produced_at"]),
        rows=len(declarations),
        manifest=manifest,
        sha256=_digest(f"{line}\n" for _, line in declarations),
        paper_rows=len(papers),
        paper_sha256=_digest(line for _, line in papers) if papers else "",
        written_at=at,
    )
    OutgoingLine.objects.bulk_create(
        OutgoingLine(delivery=delivery, position=position, declaration_id=pk, line=line)
        for position, (pk, line) in enumerate(declarations, 1)
    )
    OutgoingPaper.objects.bulk_create(
        OutgoingPaper(delivery=delivery, position=position, paper=paper, line=line)
        for position, (paper, line) in enumerate(papers, 1)
    )
    if declarations:
        exchange.mark_sent([pk for pk, _ in declarations], by=by, at=at)
    awaited.mark_sent([paper for paper, _ in papers], by=by, at=at)
    lost = len(lines) + len(given) - len(declarations) - len(papers)
    told = {"known": len(declarations), "papers": len(papers), "unknown": lost}
    record(events.RECONCILED, subject=f"outgoing {delivery}", by=by, at=at, **told)
    return Left(1, len(declarations), len(papers), lost)


def _lines(path: Path) -> list[tuple[dict[str, Any], str]]:
    """What each line says, and the line itself. Only a line feed ends one: a name may hold other signs that end lines elsewhere."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return [(json.loads(line), line) for line in lines if line]


def _known_declarations(lines: list[tuple[dict[str, Any], str]]) -> list[tuple[int, str]]:
    references = [told["declaration_ref"] for told, _ in lines]
    leaving = dict(Declaration.objects.filter(LEAVING, reference__in=references).values_list("reference", "pk"))
    return [(leaving[told["declaration_ref"]], line) for told, line in lines if told["declaration_ref"] in leaving]


def _known_papers(lines: list[tuple[dict[str, Any], str]]) -> list[tuple[AwaitedPaper, str]]:
    """Those given here that have not left; what asked for them, and when to the second, says which they are."""
    subjects = [told["declaration_ref"] for told, _ in lines]
    waiting = awaited.leaving() if subjects else []
    given = {(paper.subject, paper.asked_at.replace(microsecond=0)): paper for paper in waiting}
    keyed = [((told["declaration_ref"], datetime.fromisoformat(told["asked_at"])), f"{line}\n") for told, line in lines]
    return [(given[key], line) for key, line in keyed if key in given]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(lines).encode()).hexdigest()
