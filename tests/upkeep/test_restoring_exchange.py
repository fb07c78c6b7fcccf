"""What is found again in the outbox does not leave twice, nor over its good copy."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from parvis.changes.models import AwaitedPaper
from parvis.changes.services import awaited
from parvis.declarations.models import Declaration
from parvis.exchange.models import OutgoingDelivery, OutgoingPaper
from parvis.exchange.refusals import LinesLost
from parvis.exchange.services import outbound, reconciling
from parvis.kit.actors import system
from parvis.upkeep.invariants import verifying
from tests.exchange.test_outbound import AT, declared
from tests.factories.agents import colleague
from tests.factories.awaited import paper_awaited
from tests.factories.landlords import owner
from tests.factories.papers import paper

pytestmark = pytest.mark.django_db
BY = system("after_restore")


def as_at_the_backup(*, before: str, declarations: bool = False) -> None:
    """The database forgets its deliveries; what stood in them waits again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("outgoingpaper", "outgoingline", "outgoingdelivery"):
            cursor.execute(f"DELETE FROM exchange_{table}")
        if declarations:
            cursor.execute("UPDATE declarations_declaration SET state = %s, sent_at = NULL", [before])
        cursor.execute("UPDATE changes_awaitedpaper SET sent_at = NULL")
        cursor.execute("SET LOCAL session_replication_role = origin")


def given() -> AwaitedPaper:
    """A paper an office awaited, given and not left; what it is about left long ago."""
    who = owner()
    awaits = paper_awaited(who)
    return awaited.give(awaits.opaque, [paper("bail.pdf")], by=who.actor, at=AT)


def test_papers_found_in_the_outbox_do_not_leave_twice(tmp_path: Path) -> None:
    mine = given()
    outbound.send(tmp_path, by=BY, at=AT)
    content = (tmp_path / "000001" / "papers.jsonl").read_bytes()
    as_at_the_backup(before="sent")
    left = reconciling.reconcile(tmp_path, by=BY, at=AT + timedelta(days=1))
    assert left == reconciling.Left(1, 0, 1, 0)
    mine.refresh_from_db()
    assert mine.sent_at == AT + timedelta(days=1)
    delivery = OutgoingDelivery.objects.get()
    assert (delivery.paper_rows, delivery.paper_sha256) == (1, hashlib.sha256(content).hexdigest())
    assert outbound.is_identical(delivery)
    assert outbound.send(tmp_path, by=BY, at=AT) == []
    outbound.write_again(1, tmp_path, by=BY, at=AT)
    assert (tmp_path / "000001" / "papers.jsonl").read_bytes() == content


def test_papers_the_database_no_longer_knows_are_counted_and_their_delivery_is_not_written_again(
    tmp_path: Path,
) -> None:
    mine = given()
    outbound.send(tmp_path, by=BY, at=AT)
    as_at_the_backup(before="sent")
    AwaitedPaper.objects.filter(pk=mine.pk).update(state="awaited", given_at=None, given_by=None)
    assert reconciling.reconcile(tmp_path, by=BY, at=AT) == reconciling.Left(1, 0, 0, 1)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "000001").iterdir()}
    with pytest.raises(LinesLost):
        outbound.write_again(1, tmp_path, by=BY, at=AT)
    with pytest.raises(LinesLost):
        outbound.ask_again(1, by=colleague().actor, at=AT)
    assert {path.name: path.read_bytes() for path in (tmp_path / "000001").iterdir()} == kept


def test_a_good_copy_is_not_spoilt_by_what_is_left_of_it(tmp_path: Path) -> None:
    declared("525", "530")
    outbound.send(tmp_path, by=BY, at=AT)
    as_at_the_backup(before="submitted", declarations=True)
    first = Declaration.objects.order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE declarations_declaration SET reference = 'D-LOST' WHERE id = %s", [first.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert reconciling.reconcile(tmp_path, by=BY, at=AT).unknown == 1
    content = (tmp_path / "000001" / "declarations.jsonl").read_bytes()
    with pytest.raises(LinesLost):
        outbound.write_again(1, tmp_path, by=BY, at=AT)
    assert (tmp_path / "000001" / "declarations.jsonl").read_bytes() == content


def test_a_line_ends_at_its_line_feed_and_nowhere_else(tmp_path: Path) -> None:
    """A file's name may hold a sign that ends lines elsewhere."""
    mine = given()
    outbound.send(tmp_path / "elsewhere", by=BY, at=AT)
    shutil.copytree(tmp_path / "elsewhere", tmp_path / "outbox")
    path = tmp_path / "outbox" / "000001" / "papers.jsonl"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["files"][0]["name"] = "bail\u2028signé.pdf"
    path.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    as_at_the_backup(before="sent")
    assert reconciling.reconcile(tmp_path / "outbox", by=BY, at=AT).papers == 1
    assert OutgoingPaper.objects.get().paper_id == mine.pk


def test_a_paper_changed_after_its_sealing_is_no_longer_identical(tmp_path: Path) -> None:
    given()
    (delivery,) = outbound.send(tmp_path, by=BY, at=AT)
    assert outbound.is_identical(delivery)
    OutgoingPaper.objects.update(line="{}\n")
    assert not outbound.is_identical(delivery)
    assert f"exchange_outgoingdelivery {delivery.pk}" in {one.fault.row for one in verifying.verify(at=AT)}
