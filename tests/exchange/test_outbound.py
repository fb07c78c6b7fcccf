"""Declarations leave once, in order, in deliveries that never change."""

from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.audit.models import Entry
from parvis.declarations.models import Declaration
from parvis.exchange.models import OutgoingDelivery, OutgoingLine
from parvis.exchange.outbound import files
from parvis.exchange.refusals import NoSuchDelivery, NotIdentical
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.exchange.inbox import BASE, Inbox, counts, told
from tests.factories.declarations import NOW, campaign, sent, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
BY = system("export")
AT = datetime(2026, 7, 22, 2, 0, tzinfo=UTC)
KEYS = [
    "declaration_ref", "kind", "caf_code", "claimant_number", "tenancy_ref", "tiers_number", "submitted_at", "submitted_by",
    "channel", "corrects", "rule", "confirmed_warnings", "details",
]  # fmt: skip


def declared(*amounts: str, at: datetime = NOW) -> Owner:
    """A landlord who sent these July rents, each known last year."""
    who = owner()
    rented = [tenancy(who.landlord, last_name=f"Nom{index}") for index, _ in enumerate(amounts)]
    for each in rented:
        july_rent(each, 2025, 53_000)
    campaign()
    for each, amount in zip(rented, amounts, strict=True):
        typed(who, each, amount, at=at)
    sent(who, at=at)
    return who


