"""The administrator's role: never lost, handed over under a code, replaced when nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState
from parvis.identity.services.access import pending
from parvis.identity.services.codes import Verdict
from parvis.kit.actors import Right, operator, system
from parvis.kit.refusals import ActNotPossible, NotAllowed
from parvis.landlords.models import AdministratorReplacement, AfterHandOver, Habilitation, HandOver
from parvis.landlords.refusals import NotYourself
from parvis.landlords.services.rights import grant_first_rights
from parvis.landlords.services.role import deputy, handing_over, replacing
from parvis.parameters.catalogue import ADMINISTRATOR_REPLACED_AFTER
from parvis.parameters.selectors import duration
from tests.factories.identity import code_received, deliver, member, session_of
from tests.factories.landlords import Owner, landlord
from tests.factories.users import OFTEN, administrator, colleague, moment
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db


def administers(who: Owner) -> bool:
    held = Habilitation.objects.filter(account=who.account, right="administer", ended_at=None)
    return held.exists() and Account.objects.get(pk=who.account.pk).state == AccountState.ACTIVE


def ends(who: Owner) -> None:
    Habilitation.objects.filter(account=who.account, right="administer").update(ended_at=moment())


@transaction.atomic
def loses(me: Owner, how: str) -> None:
    """Lose an administrator in one of the ways the database knows, and ask its rules at once."""
    if how == "end":
        ends(me)
    elif how == "delete":
        Habilitation.objects.filter(account=me.account, right="administer").delete()
    else:
        Account.objects.filter(pk=me.account.pk).update(state=AccountState.DISABLED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("how", ["end", "delete", "disable"])
def test_the_database_refuses_to_lose_the_last_administrator(how: str) -> None:
    me = administrator()
    with pytest.raises(IntegrityError, match="would have no administrator"):
        loses(me, how)
    assert administers(me)


def test_it_lets_go_of_one_of_two() -> None:
    me = administrator()
    other = administrator(me)
    loses(other, "end")
    assert (administers(me), administers(other)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_removed_at_once_by_hand_leave_exactly_one() -> None:
    me = administrator()
    both = [me, administrator(me)]

    def remove(number: int) -> bool:
        try:
            with transaction.atomic():
                ends(both[number])
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(2, remove)) == [False, True]
    assert sorted(administers(who) for who in both) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_finish_first_at_once_one_becomes_administrator() -> None:
    of = landlord()
    people = [member(of.partner) for _ in range(50)]
    by = system("test")

    def finish(number: int) -> bool:
        return grant_first_rights(people[number], at=moment(), by=by)

    assert at_once(50, finish).count(True) == 1
    assert Habilitation.objects.filter(account__partner=of.partner, right="administer").count() == 1


def test_a_deputy_is_named_by_an_administrator_and_told() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    assert deputy.set_deputy(paul.account.reference, True, by=me.actor, at=moment())
    assert not deputy.set_deputy(paul.account.reference, True, by=me.actor, at=moment())
    assert Account.objects.get(pk=paul.account.pk).membership.is_deputy
    assert [message.subject for message in deliver(moment())] == ["Vous êtes suppléant"]
    with pytest.raises(NotYourself):
        deputy.set_deputy(me.account.reference, True, by=me.actor, at=moment())
    with pytest.raises(NotAllowed):
        deputy.set_deputy(me.account.reference, True, by=paul.actor, at=moment())


def offered(me: Owner, paul: Owner, becomes: AfterHandOver) -> None:
    session = session_of(me.account, at=moment(), code=True)
    change = handing_over.ask(session, paul.account.reference, becomes, by=me.actor, at=moment())
    assert handing_over.offer(change, session, "000000", by=me.actor, at=moment()).verdict is Verdict.WRONG
    assert not HandOver.objects.exists()
    assert (
        handing_over.offer(change, session, code_received(moment()), by=me.actor, at=moment()).verdict is Verdict.RIGHT
    )


@pytest.mark.parametrize("becomes", list(AfterHandOver))
def test_the_role_changes_hands_when_the_other_accepts_and_not_before(becomes: AfterHandOver) -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    offered(me, paul, becomes)
    assert (administers(me), administers(paul)) == (True, False)
    assert not handing_over.accept(by=me.actor, at=moment())
    assert handing_over.accept(by=paul.actor, at=moment())
    assert not handing_over.accept(by=paul.actor, at=moment())
    assert (administers(me), administers(paul)) == (False, True)
    account = Account.objects.get(pk=me.account.pk)
    assert (account.state == AccountState.DISABLED) == (becomes is AfterHandOver.LEAVES)
    if becomes is AfterHandOver.DEPUTY:
        assert account.membership.is_deputy
    letter = Message.objects.get(channel="letter")
    assert letter.template == "landlords/letters/administrator_changed"


def test_an_offer_is_declined_withdrawn_and_forgets_itself() -> None:
    me = administrator()
    paul, lea = colleague(me, rights=OFTEN), colleague(me, "Léa", "Roy")
    offered(me, paul, AfterHandOver.USER)
    with pytest.raises(ActNotPossible, match="attend déjà"):
        handing_over.ask(
            session_of(me.account, at=moment()), lea.account.reference, AfterHandOver.USER, by=me.actor, at=moment()
        )
    assert not handing_over.decline(by=lea.actor, at=moment())
    assert handing_over.decline(by=paul.actor, at=moment())
    assert not handing_over.accept(by=paul.actor, at=moment())
    Message.objects.all().delete()
    later = moment() + timedelta(days=1)
    session = session_of(me.account, at=later, code=True)
    change = handing_over.ask(session, paul.account.reference, AfterHandOver.USER, by=me.actor, at=later)
    handing_over.offer(change, session, code_received(later), by=me.actor, at=later)
    assert not handing_over.accept(by=paul.actor, at=later + timedelta(days=8))
    assert administers(me)
    assert pending.live(session.pk, by=me.actor, at=later) is None


def test_the_deputy_takes_over_after_ten_days_without_answer() -> None:
    me = administrator()
    paul, lea = colleague(me, rights=OFTEN), colleague(me, "Léa", "Roy")
    deputy.set_deputy(paul.account.reference, True, by=me.actor, at=moment())
    replacing.ask("Il est parti.", by=lea.actor, at=moment())
    with pytest.raises(ActNotPossible, match="déjà demandé"):
        replacing.ask("Encore.", by=paul.actor, at=moment())
    by = system("worker")
    assert replacing.promote_deputies(by=by, at=moment() + timedelta(days=9)) == 0
    assert replacing.promote_deputies(by=by, at=moment() + timedelta(days=11)) == 1
    assert replacing.promote_deputies(by=by, at=moment() + timedelta(days=11)) == 0
    assert (administers(me), administers(paul), administers(lea)) == (False, True, False)


def test_the_administrator_or_the_letter_stops_it() -> None:
    me = administrator()
    lea = colleague(me)
    replacing.ask("Il est parti.", by=lea.actor, at=moment())
    assert not replacing.still_here(by=lea.actor, at=moment())
    assert replacing.still_here(by=me.actor, at=moment())
    with pytest.raises(ActNotPossible, match="vient de s’y opposer"):
        replacing.ask("Vraiment.", by=lea.actor, at=moment())
    again = replacing.ask("Vraiment.", by=lea.actor, at=moment() + duration(ADMINISTRATOR_REPLACED_AFTER))
    code = replacing.draw_code(again.pk, at=moment())["stop_code"].replace("-", "")
    assert not replacing.stop("AAAAAAAAAA", at=moment())
    assert replacing.stop(code, at=moment())
    assert not replacing.stop(code, at=moment())
    assert administers(me)


def test_without_deputy_two_agents_are_needed_and_ten_days() -> None:
    me = administrator()
    lea = colleague(me)
    replacing.ask("Il est parti.", by=lea.actor, at=moment())
    login, late = lea.account.login_id, moment() + timedelta(days=11)
    one, two = (operator(name) for name in ("agent-1", "agent-2"))
    with pytest.raises(ActNotPossible, match="premier agent"):
        replacing.approve(login, reason="Pouvoir signé vérifié", by=two, at=late)
    with pytest.raises(ActNotPossible, match="agent de la caisse"):
        replacing.propose(login, reason="Pouvoir signé vérifié", by=lea.actor, at=moment())
    replacing.propose(login, reason="Pouvoir signé vérifié", by=one, at=moment())
    with pytest.raises(ActNotPossible, match="deux agents"):
        replacing.approve(login, reason="Pouvoir signé vérifié", by=one, at=late)
    with pytest.raises(ActNotPossible, match="s’y opposer"):
        replacing.approve(login, reason="Pouvoir signé vérifié", by=two, at=moment())
    replacing.approve(login, reason="Pouvoir signé vérifié", by=two, at=late)
    assert (administers(me), administers(lea)) == (False, True)
    assert AdministratorReplacement.objects.get().approved_by == "agent-2"


def test_the_command_says_why_not() -> None:
    with pytest.raises(CommandError, match="Aucun remplacement"):
        call_command("replace_administrator", "propose", "LOG000000A", "--agent", "agent-1", "--reason", "K-bis")


def test_whoever_administers_asks_for_no_replacement() -> None:
    me = administrator()
    assert Right.ADMINISTER in me.rights
    with pytest.raises(ActNotPossible, match="Transmettre le rôle"):
        replacing.ask("Moi.", by=me.actor, at=moment())
