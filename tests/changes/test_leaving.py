"""changes.jsonl: what was asked leaves once, in order, and the IBAN stands in clear nowhere else."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from parvis.changes.models import ChangeRequest
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.factories.changes import NOW, address_asked
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
BY = system("export")


def lines(folder: Path, sequence: int = 1) -> list[dict[str, Any]]:
    """What a delivery says of changes."""
    text = (folder / f"{sequence:06d}" / "changes.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_an_address_leaves_as_the_format_says(tmp_path: Path) -> None:
    who = owner()
    (change,) = address_asked(who)
    outbound.send(tmp_path, by=BY, at=NOW + timedelta(hours=1))
    assert lines(tmp_path) == [
        {
            "change_ref": change.number,
            "kind": "address",
            "caf_code": "441",
            "tiers_number": who.third_party_number.number,
            "claimant_number": None,
            "tenancy_ref": None,
            "asked_at": "2026-07-21T10:26:00+02:00",
            "asked_by": who.account.login_id,
            "agreed_by": None,
            "channel": "page",
            "details": {
                "address_1": "3 place du Bouffay",
                "address_2": "",
                "address_3": "",
                "postcode": "44000",
                "city": "NANTES",
                "country": "FR",
                "from": "2026-07-21",
            },
        }
    ]
    assert ChangeRequest.objects.get().state == "sent"


def test_the_envelope_names_the_file_its_rows_and_its_checksum(tmp_path: Path) -> None:
    address_asked(owner())
    outbound.send(tmp_path, by=BY, at=NOW)
    manifest = json.loads((tmp_path / "000001" / "manifest.json").read_text(encoding="utf-8"))
    content = (tmp_path / "000001" / "changes.jsonl").read_bytes()
    assert manifest["files"] == [
        {
            "name": "changes.jsonl",
            "kind": "changes",
            "mode": "delta",
            "rows": 1,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    ]
    assert not (tmp_path / "000001" / "declarations.jsonl").exists()


def test_a_change_leaves_once_and_can_be_written_again_the_same(tmp_path: Path) -> None:
    address_asked(owner())
    outbound.send(tmp_path / "a", by=BY, at=NOW)
    assert outbound.send(tmp_path / "a", by=BY, at=NOW) == []
    outbound.write_again(1, tmp_path / "b", by=BY, at=NOW)
    names = ("changes.jsonl", "manifest.json")
    first, again = ([(tmp_path / folder / "000001" / name).read_bytes() for name in names] for folder in ("a", "b"))
    assert first == again