def lines(folder: Path, sequence: int) -> list[dict[str, Any]]:
    text = (folder / f"{sequence:06d}" / "declarations.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_is_written_as_the_format_says(tmp_path: Path) -> None:
    who = declared("525,00")
    outbound.send(tmp_path, by=BY, at=AT)
    declaration = Declaration.objects.get()
    number = who.third_party_number
    raw = (tmp_path / "000001" / "declarations.jsonl").read_text(encoding="utf-8")
    expected: dict[str, Any] = {
        "declaration_ref": declaration.reference, "kind": "july_rent", "caf_code": "441",
        "claimant_number": declaration.tenancy.claimant_number, "tenancy_ref": declaration.tenancy.tenancy_ref,
        "tiers_number": number.number, "submitted_at": "2026-07-21T10:26:00+02:00", "submitted_by": who.account.login_id,
        "channel": "page", "corrects": None, "rule": None, "confirmed_warnings": [],
        "details": {
            "year": 2026, "rent_cents": 52500, "charges_cents": None, "furnished": False, "lease_holders": 1, "amount_is": "whole",
        },
    }  # fmt: skip
    assert raw == json.dumps(expected) + "\n"
    assert list(json.loads(raw)) == KEYS
    assert (declaration.state, declaration.sent_at) == ("sent", AT)


def test_the_manifest_tells_the_truth(tmp_path: Path) -> None:
    declared("525", "530")
    (delivery,) = outbound.send(tmp_path, by=BY, at=AT)
    content = (tmp_path / "000001" / "declarations.jsonl").read_bytes()
    assert json.loads((tmp_path / "000001" / "manifest.json").read_text()) == {
        "sequence": 1, "produced_at": "2026-07-22T04:00:00+02:00", "producer": "PARVIS",
        "files": [{"name": "declarations.jsonl", "kind": "declarations", "mode": "delta", "rows": 2,
                   "sha256": hashlib.sha256(content).hexdigest()}],
    }  # fmt: skip
    assert (delivery.rows, delivery.written_at) == (2, AT)
    assert sorted(path.name for path in (tmp_path / "000001").iterdir()) == ["declarations.jsonl", "manifest.json"]


def test_a_winter_moment_has_its_winter_offset(tmp_path: Path) -> None:
    declared("525", at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    outbound.send(tmp_path, by=BY, at=AT)
    assert lines(tmp_path, 1)[0]["submitted_at"] == "2027-01-01T00:30:00+01:00"


def test_declarations_leave_once_and_in_the_order_they_were_sent(tmp_path: Path) -> None:
    late = declared("525", at=NOW + timedelta(hours=2))
    early = declared("526", at=NOW)
    outbound.send(tmp_path, by=BY, at=AT)
    assert [line["submitted_by"] for line in lines(tmp_path, 1)] == [early.account.login_id, late.account.login_id]
    third = declared("527", at=NOW)
    outbound.send(tmp_path, by=BY, at=AT)
    assert [line["submitted_by"] for line in lines(tmp_path, 2)] == [third.account.login_id]
    assert OutgoingLine.objects.count() == Declaration.objects.filter(state="sent").count() == 3


def test_drafts_stay(tmp_path: Path) -> None:
    who = owner()
    rented = tenancy(who.landlord)
    july_rent(rented, 2025, 52_000)
    campaign()
    typed(who, rented, "525")
    assert outbound.send(tmp_path, by=BY, at=AT) == []


def test_nothing_to_send_writes_nothing(tmp_path: Path) -> None:
    assert outbound.send(tmp_path / "out", by=BY, at=AT) == []
    assert not (tmp_path / "out").exists()
    assert not OutgoingDelivery.objects.exists()
    out = StringIO()
    call_command("export", "--folder", str(tmp_path / "out"), stdout=out, skip_checks=True)
    assert out.getvalue() == "Aucune déclaration à envoyer\u00a0: rien n’a été écrit.\n"


def test_a_crash_between_sealing_and_writing_is_made_good_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared("525")

    def full(*given: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(files, "_write", full)
    with pytest.raises(OSError, match="no space"):
        outbound.send(tmp_path, by=BY, at=AT)
    assert OutgoingDelivery.objects.get().written_at is None
    assert not (tmp_path / "000001" / "manifest.json").exists()
    monkeypatch.undo()
    declared("526")
    assert [delivery.sequence for delivery in outbound.send(tmp_path, by=BY, at=AT)] == [1, 2]
    assert [len(lines(tmp_path, sequence)) for sequence in (1, 2)] == [1, 1]


def test_a_lost_delivery_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    declared("525", "530")
    outbound.send(tmp_path / "first", by=BY, at=AT)
    Declaration.objects.update(state="integrated", year=1)
    outbound.write_again(1, tmp_path / "again", by=BY, at=AT + timedelta(days=9))
    for name in ("declarations.jsonl", "manifest.json"):
        assert (tmp_path / "again" / "000001" / name).read_bytes() == (
            tmp_path / "first" / "000001" / name
        ).read_bytes()
    with pytest.raises(NoSuchDelivery):
        outbound.write_again(2, tmp_path, by=BY, at=AT)
    with pytest.raises(CommandError, match="Aucune livraison ne porte le numéro 000002"):
        call_command("export", "--folder", str(tmp_path), "--again", "2", skip_checks=True)


def test_a_sealed_delivery_that_was_altered_is_not_written(tmp_path: Path) -> None:
    declared("525")
    outbound.send(tmp_path, by=BY, at=AT)
    line = OutgoingLine.objects.get()
    OutgoingLine.objects.update(line=line.line.replace("52500", "52501"))
    with pytest.raises(NotIdentical):
        outbound.write_again(1, tmp_path / "again", by=BY, at=AT)
    assert not (tmp_path / "again").exists()


def test_sealing_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared("525")

    def refuses(*given: Any, **how: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("parvis.declarations.services.exchange.mark_sent", refuses)
    with pytest.raises(RuntimeError):
        outbound.send(tmp_path, by=BY, at=AT)
    assert not OutgoingDelivery.objects.exists()
    assert Declaration.objects.get().state == "submitted"


def test_the_journal_tells_what_was_sealed_and_written(tmp_path: Path) -> None:
    declared("525")
    outbound.send(tmp_path, by=BY, at=AT)
    entries = Entry.objects.filter(subject="outgoing 000001").order_by("pk")
    assert [entry.event for entry in entries] == ["exchange.sealed", "exchange.written"]


def test_an_outcome_comes_back_and_is_obeyed(inbox: Inbox, tmp_path: Path) -> None:
    declared("525", "530", "535")
    outbound.send(tmp_path / "out", by=BY, at=AT)
    first, second, third = Declaration.objects.order_by("pk")
    decided = {"decided_at": "2026-08-21T10:00:00+02:00", "reason_code": ""}
    outcomes = [
        {"declaration_ref": str(first.reference), "status": "integrated", **decided},
        {"declaration_ref": str(second.reference), "status": "rejected", **decided, "reason_code": "tenant_left"},
        {"declaration_ref": "D-2026-999999999-A", "status": "integrated", **decided},
        {"declaration_ref": str(third.reference), "status": "lost", **decided},
    ]
    assert inbox.take(1, {**BASE, "outcomes": outcomes}).state == "loaded"
    assert counts(1, "outcomes") == {"changed": 2, "set_aside": 1, "waiting": 1}
    assert [(number, field) for number, field, _ in told(1)] == [(4, "declaration_ref"), (5, "status")]
    states = Declaration.objects.order_by("pk").values_list("state", "reason_code")
    assert list(states) == [("integrated", ""), ("rejected", "tenant_left"), ("sent", "")]
    assert inbox.take(2, {"outcomes": outcomes[:2]}).state == "loaded"
    assert counts(2, "outcomes") == {"unchanged": 2}


def test_an_outcome_of_what_has_not_left_is_set_aside(inbox: Inbox) -> None:
    declared("525")
    line = {
        "declaration_ref": str(Declaration.objects.get().reference),
        "status": "integrated",
        "decided_at": "2026-08-21T10:00:00Z",
    }
    inbox.take(1, {**BASE, "outcomes": [line]})
    assert counts(1, "outcomes") == {"set_aside": 1}
    assert "n’est pas encore partie" in told(1)[0][2]


def test_exporting_a_hundred_costs_the_statements_of_one(tmp_path: Path) -> None:
    costs = []
    for count in (1, 30):
        declared(*["525"] * count)
        with CaptureQueriesContext(connection) as queries:
            outbound.send(tmp_path, by=BY, at=AT)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_two_exports_at_once_write_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared("525,00", "530,00")
    writing, most = [0], [0]
    real = files.write_delivery

    def slow(*given: Any) -> None:
        writing[0] += 1
        most[0] = max(most[0], writing[0])
        time.sleep(0.2)
        real(*given)
        writing[0] -= 1

    monkeypatch.setattr(files, "write_delivery", slow)
    together = Barrier(3)

    def export(again: bool) -> int:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            if again:
                return outbound.write_again(1, tmp_path, by=BY, at=AT).sequence
            return len(outbound.send(tmp_path, by=BY, at=AT))
        finally:
            connection.close()

    outbound.seal(by=BY, at=AT)
    with ThreadPoolExecutor(3) as pool:
        sends = [pool.submit(export, again) for again in (False, False, True)]
        assert sorted(each.result() for each in sends)[-1] == 1
    assert most == [1]
    assert len(lines(tmp_path, 1)) == 2
