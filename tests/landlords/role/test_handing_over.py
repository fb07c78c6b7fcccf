"""An offer of the role lives as long as those between whom it was made may enter, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.identity.models import Credential, PendingChange
from parvis.identity.services import invited
from parvis.identity.services.access import freezing
from parvis.kit.actors import Right, system
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from parvis.landlords.models import AfterHandOver, Habilitation, HandOver
from parvis.landlords.selectors.role import role_of
from parvis.landlords.services.role import handing_over, replacing
from tests.factories.identity import deliver, session_of
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment
from tests.identity.test_races import at_once
from tests.landlords.role.test_role import administers, offered

pytestmark = pytest.mark.django_db
AGENT = system("agent")


def frozen(who: Owner) -> None:
    freezing.freeze_own(who.account.credential_id, by=who.actor, at=moment())


def frozen_and_opened_again(who: Owner) -> None:
    frozen(who)
    assert freezing.unfreeze(who.account.login_id, reason="Rappelé", by=AGENT, at=moment())


def closed(who: Owner) -> None:
    assert invited.close_account(who.account.pk, by=AGENT, at=moment())


def closed_and_opened_again(who: Owner) -> None:
    closed(who)
    assert invited.reopen_account(who.account.pk, by=AGENT, at=moment())


def relieved(who: Owner) -> None:
    Habilitation.objects.filter(account=who.account, right=Right.ADMINISTER).update(ended_at=moment())


LOSES = [frozen, frozen_and_opened_again, closed, closed_and_opened_again, relieved]


@pytest.mark.parametrize("loses", LOSES, ids=lambda how: how.__name__)
def test_an_offer_ends_with_the_access_or_the_role_of_who_made_it(loses: Callable[[Owner], None]) -> None:
    me = administrator()
    other, paul = administrator(me), colleague(me, rights=OFTEN)
    offered(me, paul, AfterHandOver.USER)
    loses(me)
    assert not HandOver.objects.filter(closed_at=None).exists()
    assert role_of(paul.actor, at=moment()).offer is None
    assert not handing_over.accept(by=paul.actor, at=moment())
    assert (administers(other), administers(paul)) == (True, False)


@pytest.mark.parametrize("loses", LOSES[:4], ids=lambda how: how.__name__)
def test_an_offer_ends_with_the_access_of_who_received_it(loses: Callable[[Owner], None]) -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    offered(me, paul, AfterHandOver.USER)
    loses(paul)
    assert not handing_over.accept(by=paul.actor, at=moment())
    assert (administers(me), administers(paul)) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_of_not_me_and_accepting_at_once_one_is_first_and_nothing_is_half_done() -> None:
    for _ in range(5):
        me = administrator()
        paul = colleague(me, rights=OFTEN)
        HandOver.objects.create(
            landlord=me.landlord,
            giver=me.account,
            taker=paul.account,
            giver_becomes=AfterHandOver.LEAVES,
            offered_at=moment(),
            expires_at=moment() + timedelta(days=7),
        )

        def act(number: int, me: Owner = me, paul: Owner = paul) -> bool:
            if number:
                frozen(me)
                return True
            try:
                return handing_over.accept(by=paul.actor, at=moment())
            except ChangedMeanwhile:
                return False

        accepted, _ = at_once(2, act)
        assert Credential.objects.get(pk=me.account.credential_id).frozen_at is not None
        assert (administers(me), administers(paul)) == (not accepted, accepted)


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_accept_once() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    offered(me, paul, AfterHandOver.USER)
    assert at_once(10, lambda _: handing_over.accept(by=paul.actor, at=moment())).count(True) == 1
    assert Message.objects.filter(template="landlords/letters/administrator_changed").count() == 1
    assert Habilitation.objects.filter(account=paul.account, right="administer").count() == 1


def test_saying_it_twice_asks_one_code() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    session = session_of(me.account, at=moment(), code=True)
    first, again = (
        handing_over.ask(session, paul.account.reference, AfterHandOver.USER, by=me.actor, at=moment())
        for _ in range(2)
    )
    assert (first.pk, PendingChange.objects.count(), Message.objects.count()) == (again.pk, 1, 1)


def test_the_other_administrators_are_told_and_may_stop_it() -> None:
    me = administrator()
    eve, paul = administrator(me, first_name="Ève", last_name="Petit"), colleague(me, rights=OFTEN)
    offered(me, paul, AfterHandOver.USER)
    told = {(mail.to[0], mail.subject) for mail in deliver(moment())}
    addresses = {who: Credential.objects.get(pk=who.account.credential_id).email for who in (me, eve, paul)}
    assert (addresses[eve], "Vos utilisateurs\u00a0: un changement") in told
    assert (addresses[paul], "Claire Martin vous transmet son rôle") in told
    assert handing_over.decline(by=eve.actor, at=moment())
    cancelled = deliver(moment())
    assert {mail.to[0] for mail in cancelled} == {addresses[me], addresses[paul]}
    assert all("a annulé la transmission" in str(mail.body) for mail in cancelled)


def test_accepting_ends_a_replacement_so_that_the_giver_does_not_get_the_role_back() -> None:
    me = administrator()
    paul, lea = colleague(me, rights=OFTEN), colleague(me, "Léa", "Roy")
    offered(me, paul, AfterHandOver.DEPUTY)
    replacing.ask("Il est parti.", by=lea.actor, at=moment())
    assert handing_over.accept(by=paul.actor, at=moment())
    assert replacing.promote_deputies(by=AGENT, at=moment() + timedelta(days=11)) == 0
    assert (administers(me), administers(paul)) == (False, True)


def test_without_a_proved_mailbox_nobody_gives_or_takes_the_role() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    for nameless, why in ((paul, "validé son adresse"), (me, "Validez d’abord")):
        own = Credential.objects.filter(pk=nameless.account.credential_id)
        kept = own.values("email", "email_proved_at").get()
        own.update(email=None, email_proved_at=None)
        with pytest.raises(ActNotPossible, match=why):
            handing_over.ask(
                session_of(me.account, at=moment()),
                paul.account.reference,
                AfterHandOver.USER,
                by=me.actor,
                at=moment(),
            )
        own.update(**kept)
    assert not Message.objects.exists()
