"""A replacement that waits: what stops it, who may do it, what becomes of the one replaced."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState
from parvis.identity.services import invited
from parvis.identity.services.access import freezing
from parvis.kit.actors import operator, system
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotFound
from parvis.landlords.models import AdministratorReplacement, AfterHandOver, Habilitation, HandOver, ReplacementState
from parvis.landlords.selectors.role import role_of, successor_of
from parvis.landlords.services.role import deputy, handing_over, replacing
from parvis.parameters.services import change
from tests.factories.identity import session_of
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment
from tests.identity.test_races import at_once
from tests.landlords.role.test_role import administers

pytestmark = pytest.mark.django_db
WORKER = system("worker")
ONE, TWO = (operator(name) for name in ("agent-1", "agent-2"))
WHY = "Pouvoir signé vérifié"
LATE = timedelta(days=11)


def asked(*, with_deputy: bool = False) -> tuple[Owner, Owner, Owner]:
    """An administrator, a colleague (deputy or not), another who asks."""
    me = administrator()
    paul, lea = colleague(me, rights=OFTEN), colleague(me, "Léa", "Roy")
    if with_deputy:
        deputy.set_deputy(paul.account.reference, True, by=me.actor, at=moment())
    replacing.ask("Il est parti.", by=lea.actor, at=moment())
    return me, paul, lea


def test_an_administrator_who_names_a_deputy_is_there() -> None:
    me, paul, _ = asked()
    later = moment() + timedelta(days=40)
    deputy.set_deputy(paul.account.reference, True, by=me.actor, at=later)
    assert replacing.promote_deputies(by=WORKER, at=later + LATE) == 0
    assert administers(me)


def test_an_administrator_who_offers_the_role_is_there() -> None:
    me, paul, _ = asked()
    session = session_of(me.account, at=moment(), code=True)
    handing_over.ask(session, paul.account.reference, AfterHandOver.USER, by=me.actor, at=moment())
    assert AdministratorReplacement.objects.get().state == ReplacementState.REFUSED


def test_a_deputy_who_may_not_enter_takes_nothing_over() -> None:
    me, paul, _ = asked(with_deputy=True)
    freezing.freeze_own(paul.account.credential_id, by=paul.actor, at=moment())
    assert replacing.promote_deputies(by=WORKER, at=moment() + LATE) == 0
    assert administers(me)


def test_a_deputy_who_administers_already_does_not_replace_themself() -> None:
    me = administrator()
    paul, lea = administrator(me, first_name="Paul", last_name="Girard"), colleague(me, "Léa", "Roy")
    deputy.set_deputy(paul.account.reference, True, by=me.actor, at=moment())
    replacing.ask("Ils sont partis.", by=lea.actor, at=moment())
    assert not role_of(lea.actor, at=moment()).has_successor
    assert replacing.promote_deputies(by=WORKER, at=moment() + LATE) == 0
    assert administers(me)
    replacing.propose(lea.account.login_id, reason=WHY, by=ONE, at=moment())
    replacing.approve(lea.account.login_id, reason=WHY, by=TWO, at=moment() + LATE)
    assert [administers(who) for who in (me, paul, lea)] == [False, False, True]


def test_whoever_is_replaced_comes_back_without_the_role() -> None:
    me, paul, _ = asked(with_deputy=True)
    freezing.freeze_own(me.account.credential_id, by=me.actor, at=moment())
    gone = administrator(me)
    invited.close_account(gone.account.pk, by=WORKER, at=moment())
    assert replacing.promote_deputies(by=WORKER, at=moment() + LATE) == 1
    freezing.unfreeze(me.account.login_id, reason="Rappelé", by=ONE, at=moment() + LATE)
    invited.reopen_account(gone.account.pk, by=WORKER, at=moment() + LATE)
    assert [administers(who) for who in (me, gone, paul)] == [False, False, True]


def test_the_offers_of_whoever_is_replaced_end() -> None:
    me, _, lea = asked(with_deputy=True)
    HandOver.objects.create(
        landlord=me.landlord,
        giver=me.account,
        taker=lea.account,
        giver_becomes=AfterHandOver.USER,
        offered_at=moment(),
        expires_at=moment() + timedelta(days=20),
    )
    assert replacing.promote_deputies(by=WORKER, at=moment() + LATE) == 1
    assert not HandOver.objects.filter(closed_at=None).exists()


def test_asking_twice_is_asking_once() -> None:
    _, _, lea = asked()
    letters = Message.objects.filter(template="landlords/letters/replacement_asked")
    again = replacing.ask("Il est parti.", by=lea.actor, at=moment())
    assert (AdministratorReplacement.objects.get().pk, letters.count()) == (again.pk, 1)


@pytest.mark.parametrize("name", ["agent-1", "Agent-1", " AGENT - 1 "])
def test_one_agent_written_twice_is_one_agent(name: str) -> None:
    me, _, lea = asked()
    replacing.propose(lea.account.login_id, reason=WHY, by=ONE, at=moment())
    with pytest.raises(ActNotPossible, match="deux agents"):
        replacing.approve(lea.account.login_id, reason=WHY, by=operator(name), at=moment() + LATE)
    assert administers(me)


@pytest.mark.parametrize(
    ("name", "reason"), [("", WHY), ("  ", WHY), ("a" * 61, WHY), ("agent", " "), ("agent", "a" * 401)]
)
def test_an_agent_has_a_name_and_a_reason(name: str, reason: str) -> None:
    _, _, lea = asked()
    with pytest.raises(ActNotPossible, match="Indiquez"):
        replacing.propose(lea.account.login_id, reason=reason, by=operator(name), at=moment())
    assert AdministratorReplacement.objects.get().state == ReplacementState.ASKED


def test_both_reasons_are_in_the_journal() -> None:
    _, _, lea = asked()
    replacing.propose(lea.account.login_id, reason="K-bis lu", by=ONE, at=moment())
    replacing.approve(lea.account.login_id, reason="Pouvoir lu", by=TWO, at=moment() + LATE)
    told = Entry.objects.filter(actor_kind="agent", event__startswith="landlords.replacement_").order_by("pk")
    assert [(entry.actor_label, entry.details["reason"]) for entry in told] == [
        ("agent-1", "K-bis lu"),
        ("agent-2", "Pouvoir lu"),
    ]


def test_agents_leave_it_to_the_deputy_where_there_is_one() -> None:
    _, _, lea = asked(with_deputy=True)
    with pytest.raises(ActNotPossible, match="a un suppléant"):
        replacing.propose(lea.account.login_id, reason=WHY, by=ONE, at=moment())


def test_whoever_asked_and_lost_their_access_gets_nothing() -> None:
    me, _, lea = asked()
    replacing.propose(lea.account.login_id, reason=WHY, by=ONE, at=moment())
    freezing.freeze_own(lea.account.credential_id, by=lea.actor, at=moment())
    with pytest.raises(NotFound):
        replacing.approve(lea.account.login_id, reason=WHY, by=TWO, at=moment() + LATE)
    assert administers(me)


@pytest.mark.django_db(transaction=True)
def test_of_the_letter_and_the_second_agent_at_once_one_is_first() -> None:
    for _ in range(5):
        me, _, lea = asked()
        waiting = AdministratorReplacement.objects.get(closed_at=None)
        with transaction.atomic():
            code = replacing.draw_code(waiting.pk, at=moment())["stop_code"].replace("-", "")
        replacing.propose(lea.account.login_id, reason=WHY, by=ONE, at=moment())

        def act(number: int, login: str = lea.account.login_id, code: str = code) -> bool:
            try:
                if number:
                    return replacing.stop(code, at=moment() + LATE)
                replacing.approve(login, reason=WHY, by=TWO, at=moment() + LATE)
            except (NotFound, ChangedMeanwhile):
                return False
            return True

        approved, stopped = at_once(2, act)
        assert approved != stopped
        assert (administers(me), administers(lea)) == (stopped, approved)


@pytest.mark.django_db(transaction=True)
def test_workers_that_run_at_once_promote_once() -> None:
    asked(with_deputy=True)
    assert sum(at_once(5, lambda _: replacing.promote_deputies(by=WORKER, at=moment() + LATE))) == 1
    assert Message.objects.filter(template="landlords/letters/administrator_changed").count() == 1


def test_the_commands_do_it(capsys: pytest.CaptureFixture[str]) -> None:
    me, paul, lea = asked(with_deputy=True)
    call_command("promote_deputies")
    assert "administrateurs\u00a0: 0." in capsys.readouterr().out
    AdministratorReplacement.objects.update(waits_until=moment() - timedelta(days=1))
    call_command("promote_deputies")
    assert "administrateurs\u00a0: 1." in capsys.readouterr().out
    assert (administers(me), administers(paul), administers(lea)) == (False, True, False)
    with pytest.raises(CommandError, match="--reason"):
        call_command("replace_administrator", "propose", lea.account.login_id, "--agent", "agent-1")


def test_the_one_replaced_is_told_how_long_nobody_answered() -> None:
    change("administrator_replaced_after", 20, by=WORKER, at=moment())
    asked(with_deputy=True)
    assert replacing.promote_deputies(by=WORKER, at=moment() + timedelta(days=21)) == 1
    told = Message.objects.filter(template="landlords/emails/administrator_changed")
    assert {message.context["because"] for message in told} == {"Personne n’a répondu en 20\u00a0jours."}


def test_nobody_is_left_with_half_a_role() -> None:
    me, paul, _ = asked(with_deputy=True)
    replacing.promote_deputies(by=WORKER, at=moment() + LATE)
    assert Account.objects.get(pk=me.account.pk).state == AccountState.ACTIVE
    assert successor_of(me.landlord.pk, at=moment() + LATE) is None
    held = set(Habilitation.objects.filter(account=paul.account, ended_at=None).values_list("right", flat=True))
    assert {"consult", "declare", "payments", "administer"} <= held
