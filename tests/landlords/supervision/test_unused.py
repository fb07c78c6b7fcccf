"""Rights that nobody uses sleep, are announced to sleep, and are woken in a click."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.identity.models import Account
from parvis.kit.actors import Right, system
from parvis.landlords.models import Habilitation, SuspendedRight
from parvis.landlords.rules import Wish
from parvis.landlords.services.supervision import unused
from parvis.landlords.services.users.rights import change_rights
from parvis.parameters.services import change
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, line, moment, seen

pytestmark = pytest.mark.django_db
WORKER = system("worker")
SOON, GONE = "landlords/emails/rights_unused_soon", "landlords/emails/rights_unused"


def _away(who: Owner, days: int) -> Owner:
    """Somebody who has not come for so many days."""
    at = moment() - timedelta(days=days)
    Account.objects.filter(pk=who.account.pk).update(opened_at=at, last_signed_in_at=at)
    Habilitation.objects.filter(account=who.account).update(granted_at=at)
    return who


def _run(days: int = 0) -> tuple[int, int]:
    at = moment() + timedelta(days=days)
    return unused.suspend(by=WORKER, at=at), unused.tell_soon(by=WORKER, at=at)


def test_told_a_month_before_then_suspended_then_woken() -> None:
    me = administrator()
    paul = _away(colleague(me, rights=OFTEN), 375)
    assert _run(-35) == (0, 1)
    assert _run(-35) == (0, 0)
    assert Message.objects.filter(template=SOON, account_id=paul.account.pk).count() == 1
    assert line(me, paul).rights == OFTEN
    assert _run(-4) == (1, 0)
    assert _run(-3) == (0, 0)
    assert line(me, paul).rights == set()
    told = set(Message.objects.exclude(template=SOON).values_list("template", "account_id"))
    assert told == {(GONE, paul.account.pk), ("landlords/emails/rights_unused_others", me.account.pk)}
    assert unused.give_back(paul.account.reference, by=me.actor, at=moment())
    assert not unused.give_back(paul.account.reference, by=me.actor, at=moment())
    assert line(me, paul).rights == OFTEN
    assert _run() == (0, 0)


def test_long_away_at_first_one_still_has_a_month() -> None:
    me = administrator()
    paul = _away(colleague(me, rights=OFTEN), 900)
    assert _run() == (0, 1)
    assert _run(29) == (0, 0)
    assert line(me, paul).rights == OFTEN
    assert _run(31)[0] == 1


def test_who_comes_back_in_time_keeps_everything() -> None:
    me = administrator()
    paul = _away(colleague(me, rights=OFTEN), 340)
    assert _run() == (0, 1)
    Account.objects.filter(pk=paul.account.pk).update(last_signed_in_at=moment())
    assert _run(40) == (0, 0)
    assert line(me, paul).rights == OFTEN


def test_an_administrator_sleeps_only_where_another_comes() -> None:
    me = _away(administrator(), 400)
    paul = _away(administrator(me, first_name="Paul", last_name="Girard"), 400)
    assert _run() == (0, 0)
    Account.objects.filter(pk=paul.account.pk).update(last_signed_in_at=moment())
    assert _run(-35) == (0, 1)
    assert _run(-4) == (1, 0)
    assert Right.ADMINISTER not in line(paul, me).rights
    assert unused.give_back(me.account.reference, by=paul.actor, at=moment())
    assert Right.ADMINISTER in line(paul, me).rights


def test_giving_a_sleeping_right_by_hand_wakes_it() -> None:
    me = administrator()
    paul = _away(colleague(me, rights=OFTEN), 400)
    _run(-35)
    _run(-4)
    wish = Wish(frozenset({Right.CONSULT}))
    change_rights(paul.account.reference, wish, seen=seen(me, paul), by=me.actor, at=moment())
    assert set(SuspendedRight.objects.filter(lifted_at=None).values_list("right", flat=True)) == {"declare"}
    assert line(me, paul).rights == {Right.CONSULT}


def test_the_times_are_the_office_s() -> None:
    change("rights_unused", 200, by=WORKER, at=moment())
    me = administrator()
    _away(colleague(me, rights=OFTEN), 180)
    assert _run() == (0, 1)


def test_one_organisation_in_the_way_stops_no_other() -> None:
    stuck, other = (_away(colleague(administrator(), rights=OFTEN), 400) for _ in range(2))
    assert _run(-35) == (0, 2)
    # A right that is held and said to sleep: whatever left it so, it is its organisation's affair.
    SuspendedRight.objects.create(
        account=stuck.account, right=Right.DECLARE, by_office=False, suspended_at=moment(), suspended_by="worker"
    )
    assert _run() == (1, 0)
    assert not Habilitation.objects.filter(account=other.account, ended_at=None).exists()
    assert Habilitation.objects.filter(account=stuck.account, ended_at=None).count() == 2
