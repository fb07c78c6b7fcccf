"""A held delivery passes when one agent asked and another agreed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.exchange.models import Delivery
from parvis.exchange.refusals import AlreadyAsked, NoSuchDelivery, NotHeld, ReasonMissing, SecondAgentNeeded
from parvis.exchange.services import releasing
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import DutyMissing, Refusal
from tests.exchange.inbox import AT, COMPANY, LANDLORD, Inbox
from tests.factories.agents import SQUARE, colleague
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(furnished: Inbox) -> Inbox:
    """A second delivery whose full file would end one landlord in two."""
    assert furnished.take(2, {"landlords": [COMPANY]}, mode="full").state == "held"
    return furnished


def test_one_asks_another_agrees_and_it_goes_on(held: Inbox) -> None:
    asker, other = colleague().actor, colleague().actor
    releasing.ask(2, reason=" Départ vu avec le producteur ", by=asker, at=AT)
    assert held.take_in()[-1].state == "held", "asking alone changes nothing"
    releasing.agree(2, by=other, at=AT)
    assert held.take_in()[-1].state == "loaded"
    delivery = Delivery.objects.get(sequence=2)
    assert (delivery.asked_by, delivery.released_by) == (asker.label, other.label)
    told = Entry.objects.get(event="exchange.released")
    assert told.details == {"reason": "Départ vu avec le producteur", "asked_by": asker.label}


def test_who_asks_does_not_agree(held: Inbox) -> None:
    asker = colleague().actor
    releasing.ask(2, reason="Oui", by=asker, at=AT)
    with pytest.raises(SecondAgentNeeded):
        releasing.agree(2, by=asker, at=AT)
    assert Delivery.objects.get(sequence=2).state == "held"


def test_what_nobody_asked_is_not_agreed_to(held: Inbox) -> None:
    with pytest.raises(NotHeld):
        releasing.agree(2, by=colleague().actor, at=AT)


def test_what_cannot_be_asked(held: Inbox) -> None:
    asker = colleague().actor
    for reason in ("", "  ", "x" * 301, "\0"):
        with pytest.raises(ReasonMissing):
            releasing.ask(2, reason=reason, by=asker, at=AT)
    with pytest.raises(NotHeld):
        releasing.ask(1, reason="Oui", by=asker, at=AT)
    with pytest.raises(NoSuchDelivery):
        releasing.ask(9, reason="Oui", by=asker, at=AT)
    releasing.ask(2, reason="Oui", by=asker, at=AT)
    with pytest.raises(AlreadyAsked):
        releasing.ask(2, reason="Encore", by=colleague().actor, at=AT)
    assert Delivery.objects.get(sequence=2).release_reason == "Oui"


def test_what_was_asked_is_taken_back(held: Inbox) -> None:
    asker = colleague().actor
    releasing.ask(2, reason="Oui", by=asker, at=AT)
    releasing.withdraw(2, by=asker, at=AT)
    with pytest.raises(NotHeld):
        releasing.withdraw(2, by=asker, at=AT)
    with pytest.raises(NotHeld):
        releasing.agree(2, by=colleague().actor, at=AT)


def test_a_delivery_made_anew_must_be_asked_for_anew(held: Inbox) -> None:
    releasing.ask(2, reason="Oui", by=colleague().actor, at=AT)
    assert held.take(2, {"landlords": [LANDLORD]}, mode="full").state == "held"
    with pytest.raises(NotHeld):
        releasing.agree(2, by=colleague().actor, at=AT)


@pytest.mark.parametrize("act", ["ask", "withdraw", "agree", "release"])
@pytest.mark.parametrize(("role", "office"), SQUARE)
def test_only_who_runs_the_feeds_may(held: Inbox, role: Role, office: str, act: str) -> None:
    someone = colleague((role, office)).actor
    if act in ("withdraw", "agree"):
        releasing.ask(2, reason="Oui", by=colleague().actor, at=AT)
    acts: dict[str, Callable[[Actor], None]] = {
        "ask": lambda by: releasing.ask(2, reason="Oui", by=by, at=AT),
        "withdraw": lambda by: releasing.withdraw(2, by=by, at=AT),
        "agree": lambda by: releasing.agree(2, by=by, at=AT),
        "release": lambda by: releasing.release(2, reason="Oui", by=by, at=AT),
    }
    if Duty.RUN_FEEDS in DUTIES[role] and act != "release":
        acts[act](someone)
    else:
        before = Delivery.objects.get(sequence=2)
        with pytest.raises(DutyMissing):
            acts[act](someone)
        assert Delivery.objects.filter(pk=before.pk, state="held", asked_by=before.asked_by).exists()


@pytest.mark.django_db(transaction=True)
def test_asked_by_six_at_once_one_asks(held: Inbox) -> None:
    agents = [colleague().actor for _ in range(6)]

    def ask(number: int) -> str:
        try:
            releasing.ask(2, reason="Oui", by=agents[number], at=AT)
        except Refusal as refusal:
            return type(refusal).__name__
        return "asked"

    assert sorted(at_once(6, ask)) == ["AlreadyAsked"] * 5 + ["asked"]
