"""What waits and what was answered: a feed that never came is late, what is stuck is seen, answers are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from parvis.changes.models import ChangeRequest
from parvis.declarations.models import Declaration
from parvis.exchange.models import Delivery, DeliveryFile, OutgoingDelivery, OutgoingLine
from parvis.exchange.refusals import NotIdentical
from parvis.exchange.selectors import health, outgoing
from parvis.exchange.services import answers, outbound
from parvis.kit.actors import system
from tests.exchange.inbox import AT as CAME
from tests.exchange.inbox import BASE, Inbox
from tests.exchange.test_outbound import AT, declared
from tests.factories.agents import colleague
from tests.factories.changes import address_asked
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
BY = system("export")


def feed(kind: str, at: datetime) -> health.Feed:
    return next(feed for feed in health.feeds(at=at) if feed.kind == kind)


def test_answers_that_never_came_are_late_since_the_first_delivery(tmp_path: Path) -> None:
    assert not feed("outcomes", AT + timedelta(days=400)).late_by, "nothing was asked"
    declared("525")
    outbound.send(tmp_path, by=BY, at=AT)
    assert not feed("outcomes", AT + timedelta(days=3)).late_by
    late = feed("outcomes", AT + timedelta(days=5))
    assert (late.state, late.late_by) == ("late", timedelta(days=2))


def test_another_feed_that_never_came_is_late_since_the_first_that_did(inbox: Inbox) -> None:
    assert not feed("payments", CAME + timedelta(days=400)).late_by
    inbox.take(1, dict(BASE))
    assert not feed("payments", CAME).late_by
    assert feed("payments", CAME + timedelta(days=60)).state == "late"
    assert feed("july_rents", CAME + timedelta(days=400)).state == "never", "no alarm was asked for that one"


def test_a_change_that_is_ready_and_stuck_is_seen(tmp_path: Path) -> None:
    assert health.going(at=AT).oldest_at is None
    address_asked(owner(), at=AT)
    going = health.going(at=AT + timedelta(days=9))
    assert (going.declarations, going.changes, going.papers, going.oldest_at) == (0, 1, 0, AT)
    assert going.late_by
    outbound.send(tmp_path, by=BY, at=AT)
    assert not health.going(at=AT + timedelta(days=9)).late_by


def test_a_sealed_delivery_that_is_not_written_is_late(tmp_path: Path) -> None:
    declared("525")
    outbound.seal(by=BY, at=AT)
    assert health.going(at=AT + timedelta(days=9)).late_by


def altered(sequence: int) -> None:
    line = OutgoingLine.objects.get(delivery__sequence=sequence)
    OutgoingLine.objects.filter(pk=line.pk).update(line=line.line.replace("52500", "52501"))


def test_one_that_is_no_longer_identical_holds_back_no_other(tmp_path: Path) -> None:
    declared("525,00")
    outbound.seal(by=BY, at=AT)
    altered(1)
    declared("530")
    with pytest.raises(NotIdentical):
        outbound.send(tmp_path, by=BY, at=AT)
    assert not (tmp_path / "000001").exists()
    assert (tmp_path / "000002").exists()
    assert OutgoingDelivery.objects.get(sequence=2).written_at == AT
    boss = colleague().actor
    for sequence in (1, 2):
        outbound.ask_again(sequence, by=boss, at=AT)
    with pytest.raises(NotIdentical):
        outbound.write_asked(tmp_path / "again", by=BY, at=AT)
    assert (tmp_path / "again" / "000002").exists()
    assert list(OutgoingDelivery.objects.exclude(again_asked_at=None).values_list("sequence", flat=True)) == [1]


def test_answers_are_counted_delivery_by_delivery_until_all_is_decided(tmp_path: Path) -> None:
    declared("525", "530", "531", "532")
    address_asked(owner())
    outbound.send(tmp_path, by=BY, at=AT)
    assert answers.count_open(at=AT) == 1
    one = OutgoingDelivery.objects.get()
    assert (one.taken, one.refused, one.by_hand, one.unanswered) == (0, 0, 0, 5)
    keys = list(Declaration.objects.order_by("pk").values_list("pk", flat=True))
    for key, state in zip(keys, ("integrated", "rejected", "manual", "integrated"), strict=True):
        Declaration.objects.filter(pk=key).update(state=state)
    answered(1, at=AT + timedelta(minutes=5))
    assert answers.count_open(at=AT + timedelta(minutes=15)) == 1
    one.refresh_from_db()
    assert (one.taken, one.refused, one.by_hand, one.unanswered) == (2, 1, 1, 1)
    found = outgoing.outgoing(colleague().actor, 1)
    assert found.states == [("Prise en compte", 2), ("En traitement manuel", 1), ("Rejetée", 1)]
    assert found.changes == [("Sans réponse", 1)]
    Declaration.objects.update(state="integrated")
    ChangeRequest.objects.update(state="done")
    assert answers.count_open(at=AT + timedelta(days=2)) == 1
    assert answers.count_open(at=AT + timedelta(days=9)) == 0, "decided to the last, it is counted no more"


def answered(sequence: int, *, at: datetime) -> None:
    """A file of answers was taken in."""
    came = Delivery.objects.create(sequence=sequence, state="loaded", started_at=at, finished_at=at)
    DeliveryFile.objects.create(delivery=came, position=1, rows=1, kind="outcomes", state="loaded", loaded_at=at)


def test_one_line_that_nobody_answers_does_not_have_all_of_them_counted_all_day(tmp_path: Path) -> None:
    declared("525")
    outbound.send(tmp_path, by=BY, at=AT)
    minutes, counts = range(0, 120, 15), []
    for minute in minutes:
        counts.append(answers.count_open(at=AT + timedelta(minutes=minute)))
    assert counts == [1] + [0] * 7
    answered(1, at=AT + timedelta(hours=2, minutes=5))
    assert answers.count_open(at=AT + timedelta(hours=2, minutes=15)) == 1
    assert answers.count_open(at=AT + timedelta(hours=2, minutes=30)) == 0
    assert answers.count_open(at=AT + timedelta(hours=27)) == 1, "once a day whatever came"
