"""One right suspended by an agent, a delegation withdrawn: no administrator gives them back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.kit.actors import Actor, ActorKind, Duty, Right, operator
from parvis.kit.refusals import ActNotPossible, DutyMissing
from parvis.landlords.models import Habilitation, SuspendedRight, ThirdPartyNumber
from parvis.landlords.refusals import NoReasonGiven, RightsNotPossible, SoleAdministrator
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.role import may_take
from parvis.landlords.services.role import appointing
from parvis.landlords.services.supervision import suspending
from parvis.landlords.services.users.rights import change_rights
from tests.factories.landlords import Owner, office
from tests.factories.users import OFTEN, administrator, colleague, line, moment, seen

pytestmark = pytest.mark.django_db
AGENT = operator("agent-1")
WHY = "Contrôle en cours"


def _suspend(who: Owner, right: Right = Right.DECLARE) -> bool:
    return suspending.suspend_right(who.landlord.pk, who.account.reference, right, reason=WHY, by=AGENT, at=moment())


def _two() -> tuple[Owner, Owner]:
    me = administrator()
    return me, colleague(me, rights=OFTEN)


def test_the_right_is_gone_at_once_and_all_are_told() -> None:
    me, paul = _two()
    assert _suspend(paul)
    assert line(me, paul).rights == {Right.CONSULT}
    told = set(Message.objects.values_list("template", "account_id"))
    assert told == {
        ("landlords/emails/right_suspended", paul.account.pk),
        ("landlords/emails/user_changed", me.account.pk),
    }
    noted = Entry.objects.get(event="landlords.right_suspended")
    assert (noted.subject, noted.details) == (paul.account.login_id, {"right": "declare", "reason": WHY})
    assert not _suspend(paul)


def test_no_administrator_gives_it_back() -> None:
    me, paul = _two()
    _suspend(paul)
    with pytest.raises(RightsNotPossible, match="Suspendu par votre caisse"):
        change_rights(paul.account.reference, Wish(OFTEN), seen=seen(me, paul), by=me.actor, at=moment())
    change_rights(
        paul.account.reference,
        Wish(frozenset({Right.CONSULT, Right.PAYMENTS})),
        seen=seen(me, paul),
        by=me.actor,
        at=moment(),
    )
    assert line(me, paul).rights == {Right.CONSULT, Right.PAYMENTS}


def test_an_agent_gives_it_back_as_it_was() -> None:
    me, paul = _two()
    end = moment() + timedelta(days=40)
    Habilitation.objects.filter(account=paul.account, right="declare").update(ended_at=end)
    _suspend(paul)
    suspending.give_right_back(me.landlord.pk, paul.account.reference, Right.DECLARE, reason=WHY, by=AGENT, at=moment())
    assert Habilitation.objects.get(account=paul.account, right="declare", ended_at__gt=moment()).ended_at == end
    assert not SuspendedRight.objects.filter(lifted_at=None).exists()
    with pytest.raises(ActNotPossible, match="pas suspendu"):
        suspending.give_right_back(
            me.landlord.pk, paul.account.reference, Right.DECLARE, reason=WHY, by=AGENT, at=moment()
        )


def test_a_right_that_has_ended_meanwhile_does_not_come_back() -> None:
    me, paul = _two()
    Habilitation.objects.filter(account=paul.account, right="declare").update(ended_at=moment() + timedelta(days=1))
    _suspend(paul)
    late = moment() + timedelta(days=2)
    suspending.give_right_back(me.landlord.pk, paul.account.reference, Right.DECLARE, reason=WHY, by=AGENT, at=late)
    assert Right.DECLARE not in line(me, paul).rights


def test_what_others_rest_on_and_the_only_administrator_stay() -> None:
    me, paul = _two()
    with pytest.raises(ActNotPossible, match="reposent"):
        _suspend(paul, Right.CONSULT)
    with pytest.raises(ActNotPossible, match="n’a pas ce droit"):
        _suspend(paul, Right.PAYMENTS)
    with pytest.raises(SoleAdministrator):
        _suspend(me, Right.ADMINISTER)


def test_whose_role_is_suspended_is_given_it_by_nobody() -> None:
    me = administrator()
    other = administrator(me, first_name="Paul", last_name="Girard")
    assert _suspend(other, Right.ADMINISTER)
    assert not may_take(other.account)
    appointing.appoint(other.account, me.landlord, by=me.actor, at=moment())
    assert Right.ADMINISTER not in line(me, other).rights


def test_who_suspends_holds_the_duty_there_and_says_why() -> None:
    _, paul = _two()
    elsewhere = Actor(ActorKind.AGENT, "a", duties=frozenset({(Duty.SUSPEND_ACCOUNTS, "751")}))
    for by, why, refusal in (
        (elsewhere, WHY, DutyMissing),
        (paul.actor, WHY, DutyMissing),
        (AGENT, " ", NoReasonGiven),
    ):
        with pytest.raises(refusal):
            suspending.suspend_right(
                paul.landlord.pk, paul.account.reference, Right.DECLARE, reason=why, by=by, at=moment()
            )
    assert not SuspendedRight.objects.exists()


class TestDelegation:
    """An office no longer lets somebody act for it; the others still do."""

    @staticmethod
    def _at_two() -> tuple[Owner, Owner]:
        me, paul = _two()
        ThirdPartyNumber.objects.create(
            office=office("751", "Caf de Paris"), number="7654321", landlord=me.landlord,
            user_number=f"751{me.landlord.third_party_numbers.get().user_number[3:]}", address_1="1 rue", postcode="75001", city="PARIS",
        )  # fmt: skip
        return me, paul

    def _withdraw(self, who: Owner, code: str = "441") -> bool:
        return suspending.withdraw_delegation(
            who.landlord.pk, who.account.reference, code, reason=WHY, by=AGENT, at=moment()
        )

    def test_the_other_offices_stay(self) -> None:
        me, paul = self._at_two()
        assert self._withdraw(paul)
        assert not self._withdraw(paul)
        assert line(me, paul).offices == ("751",)
        assert line(me, paul).rights == OFTEN
        told = Message.objects.get(template="landlords/emails/delegation_withdrawn")
        assert told.context["withdrawn"] == "Caf de la Loire-Atlantique"

    def test_no_administrator_lets_them_back(self) -> None:
        me, paul = self._at_two()
        self._withdraw(paul)
        for offices in (frozenset[str](), frozenset({"441"}), frozenset({"441", "751"})):
            wish, shown = Wish(OFTEN, offices), seen(me, paul)
            with pytest.raises(RightsNotPossible, match="ne peut plus agir"):
                change_rights(paul.account.reference, wish, seen=shown, by=me.actor, at=moment())
        suspending.give_delegation_back(
            me.landlord.pk, paul.account.reference, "441", reason=WHY, by=AGENT, at=moment()
        )
        assert line(me, paul).offices == ()

    def test_an_office_they_never_acted_for_is_none_to_withdraw(self) -> None:
        me, paul = self._at_two()
        change_rights(
            paul.account.reference, Wish(OFTEN, frozenset({"441"})), seen=seen(me, paul), by=me.actor, at=moment()
        )
        for code in ("751", "999"):
            with pytest.raises(ActNotPossible, match="n’agit pas pour cette caisse"):
                self._withdraw(paul, code)
        assert line(me, paul).offices == ("441",)

    def test_given_back_they_act_for_no_more_than_before(self) -> None:
        me, paul = self._at_two()
        both = frozenset({"441", "751"})
        change_rights(paul.account.reference, Wish(OFTEN, both), seen=seen(me, paul), by=me.actor, at=moment())
        self._withdraw(paul, "751")
        suspending.give_delegation_back(
            me.landlord.pk, paul.account.reference, "751", reason=WHY, by=AGENT, at=moment()
        )
        # Named one by one, they are no promise of those that come later.
        assert line(me, paul).offices == ("441", "751")

    def test_the_only_office_and_administrators_are_suspended_otherwise(self) -> None:
        me, paul = _two()
        with pytest.raises(ActNotPossible, match="seule caisse"):
            self._withdraw(paul)
        me, _ = self._at_two()
        with pytest.raises(ActNotPossible, match="toutes les caisses"):
            self._withdraw(me)

    def test_an_agent_withdraws_for_their_own_office_alone(self) -> None:
        _, paul = self._at_two()
        by = Actor(ActorKind.AGENT, "a", duties=frozenset({(Duty.SUSPEND_ACCOUNTS, "751")}))
        with pytest.raises(DutyMissing):
            suspending.withdraw_delegation(
                paul.landlord.pk, paul.account.reference, "441", reason=WHY, by=by, at=moment()
            )
        assert suspending.withdraw_delegation(
            paul.landlord.pk, paul.account.reference, "751", reason=WHY, by=by, at=moment()
        )
