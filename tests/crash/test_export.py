"""An export killed while it seals or writes a delivery: the next one ends it; every line leaves once, in its order, byte for byte."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from parvis.declarations.models import Declaration
from parvis.declarations.services import july
from parvis.exchange.models import OutgoingDelivery
from parvis.exchange.services import outbound
from tests.crash import victims
from tests.factories import declarations, landlords, tenancies

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
LINES = 8_000
KILLS = 3
EVENING = declarations.NOW + timedelta(hours=10)


def _sent_by_a_landlord() -> None:
    """Thousands of July rents, sent in one go."""
    me = landlords.owner()
    tenancies.many_tenancies(me.landlord, LINES)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancies_julyrent (tenancy_id, year, rent_cents, source)"
            " SELECT id, 2025, 50000, 'landlord' FROM tenancies_tenancy"
        )
    declarations.campaign()
    assert july.prefill(me.actor, declarations.YEAR, at=declarations.NOW) == LINES
    declarations.sent(me)


def _kills(outbox: Path, chance: random.Random) -> tuple[int, int]:
    """How many were killed while they sealed, and while they wrote."""
    sealing = writing = 0
    for _ in range(KILLS):
        victim = victims.task("send_out", EVENING, PARVIS_OUTBOX=str(outbox))
        sealing += victims.killed_once(victim, lambda: victims.is_writing("exchange_outgoingdelivery"), 0)
    outbound.seal(by=victims.BY, at=EVENING)
    for _ in range(KILLS):
        victim = victims.task("send_out", EVENING, PARVIS_OUTBOX=str(outbox))
        writing += victims.killed_once(victim, lambda: any(outbox.glob("*/.*.new")), chance.random() / 100)
    return sealing, writing


def test_an_export_that_is_killed_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    _sent_by_a_landlord()
    sealing, writing = _kills(outbox, random.Random())
    assert victims.task("send_out", EVENING, PARVIS_OUTBOX=str(outbox)).wait(300) == 0
    assert sealing >= 1, "none was killed while it sealed: the test proves nothing"
    assert writing >= 1, "none was killed while it wrote: the test proves nothing"

    (delivery,) = OutgoingDelivery.objects.all()
    assert (delivery.sequence, delivery.rows, delivery.written_at) == (1, LINES, EVENING)
    (folder,) = outbox.iterdir()
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(kept) == {"declarations.jsonl", "manifest.json"}
    (stated,) = json.loads(kept["manifest.json"])["files"]
    assert stated["sha256"] == hashlib.sha256(kept["declarations.jsonl"]).hexdigest()
    lines = [json.loads(line)["declaration_ref"] for line in kept["declarations.jsonl"].splitlines()]
    rents = Declaration.objects.filter(kind="july_rent", state="sent")
    assert len(lines) == len(set(lines)) == LINES == rents.count()
    assert lines == list(rents.order_by("submitted_at", "pk").values_list("reference", flat=True))

    outbound.write_again(1, tmp_path / "again", by=victims.BY, at=EVENING)
    assert {path.name: path.read_bytes() for path in (tmp_path / "again" / "000001").iterdir()} == kept
