"""Small deliveries built by code: right ones, and wrong in every way."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parvis.exchange.formats import FORMATS
from parvis.exchange.inbound.register import Report
from parvis.exchange.models import DeliveryFile, SetAsideLine
from parvis.exchange.services import inbound
from parvis.kit.actors import system

AT = datetime(2026, 8, 5, 2, 0, tzinfo=UTC)
BY = system("import")

OFFICE = {
    "caf_code": "441",
    "name": "Caf de la Loire-Atlantique",
    "departments": "44",
    "city": "NANTES",
    "postcode": "44000",
}
LANDLORD = {
    "caf_code": "441", "tiers_number": "0004647", "nature": "P", "nir": "295109912611193", "last_name": "Moreau",
    "first_name": "Jean-Luc", "address_1": "12 rue des Tilleuls", "postcode": "44220", "city": "COUERON", "country": "FR",
    "email": "jl.moreau@bailleur.example", "user_number": "44100046470A01", "channel": "portal",
}  # fmt: skip
COMPANY = {
    **LANDLORD, "tiers_number": "0004010", "nature": "M", "nir": "", "siret": "73282932000074", "last_name": "", "first_name": "",
    "company_name": "Alliance Familiale", "email": "", "user_number": "44100040100A02",
}  # fmt: skip
TENANCY = {
    "caf_code": "441", "claimant_number": "1593739", "tenancy_ref": "L0593739", "tiers_number": "0004647", "title": "Mme",
    "last_name": "Moreau", "first_name": "Lina", "address_1": "3 chemin des Vignes", "postcode": "44220", "city": "COUERON",
    "aid_type": "ALF", "state_agreement": "0", "start_on": "2021-10-24", "furnished": "0", "decency": "decent",
    "floor_area_m2": "43", "lease_holders": "1", "rent_cents": "52500", "charges_cents": "3000", "direct_payment": "1",
    "aid_from": "2021-11-01",
}  # fmt: skip
JULY_RENT = {
    "caf_code": "441", "claimant_number": "1593739", "tenancy_ref": "L0593739", "year": "2025", "rent_cents": "52000",
    "source": "landlord",
}  # fmt: skip
PAYMENT = {
    "payment_ref": "P0001", "caf_code": "441", "tiers_number": "0004647", "claimant_number": "1593739", "tenancy_ref": "L0593739",
    "month": "2026-07", "kind": "aid", "amount_cents": "19977", "paid_on": "2026-08-05", "transfer_ref": "VIR1",
}  # fmt: skip
TIME = {"caf_code": "441", "topic": "mail", "min_weeks": "4", "max_weeks": "5", "measured_on": "2026-06-23"}
SAMPLES = {
    "offices": OFFICE, "landlords": LANDLORD, "tenancies": TENANCY, "july_rents": JULY_RENT, "payments": PAYMENT,
    "processing_times": TIME,
}  # fmt: skip
BASE: dict[str, list[dict[str, str]]] = {
    "offices": [OFFICE], "landlords": [LANDLORD, COMPANY], "tenancies": [TENANCY],
}  # fmt: skip


def written(
    kind: str, rows: Iterable[dict[str, str]], *, header: Iterable[str] | None = None, end: str = "\r\n"
) -> bytes:
    """A file of ``kind`` with these rows."""
    names = list(header or FORMATS[kind].names)
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=";", lineterminator=end, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


class Inbox:
    """A folder where deliveries arrive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(
        self,
        sequence: int,
        files: dict[str, list[dict[str, str]] | bytes],
        *,
        mode: str = "delta",
        packed: bool = False,
        manifest: dict[str, Any] | None = None,
        announced: dict[str, Any] | None = None,
    ) -> Path:
        """Write a delivery. ``manifest`` and ``announced`` change what it says of itself and of its first file."""
        target = self.folder / f"{sequence:06d}"
        target.mkdir(exist_ok=True)
        entries = []
        for kind, rows in files.items():
            content = rows if isinstance(rows, bytes) else written(kind, rows)
            count = max(0, content.count(b"\n") - 1) if isinstance(rows, bytes) else len(rows)
            name = f"{kind}.csv.gz" if packed else f"{kind}.csv"
            content = gzip.compress(content) if packed else content
            (target / name).write_bytes(content)
            sha256 = hashlib.sha256(content).hexdigest()
            entries.append({"name": name, "kind": kind, "mode": mode, "rows": count, "sha256": sha256})
        entries[0].update(announced or {})
        told = {
            "sequence": sequence,
            "produced_at": "2026-08-01T02:00:00+02:00",
            "producer": "SI-TEST",
            "files": entries,
        }
        (target / "manifest.json").write_text(json.dumps({**told, **(manifest or {})}), encoding="utf-8")
        return target

    def take_in(self, at: datetime = AT) -> list[Report]:
        """Run the import."""
        return inbound.take_in(self.folder, by=BY, at=at)

    def take(self, sequence: int, files: dict[str, list[dict[str, str]] | bytes], **how: Any) -> Report:
        """Deliver and run; the report of that delivery."""
        self.deliver(sequence, files, **how)
        return self.take_in()[-1]


def counts(sequence: int, kind: str) -> dict[str, int]:
    """What became of the lines of one file."""
    file = DeliveryFile.objects.exclude(delivery__state="refused").get(delivery__sequence=sequence, kind=kind)
    names = ("added", "changed", "unchanged", "ended", "set_aside", "waiting")
    return {name: getattr(file, name) for name in names if getattr(file, name)}


def told(sequence: int) -> list[tuple[int, str, str]]:
    """The lines set aside in a delivery: number, field, sentence."""
    lines = SetAsideLine.objects.filter(file__delivery__sequence=sequence).order_by("file__position", "number")
    return list(lines.values_list("number", "field", "sentence"))
