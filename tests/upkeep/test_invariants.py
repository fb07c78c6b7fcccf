"""Each invariant names the row that breaks it; an instance in order breaks none."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from parvis.audit import sealing
from parvis.correspondence.models import Message
from parvis.declarations.models import Receipt
from parvis.exchange.models import OutgoingDelivery
from parvis.kit.actors import system
from parvis.upkeep import retention
from parvis.upkeep.invariants import verifying
from tests.upkeep.breaking import AT, by_force, in_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")
    in_order(tmp_path)


def test_an_instance_in_order_breaks_nothing() -> None:
    assert [(one.invariant.code, one.fault.row) for one in verifying.verify(at=AT)] == []
    out = StringIO()
    call_command("verify", stdout=out, skip_checks=True)
    assert out.getvalue().count("vrai  ") == len(verifying.INVARIANTS)


def test_the_command_names_the_first_row_and_fails() -> None:
    by_force("UPDATE declarations_receipt SET count = 9")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stdout=out, skip_checks=True)
    assert f"première ligne\u00a0: declarations_receipt {Receipt.objects.order_by('pk')[0].pk}" in out.getvalue()


def test_the_night_task_fails_where_something_is_broken() -> None:
    assert verifying.nightly(system("verify"), AT)
    OutgoingDelivery.objects.update(rows=9)
    with pytest.raises(verifying.InvariantsBroken):
        verifying.nightly(system("verify"), AT)


def test_what_is_past_its_time_is_erased_and_nothing_else() -> None:
    Message.objects.update(state="sent", sent_at=AT - timedelta(days=2_000))
    count = Message.objects.count()
    assert count
    waiting = Message.objects.order_by("pk")[0]
    Message.objects.filter(pk=waiting.pk).update(state="due", sent_at=None)
    assert retention.purge(system("purge"), AT)["messages"] == count - 1
    assert list(Message.objects.values_list("pk", flat=True)) == [waiting.pk], "what has not left is kept"
    assert not any(retention.purge(system("purge"), AT).values())
