"""An administrator replaced on a paper: two agents, time to say no, then the role moves by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState
from parvis.identity.services.access import freezing
from parvis.kit.actors import Actor, ActorKind, Duty, operator, system
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, DutyMissing, NotFound, NotIndependent
from parvis.landlords.models import (
    AdministratorReplacement,
    AfterReplacement,
    Habilitation,
    Invitation,
    ReplacementPaper,
    ReplacementState,
)
from parvis.landlords.selectors.for_agents.replacements import replacements_of
from parvis.landlords.selectors.role import role_of
from parvis.landlords.services.role import by_office, deputy, replacing, succeeding
from parvis.landlords.services.users.inviting import Guest
from parvis.parameters.services import change
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment
from tests.identity.test_races import at_once
from tests.landlords.role.test_role import administers
from tests.landlords.test_inviting import came

pytestmark = pytest.mark.django_db
WORKER = system("worker")
ONE, TWO = (operator(name) for name in ("agent-1", "agent-2"))
WHY = "Pouvoir signé vérifié"
LATE = timedelta(days=11)
PROOF = by_office.Proof("k-bis.pdf", "application/pdf", b"%PDF-1.7 un extrait")
NOUR = Guest("Nour", "Benali", "nour.benali@habitat.example")


def opened(
    *, becomes: AfterReplacement = AfterReplacement.USER, guest: Guest | None = None, agreed: bool = True
) -> tuple[Owner, Owner]:
    """An administrator who is replaced, and the user who replaces them (or stands by, where a newcomer does)."""
    me = administrator()
    lea = colleague(me, "Léa", "Roy", rights=OFTEN)
    successor = "" if guest else lea.account.reference
    wanted = by_office.Wanted(me.account.reference, becomes, successor, guest)
    by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=moment())
    if agreed:
        by_office.agree(me.landlord.pk, reason=WHY, by=TWO, at=moment())
    return me, lea


def test_one_agent_alone_changes_nothing_and_tells_nobody() -> None:
    me, lea = opened(agreed=False)
    assert succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 0
    assert (administers(me), administers(lea)) == (True, False)
    assert not Message.objects.exists()
    assert role_of(me.actor, at=moment()).replacement is None
    assert not replacing.still_here(by=me.actor, at=moment())


def test_two_agents_and_ten_days_later_the_role_has_moved() -> None:
    me, lea = opened()
    told = set(Message.objects.values_list("template", "account_id"))
    assert told == {
        ("landlords/emails/replacement_opened", me.account.pk),
        ("landlords/emails/replacement_named", lea.account.pk),
        ("landlords/letters/replacement_opened", me.account.pk),
    }
    assert succeeding.succeed_due(by=WORKER, at=moment() + timedelta(days=9)) == 0
    assert succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 1
    assert succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 0
    assert (administers(me), administers(lea)) == (False, True)
    assert Account.objects.get(pk=me.account.pk).state == AccountState.ACTIVE
    done = Entry.objects.filter(event__startswith="landlords.").order_by("pk").values_list("event", "actor_label")
    assert list(done) == [
        ("landlords.replacement_opened", "agent-1"),
        ("landlords.replacement_agreed", "agent-2"),
        ("landlords.administrator_replaced", "worker"),
    ]


def test_whoever_leaves_has_no_access_any_more_and_is_told() -> None:
    me, lea = opened(becomes=AfterReplacement.CLOSED)
    succeeding.succeed_due(by=WORKER, at=moment() + LATE)
    assert Account.objects.get(pk=me.account.pk).state == AccountState.DISABLED
    assert administers(lea)
    last = Message.objects.get(template="landlords/emails/administrator_changed", account_id=me.account.pk)
    assert last.context["leaves"] is True


def test_the_others_who_administer_stay_unless_all_are_replaced() -> None:
    me = administrator()
    paul, lea = administrator(me, first_name="Paul", last_name="Girard"), colleague(me, "Léa", "Roy", rights=OFTEN)
    for former, stays in ((me.account.reference, True), ("", False)):
        with transaction.atomic():
            wanted = by_office.Wanted(former, AfterReplacement.USER, lea.account.reference)
            by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=moment())
            by_office.agree(me.landlord.pk, reason=WHY, by=TWO, at=moment())
            succeeding.succeed_due(by=WORKER, at=moment() + LATE)
            assert (administers(me), administers(paul), administers(lea)) == (False, stays, True)
            transaction.set_rollback(True)


def test_an_organisation_frozen_out_is_given_an_administrator() -> None:
    me, lea = opened()
    freezing.freeze_own(me.account.credential_id, by=me.actor, at=moment())
    assert succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 1
    assert administers(lea)


def test_working_in_the_portal_is_no_objection_but_saying_so_is() -> None:
    me, lea = opened()
    deputy.set_deputy(lea.account.reference, True, by=me.actor, at=moment())
    assert AdministratorReplacement.objects.get().state == ReplacementState.AGREED
    assert replacing.still_here(by=me.actor, at=moment())
    stopped = AdministratorReplacement.objects.get()
    assert (stopped.state, stopped.closed_by) == (ReplacementState.REFUSED, me.account.login_id)
    assert Message.objects.filter(template="landlords/emails/replacement_stopped", account_id=lea.account.pk).exists()
    assert succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 0


def test_the_code_of_the_letter_stops_it() -> None:
    me, _ = opened()
    with transaction.atomic():
        code = replacing.draw_code(AdministratorReplacement.objects.get().pk, at=moment())["stop_code"]
    assert replacing.stop(code.replace("-", ""), at=moment())
    assert administers(me)
    assert AdministratorReplacement.objects.get().state == ReplacementState.REFUSED


def test_an_objection_said_to_an_agent_is_kept_in_words() -> None:
    me, _ = opened()
    by_office.note_objection(me.landlord.pk, reason="Le gérant appelle", by=ONE, at=moment())
    (sheet,) = replacements_of(me.landlord.pk, at=moment())
    assert (sheet.objection, sheet.closed_by, sheet.is_live) == ("Le gérant appelle", "agent-1", False)
    with pytest.raises(NotFound):
        by_office.note_objection(me.landlord.pk, reason="Encore", by=ONE, at=moment())


class TestNewcomers:
    """A person who is not a user yet is invited once nobody has objected, and takes over at their first sign-in."""

    def test_nothing_exists_of_them_before(self) -> None:
        me, _ = opened(guest=NOUR)
        named = Message.objects.get(template="landlords/emails/replacement_named")
        assert (named.to_email, named.context["is_invited"]) == (NOUR.email, True)
        assert not Account.objects.filter(last_name="Benali").exists()
        assert not Invitation.objects.exists()
        assert administers(me)

    def _invited(self, becomes: AfterReplacement = AfterReplacement.USER) -> tuple[Owner, Account, datetime]:
        me, _ = opened(guest=NOUR, becomes=becomes)
        at = moment() + LATE
        assert succeeding.succeed_due(by=WORKER, at=at) == 1
        assert succeeding.succeed_due(by=WORKER, at=at) == 0
        nour = Account.objects.get(last_name="Benali")
        assert administers(me)
        return me, nour, at

    def test_they_take_over_as_they_come(self) -> None:
        me, nour, at = self._invited(AfterReplacement.CLOSED)
        came(nour, email=NOUR.email, at=at)
        held = set(Habilitation.objects.filter(account=nour, ended_at=None).values_list("right", flat=True))
        assert {"consult", "declare", "payments", "bank_details", "administer"} <= held
        assert not administers(me)
        assert Account.objects.get(pk=me.account.pk).state == AccountState.DISABLED
        assert AdministratorReplacement.objects.get().state == ReplacementState.DONE

    def test_by_another_mailbox_they_take_nothing_over_then_or_later(self) -> None:
        me, nour, at = self._invited()
        came(nour, email="autre@agence.example", at=at)
        succeeding.succeed_due(by=WORKER, at=at + timedelta(days=1))
        assert not Habilitation.objects.filter(account=nour, right="administer").exists()
        assert administers(me)

    def test_too_late_the_invitation_gives_nothing_at_once(self) -> None:
        me, nour, at = self._invited()
        came(nour, email=NOUR.email, at=at + timedelta(days=40))
        assert not Habilitation.objects.filter(account=nour, right="administer").exists()
        assert administers(me)

    def test_stopped_meanwhile_the_invitation_is_worth_nothing(self) -> None:
        me, nour, at = self._invited()
        assert replacing.still_here(by=me.actor, at=at)
        with pytest.raises(ChangedMeanwhile):
            came(nour, email=NOUR.email, at=at)
        assert not Habilitation.objects.filter(account=nour).exists()
        assert administers(me)

    def test_an_invitation_too_old_is_sent_again_by_an_agent(self) -> None:
        me, nour, at = self._invited()
        late = at + timedelta(days=40)
        (sheet,) = replacements_of(me.landlord.pk, at=late)
        assert "Renvoyez-la" in sheet.awaits
        succeeding.send_again(me.landlord.pk, reason=WHY, by=ONE, at=late)
        assert Invitation.objects.filter(account=nour, cancelled_at=None).count() == 1
        came(nour, email=NOUR.email, at=late)
        assert not administers(me)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (by_office.Wanted("X", AfterReplacement.USER, "Y"), "n’administre pas"),
        (by_office.Wanted("", AfterReplacement.USER, "Y"), "un autre utilisateur"),
        (by_office.Wanted("", AfterReplacement.USER, guest=Guest(" ", "B", "a@b.example")), "prénom"),
    ],
)
def test_nobody_is_replaced_by_nobody(wanted: by_office.Wanted, sentence: str) -> None:
    me = administrator()
    with pytest.raises(ActNotPossible, match=sentence):
        by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=moment())
    assert not ReplacementPaper.objects.exists()


def test_who_administers_already_or_cannot_enter_replaces_nobody() -> None:
    me = administrator()
    paul, lea = administrator(me, first_name="Paul", last_name="Girard"), colleague(me, "Léa", "Roy")
    freezing.freeze_own(lea.account.credential_id, by=lea.actor, at=moment())
    for who, sentence in ((paul, "administre déjà"), (lea, "s’être connectée")):
        wanted = by_office.Wanted(me.account.reference, AfterReplacement.USER, who.account.reference)
        with pytest.raises(ActNotPossible, match=sentence):
            by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=moment())


def test_one_at_a_time_whoever_began_it() -> None:
    me, lea = opened()
    wanted = by_office.Wanted(me.account.reference, AfterReplacement.USER, lea.account.reference)
    with pytest.raises(ActNotPossible, match="déjà en cours"):
        by_office.open_replacement(me.landlord.pk, wanted, PROOF, reason=WHY, by=ONE, at=moment())
    with pytest.raises(ActNotPossible, match="déjà demandé"):
        replacing.ask("Il est parti.", by=lea.actor, at=moment())


def test_the_second_agent_is_another_and_independent() -> None:
    me, _ = opened(agreed=False)
    with pytest.raises(ActNotPossible, match="deux agents"):
        by_office.agree(me.landlord.pk, reason=WHY, by=ONE, at=moment())
    kin = Actor(
        ActorKind.AGENT,
        "agent-3",
        duties=frozenset({(Duty.REPLACE_ADMINISTRATORS, "")}),
        kin=frozenset({"agent-1"}),
    )
    with pytest.raises(NotIndependent):
        by_office.agree(me.landlord.pk, reason=WHY, by=kin, at=moment())
    elsewhere = Actor(ActorKind.AGENT, "agent-4", duties=frozenset({(Duty.REPLACE_ADMINISTRATORS, "751")}))
    with pytest.raises(DutyMissing):
        by_office.agree(me.landlord.pk, reason=WHY, by=elsewhere, at=moment())
    by_office.agree(me.landlord.pk, reason=WHY, by=TWO, at=moment())
    with pytest.raises(ChangedMeanwhile):
        by_office.agree(me.landlord.pk, reason=WHY, by=operator("agent-5"), at=moment())


def test_the_delay_is_the_office_s() -> None:
    change("administrator_replaced_after", 20, by=WORKER, at=moment())
    opened()
    assert succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 0
    assert succeeding.succeed_due(by=WORKER, at=moment() + timedelta(days=21)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_an_objection_and_the_clock_at_once_one_is_first() -> None:
    for _ in range(4):
        me, lea = opened()

        def act(number: int, me: Owner = me) -> bool:
            if number:
                return succeeding.succeed_due(by=WORKER, at=moment() + LATE) == 1
            return replacing.still_here(by=me.actor, at=moment() + LATE)

        stopped, moved = at_once(2, act)
        assert stopped != moved
        assert (administers(me), administers(lea)) == (stopped, moved)
