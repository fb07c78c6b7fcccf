"""Big deliveries take ways of their own; they end the same as small ones."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from parvis.demo.volume import Volume, write_delivery
from parvis.exchange.inbound import loading
from parvis.tenancies.models import Payment, PortfolioCount, Tenancy
from parvis.tenancies.services import fresh
from tests.exchange.inbox import Inbox, counts, told

pytestmark = pytest.mark.django_db
SMALL = Volume(landlords=40, tenancies=400, payments=1000, largest=50)
CHANGED = Volume(landlords=40, tenancies=400, payments=1000, largest=50, changed_percent=2)


@pytest.fixture
def big(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever has a hundred lines is big."""
    monkeypatch.setattr(loading, "BIG", 100)
    monkeypatch.setattr(fresh, "BIG", 100)


def indexes() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('tenancies_tenancy', 'tenancies_payment')"
            " UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid IN ('tenancies_tenancy'::regclass, 'tenancies_payment'::regclass) ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def test_a_first_big_delivery_leaves_every_index_and_key_in_place(inbox: Inbox, big: None) -> None:
    before = indexes()
    write_delivery(inbox.folder, SMALL)
    assert inbox.take_in()[-1].state == "loaded"
    assert counts(1, "tenancies") == {"added": 400}
    assert counts(1, "payments") == {"added": 1000}
    assert indexes() == before
    assert PortfolioCount.objects.order_by("-current")[0].current >= 50
    assert sum(PortfolioCount.objects.values_list("current", flat=True)) == 400


def test_a_second_one_changes_what_differs_and_nothing_else(inbox: Inbox, big: None) -> None:
    write_delivery(inbox.folder, SMALL)
    inbox.take_in()
    write_delivery(inbox.folder, CHANGED, sequence=2)
    assert inbox.take_in()[-1].state == "loaded"
    tenancies = sum(CHANGED.is_changed(index) for index in range(400))
    payments = sum(CHANGED.is_changed(index) for index in range(1000))
    assert tenancies
    assert counts(2, "tenancies") == {"changed": tenancies, "unchanged": 400 - tenancies}
    assert counts(2, "payments") == {"changed": payments, "unchanged": 1000 - payments}


def test_big_and_small_ways_end_alike(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same faulty delivery, taken both ways, in one database emptied between."""
    found = []
    for size in (100, 10_000_000):
        monkeypatch.setattr(loading, "BIG", size)
        monkeypatch.setattr(fresh, "BIG", size)
        folder = Inbox(inbox.folder / str(size))
        folder.folder.mkdir()
        _spoil(write_delivery(folder.folder, SMALL))
        with transaction.atomic():
            assert folder.take_in()[-1].state == "loaded"
            rows = list(
                Tenancy.objects.order_by("claimant_number").values(
                    "claimant_number", "rent_cents", "sort_name", "line_hash"
                )
            )
            paid = list(Payment.objects.order_by("pk").values("pk", "amount_cents", "line_hash"))
            found.append((rows, paid, counts(1, "tenancies"), counts(1, "payments"), [line[1:] for line in told(1)]))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0][2] == {"added": 397, "set_aside": 2, "waiting": 1}
    # The payments of the three tenancies that did not go in wait for them.
    assert found[0][3]["set_aside"] == 1


def _spoil(folder: Path) -> None:
    """A bad value, a line twice, an unknown landlord; a bad payment."""
    lines = (folder / "tenancies.csv").read_bytes().split(b"\r\n")
    lines[10] = lines[10].replace(b";AL", b";XL").replace(b";APL", b";XPL")
    lines[20] = lines[21]
    lines[30] = b";".join([*lines[30].split(b";")[:3], b"9999999", *lines[30].split(b";")[4:]])
    (folder / "tenancies.csv").write_bytes(b"\r\n".join(lines))
    payments = (folder / "payments.csv").read_bytes().replace(b";2026-07;aid;", b";2026-07;aids;", 1)
    (folder / "payments.csv").write_bytes(payments)
    told = json.loads((folder / "manifest.json").read_text())
    for file in told["files"]:
        file["sha256"] = hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(told))
