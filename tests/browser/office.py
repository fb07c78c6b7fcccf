"""The office's information system in a story: it delivers, takes what landlords sent, and answers."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings

from parvis.declarations.services import campaigns
from parvis.exchange.services import inbound, outbound
from parvis.kit.actors import system
from parvis.kit.clock import PARIS
from tests.browser import post_office

DELIVERY = Path(__file__).resolve().parents[2] / "parvis" / "demo" / "deliveries" / "000001"
BIRTH = datetime(2026, 7, 13, 2, 0, tzinfo=PARIS)
MORNING = datetime(2026, 7, 21, 9, 12, tzinfo=PARIS)
"""A July morning: the letters have arrived, the campaign is open."""
SYSTEM = system("import")


def delivers(*numbers: str) -> None:
    """Deliver the landlords with these third-party numbers and all that is theirs; let every message leave in its time."""
    campaigns.open_campaign(
        2026,
        opens_on=date(2026, 7, 1),
        deadline_on=date(2026, 9, 30),
        suspension_on=date(2027, 1, 15),
        by=SYSTEM,
        at=BIRTH,
    )
    _write(1, _part_of(DELIVERY, set(numbers)))
    _take_in(BIRTH)
    for hours in (0, 1, 24 * 3 + 12):
        post_office.deliver(at=BIRTH + timedelta(hours=hours))


def takes() -> list[dict[str, Any]]:
    """Take what landlords sent: the declarations of the new deliveries, in their order."""
    made = outbound.send(settings.OUTBOX, by=SYSTEM, at=MORNING + timedelta(days=1))
    lines = []
    for delivery in made:
        text = (settings.OUTBOX / f"{delivery.sequence:06d}" / "declarations.jsonl").read_text(encoding="utf-8")
        lines += [json.loads(line) for line in text.splitlines()]
    return lines


def answers(sequence: int, *outcomes: tuple[str, str, str], at: datetime) -> None:
    """Say what became of declarations: (reference, status, reason)."""
    rows = [
        {"declaration_ref": reference, "status": status, "reason_code": reason, "decided_at": at.isoformat()}
        for reference, status, reason in outcomes
    ]
    _write(sequence, {"outcomes": rows}, mode="delta")
    _take_in(at)


def _take_in(at: datetime) -> None:
    reports = inbound.take_in(settings.INBOX, by=SYSTEM, at=at)
    assert not [report for report in reports if report.blocks], reports


def _part_of(folder: Path, numbers: set[str]) -> dict[str, list[dict[str, str]]]:
    """The lines of a delivery that concern these landlords; the offices and their delays whole."""
    read = {path.stem: _rows(path) for path in folder.glob("*.csv")}
    kept = {row["tenancy_ref"] for row in read["tenancies"] if row["tiers_number"] in numbers}
    part = {}
    for kind, rows in read.items():
        if kind in ("landlords", "tenancies", "payments"):
            part[kind] = [row for row in rows if row["tiers_number"] in numbers]
        else:
            part[kind] = [row for row in rows if kind != "july_rents" or row["tenancy_ref"] in kept]
    return part


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _write(sequence: int, part: dict[str, list[dict[str, str]]], *, mode: str = "full") -> None:
    folder = settings.INBOX / f"{sequence:06d}"
    folder.mkdir()
    files = []
    for kind, rows in ((kind, rows) for kind, rows in part.items() if rows):
        text = StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        content = text.getvalue().encode()
        (folder / f"{kind}.csv").write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append({"name": f"{kind}.csv", "kind": kind, "mode": mode, "rows": len(rows), "sha256": sha256})
    manifest = {"sequence": sequence, "produced_at": BIRTH.isoformat(), "producer": "SI-TEST", "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
