"""An administrator removed by another comes back by an agent, for seven days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState
from parvis.kit.actors import Right, operator, system
from parvis.kit.refusals import ActNotPossible
from parvis.landlords.models import Habilitation, RemovedAdministrator, SuspendedRight, ThirdPartyNumber
from parvis.landlords.rules import Wish
from parvis.landlords.services.supervision import removing, suspending
from parvis.landlords.services.users.closing import close_access
from parvis.landlords.services.users.rights import change_rights
from tests.factories.landlords import Owner, office
from tests.factories.users import OFTEN, administrator, line, moment, seen

pytestmark = pytest.mark.django_db
AGENT = operator("agent-1")
WHY = "Vol d’accès signalé par le gérant"


def _removed(*, closed: bool) -> tuple[Owner, Owner]:
    """One administrator who removed the other."""
    me = administrator()
    paul = administrator(me, first_name="Paul", last_name="Girard")
    if closed:
        close_access(paul.account.reference, seen=seen(me, paul), by=me.actor, at=moment())
    else:
        change_rights(paul.account.reference, Wish(OFTEN), seen=seen(me, paul), by=me.actor, at=moment())
    return me, paul


@pytest.mark.parametrize("closed", [True, False])
def test_it_is_announced_and_an_agent_reverses_it(closed: bool) -> None:
    me, paul = _removed(closed=closed)
    told = set(Message.objects.values_list("template", flat=True))
    assert {"landlords/emails/administrator_removed", "landlords/letters/administrator_removed"} <= told
    removing.reverse(me.landlord.pk, paul.account.reference, reason=WHY, by=AGENT, at=moment() + timedelta(days=6))
    assert Account.objects.get(pk=paul.account.pk).state == AccountState.ACTIVE
    assert Right.ADMINISTER in line(me, paul).rights
    assert Right.BANK_DETAILS in line(me, paul).rights
    assert Right.ADMINISTER in line(me, me).rights
    with pytest.raises(ActNotPossible):
        removing.reverse(me.landlord.pk, paul.account.reference, reason=WHY, by=AGENT, at=moment())


def test_after_seven_days_it_stands() -> None:
    me, paul = _removed(closed=True)
    with pytest.raises(ActNotPossible, match="délai"):
        removing.reverse(me.landlord.pk, paul.account.reference, reason=WHY, by=AGENT, at=moment() + timedelta(days=8))
    assert not RemovedAdministrator.objects.exclude(reversed_at=None).exists()


def test_closing_a_user_who_does_not_administer_is_no_removal() -> None:
    me, paul = _removed(closed=False)
    RemovedAdministrator.objects.all().delete()
    close_access(paul.account.reference, seen=seen(me, paul), by=me.actor, at=moment())
    assert not RemovedAdministrator.objects.exists()


def test_what_the_office_suspended_does_not_come_back_with_the_role() -> None:
    me, paul = _removed(closed=False)
    key = (me.landlord.pk, paul.account.reference)
    suspending.suspend_right(*key, Right.DECLARE, reason=WHY, by=AGENT, at=moment())
    removing.reverse(*key, reason=WHY, by=AGENT, at=moment())
    assert Right.ADMINISTER in line(me, paul).rights
    assert Right.DECLARE not in line(me, paul).rights


def test_an_office_that_withdrew_since_gives_it_back_first() -> None:
    me, paul = _removed(closed=False)
    ThirdPartyNumber.objects.create(
        office=office("751", "Caf de Paris"), number="7654321", landlord=me.landlord,
        user_number=f"751{me.landlord.third_party_numbers.get().user_number[3:]}", address_1="1 rue", postcode="75001", city="PARIS",
    )  # fmt: skip
    key = (me.landlord.pk, paul.account.reference)
    suspending.withdraw_delegation(*key, "751", reason=WHY, by=AGENT, at=moment())
    with pytest.raises(ActNotPossible, match="Rendez-les d’abord"):
        removing.reverse(*key, reason=WHY, by=AGENT, at=moment())
    assert line(me, paul).offices == ("441",)
    suspending.give_delegation_back(*key, "751", reason=WHY, by=AGENT, at=moment())
    removing.reverse(*key, reason=WHY, by=AGENT, at=moment())
    assert Right.ADMINISTER in line(me, paul).rights


def test_whose_role_the_office_has_suspended_since_is_not_told_to_administer_again() -> None:
    me, paul = _removed(closed=False)
    change_rights(paul.account.reference, Wish(me.rights), seen=seen(me, paul), by=me.actor, at=moment())
    key = (me.landlord.pk, paul.account.reference)
    suspending.suspend_right(*key, Right.ADMINISTER, reason=WHY, by=AGENT, at=moment())
    with pytest.raises(ActNotPossible, match="Rendez-les d’abord"):
        removing.reverse(*key, reason=WHY, by=AGENT, at=moment())
    assert not Message.objects.filter(template="landlords/emails/removal_reversed").exists()


def test_rights_that_slept_wake_with_the_role() -> None:
    me, paul = _removed(closed=False)
    row = Habilitation.objects.filter(account=paul.account, ended_at=None, right=Right.DECLARE).get()
    suspending.take(paul.account, row, by_office=False, reason="", by=system("worker"), at=moment())
    removing.reverse(me.landlord.pk, paul.account.reference, reason=WHY, by=AGENT, at=moment())
    assert Right.DECLARE in line(me, paul).rights
    assert not SuspendedRight.objects.filter(lifted_at=None).exists()
