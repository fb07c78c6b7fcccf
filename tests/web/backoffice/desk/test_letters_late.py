"""Letters leave within a working day a step: what stands still rings, and the letters of the day used up do too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from parvis.agents.posts import Role
from parvis.correspondence.models import BatchState, LetterBatch, MessageState
from parvis.identity.models import Account
from parvis.kit.actors import system
from parvis.kit.refusals import ActNotPossible
from parvis.landlords.selectors.addressees import addressee_of
from parvis.landlords.services import credentials, lost_mailbox
from parvis.parameters.services import change
from parvis.upkeep.clockwork import running
from parvis.upkeep.figures import figures
from parvis.upkeep.models import TaskRun
from parvis.web.backoffice.desk.alarms import Alarm, alarms_for
from tests.factories.agents import colleague
from tests.factories.landlords import owner
from tests.web.backoffice.file.opening import alone, letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
FRIDAY = datetime(2026, 7, 17, 9, tzinfo=UTC)
MONDAY, TUESDAY, THURSDAY = (FRIDAY + timedelta(days=days) for days in (3, 4, 6))
EXHAUSTED = "Les lettres d’identifiants du jour sont épuisées"


def rung(at: datetime) -> list[Alarm]:
    running.enter(at=at)
    TaskRun.objects.update(due_at=at + timedelta(hours=1))
    return alarms_for(colleague().actor, at=at)


def told(name: str, at: datetime) -> dict[str, float]:
    return {dict(one.labels).get("state", ""): one.value for one in figures(at=at) if one.name == name}


def made(at: datetime = FRIDAY, *, number: str = "L-1", **more: Any) -> Any:
    values = {"state": MessageState.SENT, "sent_at": at, "number": number, **more}
    return letter(owner(), "identity/letters/identifier", **values)


def batch(**fields: Any) -> LetterBatch:
    values = {
        "number": "LOT-2026-0009", "template": "", "office": "", "price_cents": 110, "prepared_at": FRIDAY,
        "prepared_by": "elise.morvan", "count": 3,
    }  # fmt: skip
    return LetterBatch.objects.create(**{**values, **fields})


APPROVED: dict[str, Any] = {"state": BatchState.APPROVED, "approved_at": FRIDAY, "approved_by": "victor.salaun"}
HANDED: dict[str, Any] = {**APPROVED, "made_at": FRIDAY, "state": BatchState.HANDED_OVER, "handed_over_at": FRIDAY}


def test_letters_nobody_batches_ring_after_a_working_day() -> None:
    made()
    made(MONDAY, number="L-2")
    assert rung(MONDAY) == []
    (alarm,) = rung(TUESDAY)
    assert alarm.title == "1\u00a0lettre attend un lot depuis plus d’un jour ouvré"
    assert "17/07/2026" in alarm.sentence
    assert alarm.url == reverse("agent-letters")
    assert told("parvis_letters_late", TUESDAY) == {"ready": 1, "prepared": 0, "approved": 0, "handed_over": 0}


def test_a_password_is_ready_once_its_identifier_was_posted_long_enough_ago() -> None:
    posted = batch(**{**HANDED, "state": BatchState.POSTED, "posted_on": date(2026, 7, 17)})
    first = made(batch=posted)
    made(number="L-2", after=first, after_delay=timedelta(days=3))
    assert rung(TUESDAY) == [], "ready on Monday"
    (alarm,) = rung(TUESDAY + timedelta(days=1))
    assert "20/07/2026" in alarm.sentence


@pytest.mark.parametrize(
    ("fields", "title", "state", "rings"),
    [
        ({}, "attend une validation", "prepared", TUESDAY),
        (APPROVED, "n’est toujours pas écrit", "approved", TUESDAY),
        (APPROVED | {"made_at": FRIDAY}, "n’est pas envoyé à l’éditique", "approved", TUESDAY),
        (HANDED, "n’est pas posté", "handed_over", THURSDAY),
    ],
    ids=["prepared", "approved", "made", "handed over"],
)
def test_a_batch_nobody_takes_further_rings(fields: dict[str, Any], title: str, state: str, rings: datetime) -> None:
    one = batch(**fields)
    assert rung(rings - timedelta(days=1)) == []
    (alarm,) = rung(rings)
    assert alarm.title == f"Le lot {one.number} {title}"
    assert alarm.sentence
    assert alarm.url == reverse("agent-batch", args=[one.number])
    assert told("parvis_letters_late", rings)[state] == 3


def test_a_batch_posted_or_abandoned_rings_no_more() -> None:
    batch(**{**HANDED, "state": BatchState.POSTED, "posted_on": date(2026, 7, 17)})
    batch(number="LOT-2026-0010", state=BatchState.ABANDONED)
    assert rung(FRIDAY + timedelta(days=30)) == []


def lost_twice() -> Account:
    """One letter a day, and two landlords who ask for theirs."""
    change("letters_a_day", 1, by=system("test"), at=FRIDAY)
    first, second = owner(), owner()
    for someone in (first, second):
        alone(someone)
        found = addressee_of(someone.account)
        assert found is not None
        number = someone.landlord.third_party_numbers.get().user_number
        lost_mailbox.ask_letter(number, found[1], address="203.0.113.9", at=FRIDAY)
    return second.account


def test_the_letters_of_the_day_used_up_ring_that_day_with_the_hour_of_the_next() -> None:
    assert told("parvis_letters_exhausted", FRIDAY) == {"": 0}
    lost_twice()
    (alarm,) = (alarm for alarm in rung(FRIDAY + timedelta(hours=20)) if alarm.icon == "lock")
    assert (alarm.kind, alarm.title) == ("bad", EXHAUSTED)
    assert "Jusqu’au 18/07/2026 à 11 h 00" in alarm.sentence.replace("\u00a0", " ")
    assert alarm.url == reverse("agent-parameters")
    assert told("parvis_letters_exhausted", FRIDAY + timedelta(hours=20)) == {"": 1}
    assert EXHAUSTED not in {alarm.title for alarm in rung(FRIDAY + timedelta(hours=25))}


def test_they_ring_for_a_day_after_the_refusal_however_soon_they_begin_again() -> None:
    change("letters_a_day", 1, by=system("test"), at=FRIDAY)
    account = owner().account
    assert credentials.may_write_today(account, at=FRIDAY)
    assert not credentials.may_write_today(account, at=FRIDAY + timedelta(hours=23))
    (alarm,) = rung(FRIDAY + timedelta(hours=40))
    assert "Elles le peuvent à nouveau." in alarm.sentence
    assert rung(FRIDAY + timedelta(hours=48)) == []


def test_what_an_agent_is_refused_rings_though_it_leaves_nothing_in_the_journal() -> None:
    change("letters_a_day", 1, by=system("test"), at=FRIDAY)
    someone = owner()
    alone(someone)
    assert credentials.may_write_today(someone.account, at=FRIDAY)
    clerk = colleague((Role.RECEPTION, "441")).actor
    with pytest.raises(ActNotPossible):
        lost_mailbox.send_letter(
            someone.landlord.pk, someone.account.reference, reason="call", by=clerk, at=FRIDAY + timedelta(hours=1)
        )
    (alarm,) = rung(FRIDAY + timedelta(hours=2))
    assert alarm.title == EXHAUSTED
