"""A new administrator confirmed by two agents appoints and removes at once; one agent alone changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from parvis.agents.posts import Role
from parvis.agents.services import people
from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.services.access import freezing
from parvis.kit.actors import Actor, ActorKind, Duty, Right, operator
from parvis.kit.refusals import ActNotPossible, DutyMissing, NotIndependent
from parvis.landlords.models import AdministratorConfirmation, AfterReplacement, Habilitation
from parvis.landlords.refusals import NotYetAppointing
from parvis.landlords.rules import Wish
from parvis.landlords.services.role import by_office, confirming
from parvis.landlords.services.users.rights import change_rights
from parvis.upkeep import restoring
from tests.factories.agents import colleague as agent
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment, seen
from tests.landlords.role.test_by_office import PROOF
from tests.landlords.role.test_role import administers

pytestmark = pytest.mark.django_db
ONE, TWO = (operator(name) for name in ("agent-1", "agent-2"))
WHY = "K-bis lu, gérant rappelé au siège"
ALL = OFTEN | {Right.ADMINISTER}


def newcomer() -> Owner:
    """Whoever came first, an hour ago."""
    me = administrator()
    Habilitation.objects.filter(account=me.account).update(granted_at=moment() - timedelta(hours=1))
    return me


def confirm(me: Owner, by: Actor) -> bool:
    return confirming.confirm(me.landlord.pk, me.account.reference, reason=WHY, by=by, at=moment())


def appoints(me: Owner, paul: Owner) -> None:
    change_rights(paul.account.reference, Wish(ALL), seen=seen(me, paul), by=me.actor, at=moment())


def test_one_agent_proposes_and_nothing_changes() -> None:
    me = newcomer()
    paul = colleague(me, rights=OFTEN)
    assert not confirm(me, ONE)
    with pytest.raises(NotYetAppointing):
        appoints(me, paul)
    with pytest.raises(ActNotPossible, match="deux agents"):
        confirm(me, ONE)
    assert not Message.objects.exists()


def test_confirmed_by_another_they_appoint_at_once_and_are_told() -> None:
    me = newcomer()
    paul = colleague(me, rights=OFTEN)
    confirm(me, ONE)
    assert confirm(me, TWO)
    appoints(me, paul)
    assert administers(paul)
    told = Message.objects.get(template="landlords/emails/administrator_confirmed")
    assert told.to_email == me.account.credential.email
    lines = Entry.objects.filter(event__contains="onfirm").order_by("pk")
    assert list(lines.values_list("event", "actor_label", "subject", "details__reason")) == [
        ("landlords.confirmation_proposed", "agent-1", me.account.login_id, WHY),
        ("landlords.administrator_confirmed", "agent-2", me.account.login_id, WHY),
    ]


def test_it_is_worth_the_time_in_the_role_and_no_more() -> None:
    me = newcomer()
    paul = colleague(me, rights=OFTEN)
    confirm(me, ONE)
    confirm(me, TWO)
    Habilitation.objects.filter(account=me.account, right="administer").update(granted_at=moment())
    with pytest.raises(NotYetAppointing):
        appoints(me, paul)
    assert not confirm(me, TWO)


def test_who_proposed_in_a_former_time_has_not_proposed_this_one() -> None:
    me = newcomer()
    confirm(me, ONE)
    Habilitation.objects.filter(account=me.account, right="administer").update(granted_at=moment())
    assert not confirm(me, TWO)
    assert AdministratorConfirmation.objects.get().proposed_by == "agent-2"


def test_there_is_nothing_to_confirm_of_who_waits_no_more_or_does_not_administer() -> None:
    me = administrator()
    with pytest.raises(ActNotPossible, match="rien à confirmer"):
        confirm(me, ONE)
    with pytest.raises(ActNotPossible, match="n’administre pas"):
        confirm(colleague(me, rights=OFTEN), ONE)
    sure = newcomer()
    confirm(sure, ONE)
    confirm(sure, TWO)
    with pytest.raises(ActNotPossible, match="rien à confirmer"):
        confirm(sure, operator("agent-3"))


def test_among_several_administrators_a_new_one_waits() -> None:
    me = newcomer()
    confirm(me, ONE)
    administrator(me, first_name="Paul", last_name="Girard")
    with pytest.raises(ActNotPossible, match="plusieurs administrateurs"):
        confirm(me, TWO)


def test_who_is_blocked_or_being_replaced_is_not_confirmed() -> None:
    me = newcomer()
    confirm(me, ONE)
    freezing.freeze_own(me.account.credential_id, by=me.actor, at=moment())
    with pytest.raises(ActNotPossible, match="bloqué"):
        confirm(me, TWO)
    other = newcomer()
    lea = colleague(other, "Léa", "Roy", rights=OFTEN)
    wanted = by_office.Wanted(other.account.reference, AfterReplacement.USER, lea.account.reference)
    by_office.open_replacement(other.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=moment())
    with pytest.raises(ActNotPossible, match="remplacement est en cours"):
        confirm(other, ONE)


def test_both_agents_hold_the_duty_and_are_independent() -> None:
    me = newcomer()
    confirm(me, ONE)
    duties = frozenset({(Duty.REPLACE_ADMINISTRATORS, "")})
    with pytest.raises(NotIndependent):
        confirm(me, Actor(ActorKind.AGENT, "agent-3", duties=duties, kin=frozenset({"agent-1"})))
    with pytest.raises(DutyMissing):
        confirm(me, Actor(ActorKind.AGENT, "agent-4", duties=frozenset({(Duty.REPLACE_ADMINISTRATORS, "751")})))
    with pytest.raises(ActNotPossible, match="agent de la caisse"):
        confirm(me, me.actor)


def test_the_first_voice_of_an_agent_whose_access_is_closed_counts_no_more() -> None:
    me, first, boss = newcomer(), agent((Role.RIGHTS_OFFICER, "")), agent()
    assert not confirm(me, replace(ONE, label=first.actor.label))
    people.close(first.agent.reference, by=boss.actor, at=moment())
    assert not confirm(me, TWO), "it is the first voice now"
    assert AdministratorConfirmation.objects.get().proposed_by == TWO.label


def test_the_database_itself_wants_two() -> None:
    me = newcomer()
    confirm(me, ONE)
    rows = AdministratorConfirmation.objects.filter(account=me.account)
    for nobody in ("", "agent-1"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(confirmed_at=moment(), confirmed_by=nobody)


def test_restored_a_proposal_is_made_again() -> None:
    me = newcomer()
    confirm(me, ONE)
    restoring._end_approvals(moment())
    assert not confirm(me, TWO)
